"""Links: typed, dated, once, and told from both ends."""

from datetime import date
from typing import Any

import pytest
from django.utils import translation

from accounts.operations.workspace import Workspace
from core.refusals import Conflict, Invalid, Missing, NotAllowed
from relationships.models import Event, LinkType, PartyLink
from relationships.operations.links import edit_link, end_link
from relationships.queries.tie_words import TIES, tie_words
from tests.factories import NOW, make_link, make_party, make_person, make_relationship, make_user

pytestmark = pytest.mark.django_db

SINCE, UNTIL = date(2025, 1, 1), date(2026, 1, 1)


def test_every_type_is_said_in_the_viewers_language_and_an_unknown_one_as_it_is_kept() -> None:
    kept = {words for pair in LinkType.objects.values_list("forward", "reverse") for words in pair}
    assert kept == set(TIES)
    with translation.override("de"):
        assert [tie_words(words) for words in ("works for", "sails with")] == ["arbeitet für", "sails with"]


def test_a_link_is_kept_as_it_was_told(workspace: Workspace) -> None:
    acme, ana, actor = make_party(), make_person(), make_user()
    told = make_link(
        acme,
        ana,
        "employs",
        actor=actor,
        since_date=SINCE,
        strength=5,
        influence=4,
        stance="supporter",
        origin=" her card ",
        note="Head of buying",
    )
    kept = PartyLink.objects.get(pk=told.pk)
    assert (kept.source_party, kept.target_party, kept.type.slug) == (acme, ana, "employs")
    assert (kept.since_date, kept.until_date, kept.strength, kept.influence) == (SINCE, None, 5, 4)
    assert (kept.stance, kept.origin, kept.note, kept.created_by) == (
        "supporter",
        "her card",
        "Head of buying",
        actor,
    )
    events = Event.objects.filter(verb="link_added").order_by("party_id")
    assert [(event.party, event.data["end"]) for event in events] == [(acme, "source"), (ana, "target")]


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"since_date": date(1899, 1, 1)}, "since_date"),
        ({"until_date": date(2101, 1, 1)}, "until_date"),
        ({"since_date": UNTIL, "until_date": SINCE}, "until_date"),
        ({"strength": 0}, "strength"),
        ({"influence": 6}, "influence"),
        ({"stance": "friend"}, "stance"),
        ({"note": "x" * 401}, "note"),
        ({"type": "hates"}, "type"),
    ],
)
def test_a_wrong_value_is_refused_under_its_name(
    workspace: Workspace, facts: dict[str, Any], field: str
) -> None:
    given = {"type": "employs", **facts}
    with pytest.raises(Invalid) as refused:
        make_link(make_party(), make_person(), **given)
    assert list(refused.value.errors) == [field]
    assert PartyLink.objects.count() == 0


def test_nobody_is_linked_to_themselves(workspace: Workspace) -> None:
    party = make_party()
    with pytest.raises(Invalid, match="cannot be linked to itself"):
        make_link(party, party, "knows")


def test_a_retired_type_is_known_no_more(workspace: Workspace) -> None:
    LinkType.objects.filter(slug="covers_beat").update(retired_at=NOW)
    with pytest.raises(Invalid, match="covers_beat"):
        make_link(make_party(), make_party(), "covers_beat")


def test_what_holds_both_ways_is_stored_once_however_told(workspace: Workspace) -> None:
    first, second = make_party("A"), make_party("B")
    link = make_link(second, first, "partner_of")
    assert (link.source_party, link.target_party) == (first, second)
    with pytest.raises(Conflict, match="“A is a partner of B” is already known"):
        make_link(first, second, "partner_of")


def test_an_open_link_is_known_once_a_past_one_may_come_again(workspace: Workspace) -> None:
    acme, ana = make_party(), make_person()
    first = make_link(acme, ana, "employs", since_date=SINCE)
    with pytest.raises(Conflict, match="already known"):
        make_link(acme, ana, "employs")
    end_link(actor=make_user(), link=first, until_date=UNTIL, now=NOW)
    make_link(acme, ana, "employs", until_date=SINCE)
    again = make_link(acme, ana, "employs", since_date=UNTIL)
    with pytest.raises(Conflict, match="already known"):
        edit_link(actor=make_user(), link=first, now=NOW, since_date=SINCE)
    assert PartyLink.objects.filter(until_date=None).get() == again


def test_a_link_ends_once_and_not_before_it_began(workspace: Workspace) -> None:
    link = make_link(make_party(), make_person(), "employs", since_date=UNTIL)
    with pytest.raises(Invalid) as refused:
        end_link(actor=make_user(), link=link, until_date=SINCE, now=NOW)
    assert list(refused.value.errors) == ["until_date"]
    end_link(actor=make_user(), link=link, until_date=date(2026, 2, 1), now=NOW)
    with pytest.raises(Conflict, match="ended on 2026-02-01 already"):
        end_link(actor=make_user(), link=link, until_date=date(2026, 3, 1), now=NOW)


def test_a_link_is_rewritten_but_for_its_ends_and_type(workspace: Workspace) -> None:
    link = make_link(make_party(), make_person(), "employs")
    changed = edit_link(
        actor=make_user(), link=link, now=NOW, strength=1, stance="opponent", until_date=UNTIL
    )
    assert (changed.strength, changed.stance, changed.until_date) == (1, "opponent", UNTIL)
    assert edit_link(actor=make_user(), link=link, now=NOW).until_date is None


def test_links_as_of_a_day(workspace: Workspace) -> None:
    acme = make_party()
    past = make_link(acme, make_person(), "employs", since_date=SINCE, until_date=UNTIL)
    open_ended = make_link(acme, make_person(), "employs")
    coming = make_link(acme, make_person(), "employs", since_date=date(2026, 6, 1))
    days = {
        day: set(PartyLink.objects.as_of(day))
        for day in (date(2024, 1, 1), SINCE, UNTIL, date(2026, 3, 1), date(2026, 6, 1))
    }
    assert list(days.values()) == [
        {open_ended},
        {past, open_ended},
        {past, open_ended},
        {open_ended},
        {open_ended, coming},
    ]


def test_links_are_for_who_may_see_and_edit_both_ends(workspace: Workspace) -> None:
    customer, supplier = make_relationship("customers").party, make_relationship("suppliers").party
    with pytest.raises(Missing):
        make_link(supplier, customer, "owns", actor=make_user(kind="suppliers"))
    link = make_link(supplier, customer, "owns")
    with pytest.raises(Missing):
        end_link(actor=make_user(kind="suppliers"), link=link, until_date=UNTIL, now=NOW)
    with pytest.raises(NotAllowed):
        end_link(actor=make_user("auditor"), link=link, until_date=UNTIL, now=NOW)


def test_a_link_that_is_gone_is_missing(workspace: Workspace) -> None:
    link = make_link(make_party(), make_party(), "owns")
    PartyLink.objects.filter(pk=link.pk).delete()
    with pytest.raises(Missing):
        end_link(actor=make_user(), link=link, until_date=UNTIL, now=NOW)
