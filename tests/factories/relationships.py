"""Parties, relationships and what happens in them. Without an actor, an administrator made for the purpose acts."""

from datetime import UTC, date, datetime, timedelta
from io import BytesIO
from itertools import count
from typing import Any

from accounts.models import User
from relationships import kinds
from relationships.models import Commitment, Document, FollowUp, Interaction, Party, PartyLink, Relationship
from relationships.operations import (
    commitments,
    document_versions,
    documents,
    follow_ups,
    interactions,
    links,
    parties,
)
from relationships.operations import relationships as relationship_operations
from tests.factories.people import make_user

NOW = datetime(2026, 3, 18, 10, 0, tzinfo=UTC)

_numbers = count(1)


def somebody(actor: User | None, kind: str = "") -> User:
    """The actor given, else somebody who may do everything: in a closed kind, who has a role that it is open to."""
    sight = kinds.registry.get(kind).sight if kind else None
    role = min(sight.roles) if sight else "administrator"
    email = f"factory-{role}@example.org"
    return actor or User.objects.filter(email=email).first() or make_user(role, name="Factory", email=email)


def make_party(
    name: str = "", *, kind: str = "organisation", actor: User | None = None, **fields: Any
) -> Party:
    """An organisation unless told otherwise."""
    now = fields.pop("now", NOW)
    return parties.create_party(
        actor=somebody(actor), kind=kind, name=name or f"Party {next(_numbers)}", now=now, **fields
    )


def make_person(
    name: str = "", *, works_for: Party | None = None, actor: User | None = None, **fields: Any
) -> Party:
    """A human being, employed by `works_for` when it is given."""
    person = make_party(name or f"Person {next(_numbers)}", kind="person", actor=actor, **fields)
    if works_for is not None:
        make_link(works_for, person, "employs", actor=actor)
    return person


def make_link(
    source: Party, target: Party, type: str, *, actor: User | None = None, **fields: Any
) -> PartyLink:
    """An open link."""
    now = fields.pop("now", NOW)
    return links.link_parties(
        actor=somebody(actor), source_party=source, target_party=target, type=type, now=now, **fields
    )


def make_relationship(
    kind: str = "customers", *, party: Party | None = None, actor: User | None = None, **fields: Any
) -> Relationship:
    """An open relationship; `name` names the new party, and without `owner` the actor owns it."""
    now = fields.pop("now", NOW)
    name = fields.pop("name", "")
    fitting = kinds.registry.get(kind).party_kinds
    party_kind = "organisation" if "organisation" in fitting else fitting[0]
    return relationship_operations.open_relationship(
        actor=somebody(actor, kind),
        party=party or make_party(name, kind=party_kind, actor=actor),
        kind=kind,
        now=now,
        **fields,
    )


def make_interaction(
    relationship: Relationship | None = None, *, actor: User | None = None, **fields: Any
) -> Interaction:
    """A call of theirs an hour ago, unless told otherwise."""
    now = fields.pop("now", NOW)
    given = {
        "channel": "call",
        "direction": "in",
        "happened_at": now - timedelta(hours=1),
        "body": "They asked about the delivery.",
    }
    relationship = relationship or make_relationship()
    actor = somebody(actor, relationship.kind)
    return interactions.log_interaction(actor=actor, relationship=relationship, now=now, **given | fields)


def make_commitment(
    relationship: Relationship | None = None, *, actor: User | None = None, **fields: Any
) -> Commitment:
    """A promise of ours for in a week, unless told otherwise."""
    now = fields.pop("now", NOW)
    given = {"direction": "ours", "what": "Send the quote", "due_date": _in_days(now, 7)}
    relationship = relationship or make_relationship()
    actor = somebody(actor, relationship.kind)
    return commitments.make_commitment(actor=actor, relationship=relationship, now=now, **given | fields)


def make_document(
    relationship: Relationship | None = None, *, actor: User | None = None, **fields: Any
) -> Document:
    """A file with a few bytes that no other has, unless told otherwise."""
    now, number = fields.pop("now", NOW), next(_numbers)
    content = fields.pop("content", f"content {number}".encode())
    return documents.add_document(
        actor=somebody(actor),
        relationship=relationship or make_relationship(),
        name=fields.pop("name", f"file {number}.pdf"),
        content=BytesIO(content),
        now=now,
        **fields,
    )


def make_version(document: Document, *, actor: User, **fields: Any) -> Document:
    """Another content of a document, under its name."""
    now, content = fields.pop("now", NOW), fields.pop("content", f"content {next(_numbers)}".encode())
    given = {"name": document.name, **fields}
    return document_versions.add_version(
        actor=actor, document=document, content=BytesIO(content), now=now, **given
    )


def make_follow_up(
    relationship: Relationship | None = None, *, actor: User | None = None, **fields: Any
) -> FollowUp:
    """Something to do in three days, unless told otherwise."""
    now = fields.pop("now", NOW)
    given = {"what": "Call again", "due_date": _in_days(now, 3)}
    relationship = relationship or make_relationship()
    actor = somebody(actor, relationship.kind)
    return follow_ups.plan_follow_up(actor=actor, relationship=relationship, now=now, **given | fields)


def _in_days(now: datetime, days: int) -> date:
    return now.date() + timedelta(days=days)
