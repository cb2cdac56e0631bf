"""Twenty varied entries typed at 200 ms a key, no mouse: each is read right, and the median takes 15 s at most."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from statistics import median

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from accounts.models import User
from relationships.models import Interaction
from tests.factories import make_party, make_person, make_relationship, make_user

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

KEY_MS = 200
MOST_SECONDS = 15.0
Visit = Callable[..., Page]


@dataclass(frozen=True)
class Entry:
    """What is typed after L, the answers to what is asked, and what is then written down."""

    line: str
    who: str
    channel: str
    body: str
    people: tuple[str, ...] = ()
    direction: str = "out"
    promises: tuple[str, ...] = ()
    steps: tuple[str, ...] = ()
    severity: int | None = None
    tags: tuple[str, ...] = ()
    minutes: int | None = None
    answers: tuple[str, ...] = ()


ENTRIES = [
    Entry("call Ana Ruiz @Acme price rise angry", "Acme", "call", "price rise", ("Ana Ruiz",)),
    Entry(
        "met Tom Bell @Bolt new tender happy #tender",
        "Bolt",
        "meeting",
        "new tender",
        ("Tom Bell",),
        "mutual",
        tags=("tender",),
    ),
    Entry("email Eva Sand @Cove samples sent", "Cove", "email", "samples sent", ("Eva Sand",)),
    Entry("note @Acme they moved offices", "Acme", "note", "they moved offices"),
    Entry("call from Tom Bell @Bolt asks for dates", "Bolt", "call", "asks for dates", ("Tom Bell",), "in"),
    Entry("call Ana Ruiz @Acme !us by fri send quote", "Acme", "call", "", ("Ana Ruiz",), promises=("send quote",)),
    Entry("call Eva Sand @Cove terms !them by 3 May pay", "Cove", "call", "terms", ("Eva Sand",), promises=("pay",)),
    Entry("call Tom Bell @Bolt no luck >tue try again", "Bolt", "call", "no luck", ("Tom Bell",), steps=("try again",)),
    Entry("visit Ana Ruiz @Acme late again !!high", "Acme", "visit", "late again", ("Ana Ruiz",), severity=4),
    Entry("call Eva Sand @Cove stock talk 12m", "Cove", "call", "stock talk", ("Eva Sand",), minutes=12),
    Entry("sms Tom Bell @Bolt lorry is late", "Bolt", "message", "lorry is late", ("Tom Bell",)),
    Entry("yesterday call Ana Ruiz @Acme renewal", "Acme", "call", "renewal", ("Ana Ruiz",)),
    Entry("letter @Cove terms for next year", "Cove", "letter", "terms for next year"),
    Entry("call Sam Lee @Dune first order", "Dune", "call", "first order", ("Sam Lee",), answers=("2",)),
    Entry("call Ana Ruiz @Acme hm !us eow call back", "Acme", "call", "hm", ("Ana Ruiz",), promises=("call back",)),
    Entry("note @Bolt invoice found #invoice", "Bolt", "note", "invoice found", tags=("invoice",)),
    Entry("call Mia Wolf @Cove takes over buying", "Cove", "call", "takes over buying", ("Mia Wolf",), answers=("1",)),
    Entry("email from Eva Sand @Cove asks price", "Cove", "email", "asks price", ("Eva Sand",), "in"),
    Entry("met Tom Bell @Bolt >in 2 weeks visit", "Bolt", "meeting", "", ("Tom Bell",), "mutual", steps=("visit",)),
    Entry("call Ana Ruiz @Acme thanks delighted", "Acme", "call", "thanks", ("Ana Ruiz",)),
]  # fmt: skip


@pytest.fixture
def viewer() -> User:
    """Four customers with their people; at Dune two are called alike."""
    viewer = make_user("relationship_manager", name="Amara Osei")
    people = {
        "Acme": ["Ana Ruiz"],
        "Bolt": ["Tom Bell"],
        "Cove": ["Eva Sand"],
        "Dune": ["Sam Lee", "Sam Lee"],
    }
    for name, names in people.items():
        made = {"actor": viewer, "now": timezone.now()}
        party = make_party(name, **made)
        make_relationship(party=party, owner=viewer, **made)
        for person in names:
            make_person(person, works_for=party, **made)
    return viewer


def typed(page: Page, entry: Entry) -> float:
    """Seconds from pressing L to the word that it is logged."""
    started = time.monotonic()
    page.keyboard.press("l")
    expect(page.locator("#log-line")).to_be_focused()
    page.keyboard.type(entry.line, delay=KEY_MS)
    page.keyboard.press("Enter")
    for answer in entry.answers:
        expect(page.locator("[data-ask-now] input").first).to_be_focused()
        time.sleep(KEY_MS / 1000)
        page.keyboard.press(answer)
        time.sleep(KEY_MS / 1000)
        page.keyboard.press("Enter")
    expect(page.locator("#toasts .toast").last).to_contain_text("logged")
    took = time.monotonic() - started
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.locator("[data-toast-close]").last.click()
    expect(page.locator("#toasts .toast")).to_have_count(0)
    return took


def written(entry: Entry, logged: Interaction) -> Entry:
    """The same entry as the database has it."""
    return Entry(
        line=entry.line,
        who=logged.relationship.party_name,
        channel=logged.channel,
        body=logged.body,
        people=tuple(person.name for person in logged.people.order_by("pk")),
        direction=logged.direction if logged.channel != "note" else entry.direction,
        promises=tuple(logged.commitments.values_list("what", flat=True)),
        steps=tuple(logged.follow_ups.values_list("what", flat=True)),
        severity=logged.problem_severity,
        tags=tuple(logged.tags),
        minutes=logged.duration_minutes,
        answers=entry.answers,
    )


def test_twenty_entries_take_a_median_of_fifteen_seconds_and_are_read_right(
    visit: Visit, viewer: User
) -> None:
    assert len(ENTRIES) == 20
    page = visit(viewer, "/")
    times, seen = [], []
    for entry in ENTRIES:
        times.append(typed(page, entry))
        seen.append(written(entry, Interaction.objects.order_by("-pk")[0]))
    assert seen == ENTRIES
    assert median(times) <= MOST_SECONDS, sorted(round(took, 1) for took in times)
