"""One line, read against what its writer may know of: never guessed, all or nothing."""

import re
from datetime import date, time
from pathlib import Path

import pytest

import analytics.dates
import analytics.quicklog
from accounts.operations.workspace import Workspace
from core.refusals import Invalid
from relationships.models import Interaction, Party, PartyLink, Relationship
from relationships.operations.quick_log import log_line, read_line
from relationships.queries.quick_log import ReadLog
from relationships.queries.quick_log_words import WORDS
from tests.factories import NOW, make_party, make_person, make_relationship, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def acme(workspace: Workspace) -> Relationship:
    relationship = make_relationship("customers", name="Acme Trading")
    make_person("Ana Ruiz", works_for=relationship.party)
    return relationship


def read(line: str, relationship: Relationship | None = None, **answers: str) -> ReadLog:
    given = {key.replace("__", ":").replace("_", " "): value for key, value in answers.items()}
    return read_line(actor=make_user(), line=line, now=NOW, relationship=relationship, answers=given)


def asked(log: ReadLog) -> list[str]:
    return [question.code for question in log.questions]


def test_a_full_line_is_logged_with_everything_that_it_says(acme: Relationship) -> None:
    actor = make_user()
    interaction = log_line(
        actor=actor,
        line="call Ana Ruiz @Acme price rise angry !us by fri 17:00 send quote #renewal 12m !!high >tue 9:30 call back",
        now=NOW,
        answers={},
    )
    assert interaction.relationship == acme
    assert (interaction.channel, interaction.direction, interaction.body) == ("call", "out", "price rise")
    assert [person.name for person in interaction.people.all()] == ["Ana Ruiz"]
    assert (interaction.sentiment, interaction.sentiment_by) == (-1.0, "person")
    assert (interaction.tags, interaction.duration_minutes, interaction.problem_severity) == (
        ["renewal"],
        12,
        4,
    )
    promise = interaction.commitments.get()
    assert (promise.what, promise.direction, promise.current_due_date) == (
        "send quote, by 17:00",
        "ours",
        date(2026, 3, 20),
    )
    assert promise.person is not None
    assert promise.person.name == "Ana Ruiz"
    follow_up = interaction.follow_ups.get()
    assert (follow_up.what, follow_up.due_date, follow_up.due_time) == (
        "call back",
        date(2026, 3, 24),
        time(9, 30),
    )
    assert follow_up.assignee == actor


@pytest.mark.parametrize("written", ["@acme", '@"acme trading"', "@ACME", '@"tradi acm"', "@Äcme"])
def test_an_organisation_is_found_however_it_is_typed(acme: Relationship, written: str) -> None:
    log = read(f"call {written} hello")
    assert log.is_clear
    assert log.relationship == acme


def test_the_whole_name_goes_before_names_that_begin_with_it(acme: Relationship) -> None:
    exact = make_relationship("customers", name="Acme")
    assert read("call @acme hello").relationship == exact


def test_two_that_meet_alike_are_asked_about(acme: Relationship) -> None:
    other = make_relationship("customers", name="Acme Tools")
    log = read("call @acme hello")
    assert asked(log) == ["organisation_ambiguous"]
    (question,) = log.questions
    assert question.key == "organisation:acme"
    assert [choice.label for choice in question.choices] == ["Acme Tools", "Acme Trading"]
    assert (question.start, question.end) == (5, 10)
    assert read("call @acme hello", organisation__acme=question.choices[0].value).relationship == other


def test_an_answer_that_was_not_offered_is_no_answer(acme: Relationship) -> None:
    make_relationship("customers", name="Acme Tools")
    hidden = make_party("Hidden")
    assert asked(read("call @acme hello", organisation__acme=f"party:{hidden.pk}")) == [
        "organisation_ambiguous"
    ]


