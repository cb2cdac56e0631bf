"""Two parties with all sorts of things, and what the database holds, table by table."""

from collections.abc import Callable, Iterable
from datetime import date, timedelta
from random import Random
from typing import Any

from django.apps import apps
from django.db import connection

from accounts.models import User
from exchange.models import ContactCard, DuplicateCandidate
from relationships.models import Party, PartyIdentifier, Relationship
from relationships.operations.contact_points import add_contact_point
from relationships.operations.drafts import save_draft
from relationships.operations.playbooks import start_playbook
from tests.exchange.pages import make_merge
from tests.factories import (
    NOW,
    make_case,
    make_commitment,
    make_document,
    make_follow_up,
    make_interaction,
    make_link,
    make_order,
    make_party,
    make_payment,
    make_person,
    make_relationship,
)

KEPT_APART = {
    "relationships_mergerecord",
    "relationships_mergestep",
    "relationships_joinedrelationship",
    "accounts_auditentry",
}


def table_hashes() -> dict[str, tuple[int, str]]:
    """Rows and hash of every table but those that tell of the merge itself; its own lines of the timeline left out."""
    tables = sorted(
        {model._meta.db_table for model in apps.get_models(include_auto_created=True)} - KEPT_APART
    )
    found = {}
    with connection.cursor() as cursor:
        for table in tables:
            where = "WHERE verb NOT IN ('parties_merged', 'merge_undone')" if table.endswith("_event") else ""
            cursor.execute(
                f"SELECT count(*), COALESCE(md5(string_agg(t::text, '|' ORDER BY t::text)), '')"
                f" FROM {table} t {where}"
            )
            found[table] = cursor.fetchone()
    return found


def busy_party(actor: User, random: Random, shared: "Shared") -> Party:
    """An organisation with relationships of some kinds, and a random number of everything."""
    party = make_party(f"Firm {random.random()}", actor=actor, place=random.choice(["", "Leeds"]))
    for kind, value in random.sample(shared.points, k=random.randint(1, len(shared.points))):
        add_contact_point(actor=actor, party=party, kind=kind, value=value, now=NOW)
    PartyIdentifier.objects.create(party=party, scheme="registration", value=random.choice(["1", "2"]))
    make_person(works_for=party, actor=actor)
    for other in random.sample(shared.others, k=2):
        make_link(other, party, "owns", actor=actor)
        make_link(party, other, "advises", actor=actor)
    kinds = ["customers", "suppliers", "press", "investors", "community"]
    for kind in random.sample(kinds, k=random.randint(2, 4)):
        _fill(make_relationship(kind, party=party, actor=actor), actor, random, shared)
    if random.random() < 0.7:
        ContactCard.objects.create(party=party, properties=["NOTE:x"], addresses=[], imported_at=NOW)
    return party


class Shared:
    """What both may have in common."""

    def __init__(self, actor: User) -> None:
        self.others = [make_party(actor=actor) for _ in range(3)]
        self.people = [make_person(works_for=self.others[0], actor=actor) for _ in range(2)]
        self.points = [("email", "a@firm.example"), ("email", "b@firm.example"), ("phone", "+441134960123")]
        self.refs = ["A1", "A2"]


def _fill(relationship: Relationship, actor: User, random: Random, shared: Shared) -> None:
    for day in range(random.randint(0, 4)):
        happened_at = NOW - timedelta(days=random.randint(1, 90), minutes=day)
        people = [relationship.party, *random.sample(shared.people, k=random.randint(0, 2))]
        severity = random.choice([None, 4])
        made = make_interaction(
            relationship, actor=actor, happened_at=happened_at, people=people, problem_severity=severity
        )
        make_commitment(relationship, actor=actor, made_in=made, made_at=happened_at, person=shared.people[0])
        make_follow_up(relationship, actor=actor)
    if random.random() < 0.6:
        make_document(relationship, actor=actor, content=random.choice([b"same", b"other"]))
    if random.random() < 0.5:
        save_draft(actor=actor, relationship=relationship, channel="call", body="So far", now=NOW)
    if relationship.kind in ("customers", "suppliers"):
        for ref in random.sample(shared.refs, k=random.randint(0, 2)):
            make_order(relationship, date(2026, 1, random.randint(1, 28)), ref=ref)
        make_payment(relationship, date(2026, 2, 1))
    if random.random() < 0.5:
        make_case(relationship, actor=actor, person=shared.people[0])
    playbooks = list(relationship_playbooks(relationship.kind))
    if random.random() < 0.6 and playbooks:
        start_playbook(actor=actor, relationship=relationship, playbook=playbooks[0], now=NOW)


def relationship_playbooks(kind: str) -> Iterable[Any]:
    from relationships import kinds  # noqa: PLC0415  only read here

    return [playbook.slug for playbook in kinds.registry.get(kind).playbooks]


def candidates(keep: Party, drop: Party, others: list[Party], actor: User) -> None:
    """The two held to be alike, and the one that goes held beside others, once decided on."""
    for number, other in enumerate([keep, *others]):
        first, second = sorted((drop.pk, other.pk))
        said = {"dismissed_at": NOW, "dismissed_by": actor} if number == 1 else {}
        DuplicateCandidate.objects.create(first_id=first, second_id=second, score=0.9, found_at=NOW, **said)


def _merge_new(viewer: User, rows: int) -> str:
    keep, drop = (make_relationship(actor=viewer) for _ in range(2))
    for kind in ("suppliers", "press", "investors")[:rows]:
        make_relationship(kind, party=drop.party, actor=viewer)
        make_interaction(drop, actor=viewer)
    return f"/parties/{keep.party_id}/merge/?with={drop.party_id}"


def _merges(viewer: User, rows: int) -> str:
    keep = make_relationship(actor=viewer).party
    for _ in range(rows):
        make_merge(keep, viewer)
    return "/merges/"


MERGE_PAGES: dict[str, Callable[[User, int], str]] = {"merge_list": _merges, "merge_new": _merge_new}
