"""The one-line grammar, case by case. Wednesday 10 March 2027, 11:00 in Berlin."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from analytics.quicklog import ParsedLog, Role, name_key, parse

BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2027, 3, 10, 11, 0, tzinfo=BERLIN)


def at(year: int, month: int, day: int, hour: int = 12, minute: int = 0) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=BERLIN)


READ: dict[str, Callable[[ParsedLog], object]] = {
    "channel": lambda log: str(log.channel),
    "way": lambda log: str(log.direction),
    "people": lambda log: [name.text for name in log.people],
    "unsure": lambda log: [name.text for name in log.people if not name.sure],
    "orgs": lambda log: [name.text for name in log.organisations],
    "tone": lambda log: log.tone and (log.tone.word, log.tone.value),
    "tags": lambda log: list(log.tags),
    "commits": lambda log: [(str(c.side), c.due, c.text) for c in log.commitments],
    "commit_times": lambda log: [c.due_time for c in log.commitments],
    "next": lambda log: [(touch.due, touch.text) for touch in log.follow_ups],
    "next_times": lambda log: [touch.due_time for touch in log.follow_ups],
    "minutes": lambda log: log.minutes,
    "when": lambda log: log.happened_at,
    "precision": lambda log: str(log.happened_precision),
    "severity": lambda log: log.complaint and log.complaint.severity,
    "text": lambda log: log.text,
    "asks": lambda log: [finding.code for finding in log.questions],
    "errors": lambda log: [finding.code for finding in log.errors],
    "options": lambda log: [
        option.line for finding in (*log.questions, *log.errors) for option in finding.options
    ],
}

FRIDAY = date(2027, 3, 12)

CASES: list[tuple[str, dict[str, object]]] = [
    # the example of the specification
    (
        "call Ana Ruiz @Acme price rise angry !us by fri send quote #renewal",
        {"channel": "call", "way": "out", "people": ["Ana Ruiz"], "orgs": ["Acme"], "text": "price rise"}
        | {"tone": ("angry", -2), "tags": ["renewal"], "commits": [("ours", FRIDAY, "send quote")]}
        | {"asks": [], "errors": [], "when": NOW, "precision": "now", "unsure": []},
    ),
    # channel and direction
    ("called Ana Ruiz", {"channel": "call", "way": "out", "people": ["Ana Ruiz"], "text": ""}),
    ("called me Ana Ruiz", {"channel": "call", "way": "in", "people": ["Ana Ruiz"]}),
    ("call from Ana Ruiz about delivery", {"way": "in", "people": ["Ana Ruiz"], "text": "about delivery"}),
    ("Ana Ruiz called", {"channel": "call", "way": "in", "people": ["Ana Ruiz"], "unsure": [], "text": ""}),
    ("Ana called me angry", {"way": "in", "people": ["Ana"], "tone": ("angry", -2), "text": ""}),
    ("Ana met us @Acme", {"channel": "meeting", "way": "mutual", "people": ["Ana"], "orgs": ["Acme"]}),
    ("got a call from Ana", {"channel": "call", "way": "in", "people": ["Ana"]}),
    ("received letter Ana", {"channel": "letter", "way": "in"}),
    ("i sent an email to Ana", {"channel": "email", "way": "out", "people": ["Ana"]}),
    ("We met Ana", {"channel": "meeting", "way": "mutual", "people": ["Ana"]}),
    ("we agreed a price", {"channel": "note", "way": "mutual", "text": "we agreed a price"}),
    ("email Ana", {"channel": "email", "way": "out"}),
    ("Mail from Ana", {"channel": "email", "way": "in"}),
    ("met with Ana", {"channel": "meeting", "way": "mutual", "people": ["Ana"]}),
    ("visit from Ana", {"channel": "visit", "way": "in"}),
    ("visited Ana", {"channel": "visit", "way": "out"}),
    ("letter to Ana", {"channel": "letter", "way": "out"}),
    ("chat Ana", {"channel": "message", "way": "mutual"}),
    ("sms Ana", {"channel": "message", "way": "out"}),
    ("text from Ana", {"channel": "message", "way": "in"}),
    ("video call with Ana", {"channel": "video", "way": "mutual"}),
    ("social Ana liked our post", {"channel": "social", "text": "liked our post"}),
    ("event Spring Fair @Acme", {"channel": "event", "way": "mutual", "people": ["Spring Fair"]}),
    ("note: contract is in the safe", {"channel": "note", "text": "contract is in the safe"}),
    ("prices will rise", {"channel": "note", "text": "prices will rise", "people": []}),
    # people
    ('call "ana ruiz" price', {"people": ["ana ruiz"], "unsure": [], "text": "price"}),
    ("call “Ana Ruiz” price", {"people": ["Ana Ruiz"], "text": "price"}),
    ('call "" price', {"people": [], "text": '"" price'}),
    ("met Ana Ruiz and Ben Okafor @Acme", {"people": ["Ana Ruiz", "Ben Okafor"]}),
    ("met Ana, Ben & Dr Cem Öz @Acme", {"people": ["Ana", "Ben", "Cem Öz"]}),
    ('met "Ana" "Ben" price', {"people": ["Ana", "Ben"], "text": "price"}),
    ("met Ana and talked", {"people": ["Ana"], "text": "and talked"}),
    ("call Jan van der Berg price", {"people": ["Jan van der Berg"], "text": "price"}),
    ("call Jan van price", {"people": ["Jan"], "text": "van price"}),
    ("call Ana Maria Ruiz Lopez Price up", {"people": ["Ana Maria Ruiz Lopez"], "text": "Price up"}),
    ("call Ana I owe her a reply", {"people": ["Ana"], "text": "I owe her a reply"}),
    ("call Sun Wei @Acme", {"people": ["Sun Wei"]}),
    ("call 王芳 @Acme", {"people": ["王芳"]}),
    ("call Ana Monday 9am price", {"people": ["Ana"], "when": at(2027, 3, 8, 9), "text": "price"}),
    ("call ana ruiz @acme price", {"people": ["ana ruiz"], "unsure": ["ana ruiz"], "text": "price"}),
    ("call ana about price @acme", {"people": [], "text": "ana about price"}),
    ("call angry @acme", {"people": [], "tone": ("angry", -2)}),
    ("call ana yesterday @acme", {"people": [], "asks": ["when_or_text"]}),
    ("call @Acme Ana price", {"people": ["Ana"], "unsure": ["Ana"], "text": "price"}),
    ("call Ana @Acme Price up", {"people": ["Ana"], "text": "Price up"}),
    ("note Price list sent", {"people": ["Price"], "unsure": ["Price"], "text": "list sent"}),
    ("Ana Ruiz @Acme wants a quote", {"people": ["Ana Ruiz"], "unsure": [], "text": "wants a quote"}),
    ("Ana Ruiz wants a quote", {"people": ["Ana Ruiz"], "unsure": ["Ana Ruiz"]}),
    ("Prices will rise", {"people": [], "text": "Prices will rise"}),
    ("call - Ana", {"people": ["Ana"], "text": ""}),
    ("call Ana. Price too high", {"people": ["Ana"], "text": "Price too high"}),
    ("call J. Ruiz price", {"people": ["J. Ruiz"], "text": "price"}),
    ("letter to Ministry of Works confirming", {"people": ["Ministry of Works"], "text": "confirming"}),
    (
        "meeting at 9:30 with Ana @Acme budget",
        {"people": ["Ana"], "way": "mutual", "unsure": [], "text": "budget"},
    ),
    ("call 12m from Ana budget", {"people": ["Ana"], "way": "in", "minutes": 12, "text": "budget"}),
    ("call 12m with Ana budget", {"people": ["Ana"], "way": "out"}),
    ("call 12m from the road", {"people": [], "way": "out", "text": "from the road"}),
    ("email ana@acme.example the list", {"people": ["ana@acme.example"], "text": "the list"}),
    # organisations and tags
    ('call @"Acme Trading Ltd" price', {"orgs": ["Acme Trading Ltd"], "text": "price"}),
    ("call @Acme, @Beta. price", {"orgs": ["Acme", "Beta"], "text": "price"}),
    ("5 @ 20 EUR", {"orgs": [], "text": "5 @ 20 EUR"}),
    ("call Ana wrote to ana@acme.example", {"orgs": [], "text": "wrote to ana@acme.example"}),
    ('call @"Acme Tra', {"orgs": [], "errors": ["quote_not_closed"]}),
    ('call @"" price', {"orgs": [], "errors": ["name_missing"]}),
    ("call Ana #Renewal, #q3-review #renewal", {"tags": ["renewal", "q3-review"], "text": ""}),
    ("call Ana invoice #4411 # open", {"tags": [], "text": "invoice #4411 # open"}),
    # tone
    ("call Ana price rise, pleased.", {"tone": ("pleased", 1), "text": "price rise"}),
    ("call Ana not happy", {"tone": ("not happy", -1), "text": ""}),
    ("call Ana not very angry", {"tone": ("not angry", 0), "text": ""}),
    ("call Ana not here", {"tone": None, "text": "not here"}),
    ("call Ana was angry about the invoice", {"tone": ("angry", -2), "text": "was angry about the invoice"}),
    ("call Ana worried about stock", {"tone": ("worried", -1), "text": "worried about stock"}),
    ("call Ana ok to ship", {"tone": None, "text": "ok to ship"}),
    ("call Ana ok", {"tone": ("ok", 0)}),
    ("call Ana upset furious worried", {"tone": ("furious", -2)}),
    (
        "call Ana angry price delighted",
        {"asks": ["tone_ambiguous"], "tone": ("angry", -2)}
        | {"options": ['call Ana angry price "delighted"', 'call Ana "angry" price delighted']},
    ),
    # commitments
    ("!us by fri: send quote", {"commits": [("ours", FRIDAY, "send quote")], "text": ""}),
    ("!them by 3 May pay invoice", {"commits": [("theirs", date(2027, 5, 3), "pay invoice")]}),
    ("!both by 3 May 2028 renew", {"commits": [("mutual", date(2028, 5, 3), "renew")]}),
    ("!us fri send quote", {"commits": [("ours", FRIDAY, "send quote")]}),
    ("!us send quote by fri", {"commits": [("ours", FRIDAY, "send quote")]}),
    ("!us by wed send", {"commits": [("ours", date(2027, 3, 17), "send")]}),
    ("!us by today send", {"commits": [("ours", date(2027, 3, 10), "send")], "errors": []}),
    ("!us by fri 17:00 send", {"commits": [("ours", FRIDAY, "send")], "commit_times": [time(17)]}),
    ("!us by fri at 5pm send", {"commits": [("ours", FRIDAY, "send")], "commit_times": [time(17)]}),
    ("!us by 5pm send", {"commits": [("ours", date(2027, 3, 10), "send")], "commit_times": [time(17)]}),
    ("!us by 9am send", {"errors": ["due_in_past"]}),
    ("!us by 2027-03-09 send", {"errors": ["due_in_past"]}),
    (
        "!us by fri send quote; she agreed",
        {"commits": [("ours", FRIDAY, "send quote")], "text": "she agreed"},
    ),
    (
        "!us; by fri send",
        {"errors": ["commitment_without_text"], "asks": ["due_missing"], "text": "by fri send"},
    ),
    (
        "!us by fri send quote !them by mon pay order #4411 #renewal",
        {"commits": [("ours", FRIDAY, "send quote"), ("theirs", date(2027, 3, 15), "pay order #4411")]}
        | {"tags": ["renewal"]},
    ),
    ("!us send quote", {"asks": ["due_missing"], "commits": [("ours", None, "send quote")]}),
    ("!us send quote fri", {"asks": ["due_or_text"], "options": ["!us send quote by fri"]}),
    ("!us by fri", {"errors": ["commitment_without_text"]}),
    ("!us by fri ; price", {"errors": ["commitment_without_text"], "text": "price"}),
    ("!us", {"errors": ["commitment_without_text"], "asks": ["due_missing"]}),
    ("!us by courier send samples", {"errors": ["date_not_understood"]}),
    ("!you by fri send", {"errors": ["side_unknown"], "commits": []}),
    (
        "!us by 03/04 send",
        {"asks": ["date_ambiguous"], "commits": [("ours", None, "send")]}
        | {"options": ["!us by 2027-04-03 send", "!us by 2028-03-04 send"]},
    ),
    ("!us by 03/04 9am send", {"options": ["!us by 2027-04-03 09:00 send", "!us by 2028-03-04 09:00 send"]}),
    ("!us 03/04 send", {"options": ["!us 2027-04-03 send", "!us 2028-03-04 send"]}),
    ("!us by 13/04 send", {"commits": [("ours", date(2027, 4, 13), "send")], "asks": []}),
    ("!us by 31 feb send", {"errors": ["date_impossible"], "commits": [("ours", None, "send")]}),
    ("!us by 25:00 send", {"errors": ["time_impossible"]}),
    ("!us by 3 May 2101 send", {"errors": ["date_out_of_range"]}),
    ("!us by next fri send", {"asks": ["date_ambiguous"]}),
    # next touch
    ("call Ana >tue call back", {"next": [(date(2027, 3, 16), "call back")], "text": ""}),
    ("call Ana > tue call back", {"next": [(date(2027, 3, 16), "call back")]}),
    ("call Ana >3 May", {"next": [(date(2027, 5, 3), "")]}),
    ("call Ana >tue 10:00 call", {"next": [(date(2027, 3, 16), "call")], "next_times": [time(10)]}),
    ("call Ana >call back", {"asks": ["follow_up_without_date"], "next": [(None, "call back")]}),
    ("price >500 EUR", {"next": [], "text": "price > 500 EUR"}),
    ("price > cost", {"next": [], "text": "price > cost"}),
    ("call Ana price >", {"next": [], "text": "price >"}),
    ("call Ana follow up fri send list", {"next": [(FRIDAY, "send list")], "text": ""}),
    ("call Ana price follow-up on 3 May", {"next": [(date(2027, 5, 3), "")], "text": "price"}),
    ("call Ana follow up on the quote", {"next": [], "text": "follow up on the quote"}),
    ("call Ana >2027-03-01 call", {"errors": ["follow_up_in_past"]}),
    ("call Ana >in 3 days call; and price", {"next": [(date(2027, 3, 13), "call")], "text": "and price"}),
    # duration
    ("call Ana 12m price", {"minutes": 12, "text": "price"}),
    ("call Ana price 1h30", {"minutes": 90, "text": "price"}),
    ("met Ana 1h30m", {"minutes": 90}),
    ("met Ana 2h", {"minutes": 120}),
    ("met Ana 1.5h", {"minutes": 90}),
    ("call Ana for 20 min", {"minutes": 20, "text": ""}),
    ("call Ana for 12m", {"minutes": 12}),
    ("met Ana for an hour", {"minutes": 60}),
    ("met Ana for half an hour", {"minutes": 30}),
    ("met Ana for half an apple", {"minutes": None, "text": "for half an apple"}),
    ("met Ana for 1.5 hours", {"minutes": 90}),
    ("call Ana for 20 pallets", {"minutes": None, "text": "for 20 pallets"}),
    ("call Ana asks for samples", {"minutes": None, "text": "asks for samples"}),
    ("call Ana raised 12M", {"minutes": None, "text": "raised 12M"}),
    ("call Ana 0m", {"minutes": None, "text": "0m"}),
    ("call Ana 12m then 12 min", {"minutes": 12, "asks": []}),
    ("met Ana 30h", {"errors": ["duration_too_long"], "minutes": None}),
    (
        "call Ana 12m ask 30m",
        {"asks": ["duration_ambiguous"], "options": ['call Ana 12m ask "30m"', 'call Ana "12m" ask 30m']},
    ),
    ("call Ana 12m ask 12m", {"asks": [], "minutes": 12}),
    # complaint
    ("desk Ana returned the lamp", {"channel": "desk", "way": "in", "text": "returned the lamp"}),
    ("call Ana late again !!", {"severity": None, "text": "late again"}),
    ("call Ana late again !!high", {"severity": 4}),
    ("call Ana late !!2 !!critical !!", {"severity": 8}),
    ("call Ana late !!huge", {"errors": ["severity_unknown"]}),
    ("call Ana great!! wow !!! ! ok", {"text": "great!! wow !!! !", "errors": []}),
]

WHEN: list[tuple[str, dict[str, object]]] = [
    ("call Ana at 08:05", {"when": at(2027, 3, 10, 8, 5), "precision": "minute", "text": ""}),
    ("call Ana yesterday 14:00 price", {"when": at(2027, 3, 9, 14), "text": "price"}),
    ("yesterday at 14:00 call Ana", {"when": at(2027, 3, 9, 14), "channel": "call", "people": ["Ana"]}),
    ("call Ana mon 9am", {"when": at(2027, 3, 8, 9)}),
    ("call Ana wed 9am", {"when": at(2027, 3, 3, 9)}),
    ("call Ana on 3 March", {"when": at(2027, 3, 3), "precision": "day"}),
    ("call Ana yesterday", {"when": at(2027, 3, 9), "precision": "day"}),
    ("call Ana today", {"when": NOW, "precision": "day"}),
    ("call Ana 9am on mon price", {"when": at(2027, 3, 8, 9), "text": "price"}),
    ("call Ana 3 days ago", {"when": at(2027, 3, 7), "precision": "day"}),
    ("call Ana 2027-03-01T09:30", {"when": at(2027, 3, 1, 9, 30), "precision": "minute"}),
    ("call Ana 2027-03-01T09:30Z", {"when": at(2027, 3, 1, 10, 30)}),
    ("call Ana 2027-03-41T09:30", {"when": NOW, "text": "2027-03-41T09:30"}),
    ("call Ana price rise at 08:05", {"when": at(2027, 3, 10, 8, 5), "text": "price rise"}),
    ("call Ana price rise yesterday 14:00", {"when": at(2027, 3, 9, 14), "text": "price rise"}),
    ("call Ana yesterday at 3 price", {"asks": ["when_ambiguous"], "text": "price"}),
    ("call Ana today at 9 price", {"when": at(2027, 3, 10, 9), "asks": []}),
    ("call Ana yesterday at 14 price", {"when": at(2027, 3, 9, 14), "text": "price"}),
    ("call Ana yesterday at 25 price", {"errors": ["time_impossible"]}),
    ("call Ana yesterday at home", {"when": at(2027, 3, 9), "text": "at home"}),
    ("call Ana 14:00", {"errors": ["happened_in_future"], "options": ['call Ana "14:00"']}),
    ("call Ana tomorrow", {"errors": ["happened_in_future"], "when": NOW}),
    ("call Ana agreed to meet at 16:00", {"errors": ["happened_in_future"]}),
    ('call Ana agreed to meet "at 16:00"', {"errors": [], "text": 'agreed to meet "at 16:00"'}),
    ("call Ana agreed to meet tomorrow at 16:00", {"errors": [], "text": "agreed to meet tomorrow at 16:00"}),
    ("call Ana agreed at 16:00 tomorrow", {"errors": [], "when": NOW, "text": "agreed at 16:00 tomorrow"}),
    ("call Ana the 14:00 train", {"when": NOW, "text": "the 14:00 train"}),
    (
        "call Ana demo fri 10:00",
        {"asks": ["when_or_text"], "text": "demo fri 10:00", "when": NOW}
        | {"options": ["2027-03-05 10:00 call Ana demo", 'call Ana demo "fri 10:00"']},
    ),
    (
        "call Ana price rise yesterday",
        {
            "asks": ["when_or_text"],
            "options": ["2027-03-09 call Ana price rise", 'call Ana price rise "yesterday"'],
        },
    ),
    ("call Ana late yesterday and today", {"asks": [], "text": "late yesterday and today"}),
    ("call Ana wants it by tuesday", {"asks": [], "text": "wants it by tuesday"}),
    ("call Ana wants it tomorrow", {"asks": [], "errors": [], "text": "wants it tomorrow"}),
    ("call Ana 31 feb 9am", {"errors": ["date_impossible"]}),
    ("call Ana late 31/02/2027 9am", {"errors": ["date_impossible"]}),
    ("call Ana 03/04 price", {"asks": ["when_ambiguous"]}),
    (
        "call Ana 9am price yesterday 10:00",
        {"asks": ["when_ambiguous"], "when": at(2027, 3, 10, 9)}
        | {"options": ['call Ana 9am price "yesterday 10:00"', 'call Ana "9am" price yesterday 10:00']},
    ),
    ("", {"errors": ["empty"], "channel": "note", "text": ""}),
    ("   ", {"errors": ["empty"]}),
]


@pytest.mark.parametrize(
    ("line", "expected"), [*CASES, *WHEN], ids=lambda value: value if isinstance(value, str) else ""
)
def test_reads_the_line(line: str, expected: dict[str, object]) -> None:
    log = parse(line, NOW)
    assert {name: READ[name](log) for name in expected} == expected


@pytest.mark.parametrize("line", [line for line, _ in [*CASES, *WHEN]])
def test_every_offered_line_answers_its_question(line: str) -> None:
    log = parse(line, NOW)
    for finding in (*log.questions, *log.errors):
        for option in finding.options:
            answered = parse(option.line, NOW)
            remaining = [other.code for other in (*answered.questions, *answered.errors)]
            before = [other.code for other in (*log.questions, *log.errors)]
            before.remove(finding.code)
            assert remaining == before


def test_spans_say_what_each_stretch_was_read_as() -> None:
    line = "call Ana Ruiz, @Acme price rise angry !us by fri send quote; >tue ring 12m !!high"
    read = [(str(span.role), line[span.start : span.end]) for span in parse(line, NOW).spans]
    assert read == [
        ("channel", "call"),
        ("person", "Ana Ruiz"),
        ("organisation", "@Acme"),
        ("text", "price"),
        ("text", "rise"),
        ("tone", "angry"),
        ("commitment", "!us"),
        ("due", "by fri"),
        ("commitment_text", "send quote"),
        ("follow_up", ">"),
        ("due", "tue"),
        ("follow_up_text", "ring 12m"),
        ("complaint", "!!high"),
    ]


def test_an_unknown_unsure_name_returns_to_its_place_in_the_text() -> None:
    log = parse("call price list @acme was sent", NOW)
    assert [name.text for name in log.people] == ["price list"]
    without = log.without_person(log.people[0])
    assert (without.people, without.text) == ((), "price list was sent")
    assert Role.PERSON not in {span.role for span in without.spans}


def test_findings_name_the_place_and_the_value() -> None:
    (finding,) = parse("call Ana late !!huge", NOW).errors
    assert (finding.start, finding.end, finding.parameters) == (14, 20, {"value": "huge"})
    assert not parse("call Ana late !!huge", NOW).is_clear
    assert parse("call Ana late !!high", NOW).is_clear


def test_an_hour_that_the_clocks_skip_is_refused() -> None:
    after = datetime(2027, 3, 28, 12, tzinfo=BERLIN)
    assert [error.code for error in parse("call Ana at 02:30", after).errors] == ["time_does_not_exist"]


def test_an_hour_that_comes_twice_is_asked() -> None:
    after = datetime(2027, 10, 31, 12, tzinfo=BERLIN)
    (question,) = parse("call Ana at 02:30", after).questions
    assert [option.line for option in question.options] == [
        "call Ana 2027-10-31T02:30+02:00",
        "call Ana 2027-10-31T02:30+01:00",
    ]
    answers = [parse(option.line, after).happened_at.astimezone(UTC) for option in question.options]
    assert answers == [datetime(2027, 10, 31, 0, 30, tzinfo=UTC), datetime(2027, 10, 31, 1, 30, tzinfo=UTC)]


def test_a_naive_now_is_a_programming_error() -> None:
    with pytest.raises(ValueError, match="aware"):
        parse("call", datetime(2027, 3, 10))  # noqa: DTZ001 - that is the point


def test_name_keys_meet_across_spelling() -> None:
    assert name_key("  Ána  RUIZ ") == name_key("ana ruiz") == "ana ruiz"
    assert name_key("Straße") == "strasse"
    assert name_key("Øre") == "øre"


GRAMMAR = """
    call called Ana Ruiz @Acme @"A !us !them !both by fri 03/04 3 May 2027 at 9am 10:00 yesterday for 20 min
    12m !! !!high > >tue #tag angry delighted not ok to ; , "a" “ ” „ and from on in days ago next week 31 feb
"""


def _assert_holds_together(line: str) -> None:
    log = parse(line, NOW)
    previous = 0
    for span in log.spans:
        assert previous <= span.start < span.end <= len(line)
        previous = span.end
    assert log.happened_at <= NOW
    for finding in (*log.questions, *log.errors):
        assert 0 <= finding.start <= finding.end <= len(line)


@settings(max_examples=300)
@given(st.text(max_size=80))
@example("0" * 5 + "m")
def test_any_text_gives_a_result_with_orderly_spans(line: str) -> None:
    _assert_holds_together(line)


@settings(max_examples=500)
@given(st.lists(st.sampled_from(GRAMMAR.split()), max_size=14).map(" ".join))
def test_any_mixture_of_grammar_gives_a_result_with_orderly_spans(line: str) -> None:
    _assert_holds_together(line)
