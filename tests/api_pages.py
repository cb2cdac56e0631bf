"""The lists of the API, asked for with the session of a browser: for each, how to make a number of rows."""

from collections.abc import Callable

from accounts.models import User
from relationships.operations.contact_points import add_contact_point
from relationships.operations.playbooks import start_playbook
from tests.factories import (
    NOW,
    make_commitment,
    make_document,
    make_follow_up,
    make_interaction,
    make_link,
    make_party,
    make_person,
    make_relationship,
)

BASE = "/api/v1/"


def _of(place: str) -> Callable[[User, int], str]:
    """That many relationships, each with talk with somebody, a promise and a follow-up."""

    def make(viewer: User, rows: int) -> str:
        for _ in range(rows):
            relationship = make_relationship(owner=viewer)
            person = make_person(works_for=relationship.party)
            add_contact_point(actor=viewer, party=person, kind="phone", value="+441134960000", now=NOW)
            make_interaction(relationship, actor=viewer, people=[person])
            make_commitment(relationship, actor=viewer)
            make_follow_up(relationship, actor=viewer)
        return BASE + place

    return make


def _within(place: str) -> Callable[[User, int], str]:
    """One relationship with that many things in it."""

    def make(viewer: User, rows: int) -> str:
        relationship = make_relationship(owner=viewer)
        for number in range(rows):
            make_interaction(relationship, actor=viewer)
            make_document(relationship, actor=viewer, name=f"{number}.txt", content=str(number).encode())
            playbook = ("win_back", "after_complaint", "first_weeks")[number]
            start_playbook(actor=viewer, relationship=relationship, playbook=playbook, now=NOW)
            make_link(relationship.party, make_party(), "partner_of")
        return f"{BASE}relationships/{relationship.pk}/{place}"

    return make


API_PAGES: dict[str, Callable[[User, int], str]] = {
    "api_commitments": _of("commitments/"),
    "api_customers": _of("customers/?sort=health"),
    "api_documents": _within("documents/"),
    "api_follow_ups": _of("follow-ups/"),
    "api_interactions": _of("interactions/"),
    "api_links": _of("links/"),
    "api_parties": _of("parties/"),
    "api_playbook_runs": _within("playbook-runs/"),
    "api_timeline": _within("timeline/"),
}