def test_two_relationships_of_one_party_are_asked_about(acme: Relationship) -> None:
    supplier = make_relationship("suppliers", party=acme.party)
    log = read("call @acme hello")
    assert asked(log) == ["relationship_ambiguous"]
    (question,) = log.questions
    assert [choice.detail for choice in question.choices] == ["Customer of Main", "Supplier of Main"]
    answer = {question.key: question.choices[1].value}
    again = read_line(actor=make_user(), line="call @acme hello", now=NOW, answers=answer)
    assert again.relationship == supplier


def test_on_a_page_of_the_party_its_relationship_is_meant(acme: Relationship) -> None:
    supplier = make_relationship("suppliers", party=acme.party)
    assert read("call @acme hello", supplier).relationship == supplier
    assert read("call Ana hello", supplier).relationship == supplier


def test_a_line_that_names_somebody_else_means_them_wherever_it_is_typed(acme: Relationship) -> None:
    other = make_relationship("customers", name="Zenith")
    assert read("call @zenith hello", acme).relationship == other


def test_several_organisations_are_asked_about(acme: Relationship) -> None:
    other = make_relationship("customers", name="Zenith")
    log = read("call @acme and @zenith hello")
    assert asked(log) == ["several_organisations"]
    assert read("call @acme and @zenith hello", organisations="zenith").relationship == other


def test_the_person_tells_the_relationship_when_there_is_just_one(acme: Relationship) -> None:
    log = read("call Ana price rise")
    assert log.is_clear
    assert log.relationship == acme
    assert [person.party.name for person in log.people if person.party] == ["Ana Ruiz"]


def test_a_person_of_two_organisations_leaves_the_question_which(acme: Relationship) -> None:
    other = make_relationship("customers", name="Zenith")
    make_person("Ana Lopez", works_for=other.party)
    log = read("call Ana price rise")
    assert asked(log) == ["relationship_ambiguous"]
    answer = {log.questions[0].key: f"relationship:{other.pk}"}
    again = read_line(actor=make_user(), line="call Ana price rise", now=NOW, answers=answer)
    assert again.is_clear
    assert [person.party.name for person in again.people if person.party] == ["Ana Lopez"]


def test_without_anybody_it_is_asked_whom_it_was_with(workspace: Workspace) -> None:
    assert asked(read("call about prices")) == ["organisation_missing"]
    assert asked(read("call Bob about prices")) == ["organisation_missing"]


def test_two_people_of_one_name_are_asked_about(acme: Relationship) -> None:
    second = make_person("Ana Silva", works_for=acme.party, job_title="Buyer")
    log = read("call Ana @acme hello")
    assert asked(log) == ["person_ambiguous"]
    choices = {choice.label: choice for choice in log.questions[0].choices}
    assert choices["Ana Silva"].detail == "Buyer, Acme Trading"
    again = read("call Ana @acme hello", person__ana=f"party:{second.pk}")
    assert [person.party for person in again.people] == [second]


def test_somebody_of_that_name_elsewhere_is_asked_about_not_taken(acme: Relationship) -> None:
    other = make_relationship("customers", name="Zenith")
    make_person("Bob Li", works_for=other.party)
    log = read("call Bob Li @acme hello")
    assert asked(log) == ["person_elsewhere"]
    assert [choice.detail for choice in log.questions[0].choices][:1] == ["Zenith"]


def test_a_more_exact_name_elsewhere_puts_the_one_here_in_doubt(acme: Relationship) -> None:
    other = make_relationship("customers", name="Zenith")
    make_person("Ana", works_for=other.party)
    assert asked(read("call Ana @acme hello")) == ["person_ambiguous"]


def test_somebody_new_is_written_down_with_the_organisation(acme: Relationship) -> None:
    log = read("call Bob Li @acme hello")
    assert asked(log) == ["person_unknown"]
    assert [choice.value for choice in log.questions[0].choices] == ["new", "text"]
    interaction = log_line(
        actor=make_user(), line="call Bob Li @acme hello", now=NOW, answers={"person:bob li": "new"}
    )
    bob = Party.objects.get(name="Bob Li")
    assert list(interaction.people.all()) == [bob]
    assert PartyLink.objects.get(target_party=bob).source_party == acme.party


def test_a_name_that_is_none_goes_back_among_the_words(acme: Relationship) -> None:
    log = read("call Price Rise @acme", person__price_rise="text")
    assert log.is_clear
    assert log.people == ()
    assert log.parsed.text == "Price Rise"
    unsure = read("call price @acme")
    assert unsure.is_clear
    assert unsure.parsed.text == "price"


def test_an_unknown_organisation_offers_what_sounds_like_it_and_to_open_it(acme: Relationship) -> None:
    log = read("call @acmee hello")
    assert asked(log) == ["organisation_unknown"]
    values = [choice.value for choice in log.questions[0].choices]
    openings = [f"new:{slug}:" for slug in ("customers", "suppliers", "investors", "press", "community")]
    assert values == [f"relationship:{acme.pk}", *openings]  # staff is opened by HR alone
    assert read("call @acmee hello", organisation__acmee=values[0]).relationship == acme


def test_a_new_organisation_is_opened_with_the_line(workspace: Workspace) -> None:
    interaction = log_line(
        actor=make_user(),
        line="call @Zenith hello",
        now=NOW,
        answers={"organisation:zenith": "new:suppliers:"},
    )
    assert (interaction.relationship.party_name, interaction.relationship.kind) == ("Zenith", "suppliers")


def test_a_party_that_is_nothing_to_us_yet_is_not_written_down_twice(workspace: Workspace) -> None:
    known = make_party("Zenith")
    answers = {"organisation:zenith": f"new:customers:{known.pk}"}
    interaction = log_line(actor=make_user(), line="call @Zenith hello", now=NOW, answers=answers)
    assert interaction.relationship.party == known


def test_who_may_not_open_relationships_is_not_offered_it(acme: Relationship) -> None:
    actor = make_user("representative")
    log = read_line(actor=actor, line="call @zenith hello", now=NOW)
    assert [choice.value for choice in log.questions[0].choices] == []


def test_who_may_not_log_is_told_so(acme: Relationship) -> None:
    log = read_line(actor=make_user("auditor"), line="call @acme hello", now=NOW)
    assert [error.code for error in log.errors] == ["not_allowed"]


def test_a_line_in_doubt_writes_nothing_and_says_what_is_wanting(acme: Relationship) -> None:
    make_relationship("customers", name="Acme Tools")
    with pytest.raises(Invalid) as refused:
        log_line(actor=make_user(), line="call @acme !us by 31/02 pay", now=NOW, answers={})
    assert refused.value.errors == {
        "line": [
            "“by 31/02” is a day that does not exist.",
            "Several are called “acme”. Which one?",
        ]
    }
    assert Interaction.objects.count() == 0


def test_what_the_parser_asks_carries_whole_lines_to_choose_from(acme: Relationship) -> None:
    log = read("note @acme things !them by 03/04 pay")
    (question,) = log.questions
    assert question.code == "date_ambiguous"
    assert [choice.label for choice in question.choices] == ["Fri 3 Apr 2026", "Thu 4 Mar 2027"]
    assert read(question.choices[0].line).is_clear


def test_an_empty_line_asks_nothing_of_the_database(
    workspace: Workspace, django_assert_num_queries: object
) -> None:
    actor = make_user()
    with django_assert_num_queries(0):
        log = read_line(actor=actor, line=" ", now=NOW)
    assert [error.code for error in log.errors] == ["empty"]


def test_the_same_key_logs_once(acme: Relationship) -> None:
    actor = make_user()
    line = "call Bob Li @acme hello >tue call back"
    first = log_line(actor=actor, line=line, now=NOW, answers={"person:bob li": "new"}, idempotency_key="k1")
    again = log_line(actor=actor, line=line, now=NOW, answers={"person:bob li": "new"}, idempotency_key="k1")
    assert again == first
    assert (Interaction.objects.count(), Party.objects.filter(name="Bob Li").count()) == (1, 1)


def test_every_next_touch_of_a_line_is_planned(acme: Relationship) -> None:
    interaction = log_line(
        actor=make_user(), line="call Ana @acme hello >tue call back >fri visit", now=NOW, answers={}
    )
    assert sorted(interaction.follow_ups.values_list("what", flat=True)) == ["call back", "visit"]


def test_reading_takes_at_most_eight_queries_however_many_names(
    acme: Relationship, django_assert_max_num_queries: object
) -> None:
    for name in ("Ana Silva", "Bob Li", "Bob Ray", "Cid Paz", "Cid Roe"):
        make_person(name, works_for=acme.party)
    actor = make_user()
    for line in (
        "call Ana, Bob and Cid @acme hello",
        "call Ana, Bob and Cid hello",
        "call Ana, Bob and Cid @acmee hello",
    ):
        fresh = type(actor).objects.get(pk=actor.pk)
        with django_assert_max_num_queries(8):
            read_line(actor=fresh, line=line, now=NOW)


def test_a_line_knows_nothing_that_its_writer_may_not_know(acme: Relationship) -> None:
    make_relationship("suppliers", name="Zenith")
    buyer = make_user("relationship_manager", kind="suppliers")
    log = read_line(actor=buyer, line="call Ana @acme hello", now=NOW)
    assert asked(log) == ["organisation_unknown"]
    assert [choice.label for choice in log.questions[0].choices] == ["acme"]
    assert asked(read_line(actor=buyer, line="call Ana hello", now=NOW)) == ["organisation_missing"]


def test_every_code_of_the_parser_has_words() -> None:
    folder = Path(analytics.quicklog.__file__).parent
    sources = "".join(path.read_text() for path in [*folder.glob("*.py"), Path(analytics.dates.__file__)])
    codes = set(re.findall(r'(?:ask|refuse)\(\s*"([a-z_]+)"', sources))
    codes |= set(re.findall(r'problem="([a-z_]+)"', sources))
    assert codes - WORDS.keys() == set()
    assert {"due_missing", "date_impossible"} <= codes


def test_who_may_only_look_is_offered_nobody_new(acme: Relationship) -> None:
    auditor = make_user("auditor")
    unknown = read_line(actor=auditor, line="call @zenith hello", now=NOW)
    assert unknown.questions[0].choices == ()
    person = read_line(actor=auditor, line="call Bob Li @acme hello", now=NOW)
    assert [choice.value for choice in person.questions[0].choices] == ["text"]


def test_a_new_name_with_a_person_as_customer_is_nobodys_employee(workspace: Workspace) -> None:
    make_relationship("customers", party=make_person("Eva Sole"))
    log_line(
        actor=make_user(),
        line='call Bob Li @"Eva Sole" hello !them by fri pay',
        now=NOW,
        answers={"person:bob li": "new"},
    )
    bob = Party.objects.get(name="Bob Li")
    assert not PartyLink.objects.filter(target_party=bob).exists()
    assert Interaction.objects.get().commitments.get().what == "pay"


def test_letters_inside_a_word_are_no_beginning_of_a_name(acme: Relationship) -> None:
    make_person("Diana Ruizela", works_for=acme.party)
    log = read("call Ana @acme hello")
    assert [person.party.name for person in log.people if person.party] == ["Ana Ruiz"]


def test_a_word_in_small_letters_is_somebody_elsewhere_only_by_the_whole_name(acme: Relationship) -> None:
    other = make_relationship("customers", name="Zenith")
    make_person("Price Waters", works_for=other.party)
    assert read("call price @acme").parsed.text == "price"
    assert asked(read("call price waters @acme")) == ["person_elsewhere"]
