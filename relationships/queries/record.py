"""One relationship as its record page shows it: what it is, what is owed, planned and wrong, and who belongs to it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.apps import apps
from django.db.models import F, QuerySet
from django.utils.translation import gettext as _

from accounts.enums import Confidentiality
from accounts.models import User
from core.refusals import Missing
from relationships import kinds
from relationships.enums import OPEN_COMMITMENT_STATES, NextTouchReason, Severity, TimelineGroup
from relationships.models import (
    Commitment,
    ComposerDraft,
    Document,
    FollowUp,
    Interaction,
    Party,
    PartyIdentifier,
    Relationship,
)
from relationships.models.meeting import MEETING_CHANNELS
from relationships.queries.commitment_ledger import AT_RISK_DAYS
from relationships.queries.custom_fields import definitions_for
from relationships.queries.custom_values import Section, own_parts, sections_in
from relationships.queries.kept import ROW, VIEWER, KeptRows, any_row, anyone_like, kept, values_of
from relationships.queries.lanes import lane_around
from relationships.queries.people import PeopleMap, Point, people_in, people_parts, points_of, read_points
from relationships.queries.relationship_list import (
    ListQuery,
    Neighbours,
    NextStep,
    neighbour_parts,
    neighbours_in,
    today_of,
)
from relationships.queries.tags import Label, labels_of
from relationships.queries.timeline import LINES_COUNTED, line_counts, read_counts
from relationships.queries.together import KeptPieces, Part, pieces
from relationships.querysets import rights_of

MOST = 50
EXCERPT = 140


@dataclass(frozen=True)
class Role:
    """What the party is to us; one tab of the record for each that the viewer may know of."""

    relationship_id: int
    kind: kinds.Kind
    unit: str
    stage: str
    is_closed: bool
    is_current: bool

    @property
    def url(self) -> str:
        """Its record."""
        return f"/{self.kind.slug}/{self.relationship_id}/"


@dataclass(frozen=True)
class Promise:
    """An open promise; `tone` warns of its date."""

    id: int
    direction: str
    what: str
    state: str
    due_date: date
    original_due_date: date
    made_at: datetime
    person: str
    owner: str
    tone: str

    @property
    def was_moved(self) -> bool:
        """Whether its date is no longer the original one."""
        return self.due_date != self.original_due_date

    @property
    def can_be_delivered(self) -> bool:
        """Whether it may be called delivered as it stands: a proposed one is to be agreed first."""
        return self.state != "proposed"


@dataclass(frozen=True)
class Plan:
    """An open follow-up."""

    id: int
    what: str
    due_date: date
    due_time: str
    channel: str
    assignee: str
    person: str
    is_overdue: bool

    @property
    def is_meeting(self) -> bool:
        """Whether somebody can be asked to it."""
        return self.channel in MEETING_CHANNELS and bool(self.due_time)


@dataclass(frozen=True)
class Problem:
    """A problem that was raised and is not solved."""

    interaction_id: int
    words: str
    severity: Severity
    happened_at: datetime


@dataclass(frozen=True)
class File:
    """A document."""

    id: int
    name: str
    size_bytes: int
    uploaded_at: datetime
    uploaded_by: str
    is_for_few: bool


@dataclass(frozen=True)
class Draft:
    """What the viewer has begun to write here."""

    body: str
    channel: str
    saved_at: datetime


@dataclass(frozen=True)
class Record:
    """Everything around the timeline. Lists hold open things only, the soonest due first."""

    relationship: Relationship
    kind: kinds.Kind
    today: date
    roles: list[Role]
    next_step: NextStep
    next_plan: Plan | None
    promises: list[Promise]
    plans: list[Plan]
    problems: list[Problem]
    people: PeopleMap
    points: tuple[Point, ...]
    identifiers: list[tuple[str, str]]
    files: list[File]
    draft: Draft | None
    counts: dict[str, int]
    neighbours: Neighbours | None
    sections: list[Section]
    tags: list[Label]

    @property
    def profile(self) -> Any:
        """What only this kind has; None where there is no such row."""
        return getattr(self.relationship, kinds.profile_name(self.relationship.kind), None)

    @property
    def may_have_promised(self) -> bool:
        """Whether the timeline tells of a promise, or is too long to say."""
        return bool(self.counts.get(TimelineGroup.PROMISES)) or self.counts.get("", 0) > LINES_COUNTED

    @property
    def file_ids(self) -> set[int]:
        """Which documents can be fetched, as far as the page knows them."""
        return {file.id for file in self.files}

    @property
    def conflicts(self) -> list[tuple[kinds.Kind, kinds.Text]]:
        """Other open roles of the party that ask for care in this one; only such as the viewer may know of."""
        others = {role.kind.slug for role in self.roles if not role.is_closed}
        return kinds.registry.conflicts(self.kind.slug, others, self.relationship.party.kind)

    @property
    def stage(self) -> Any:
        """The stage's words."""
        return self.kind.stage_label(self.relationship.stage)


def visible_relationship(viewer: User, kind: str, relationship_id: int) -> Relationship:
    """The relationship with all that its identity line shows, in one query; raises Missing."""
    key = ("relationship", kind, rights_of(viewer))
    rows = kept(key, lambda: KeptRows(_identity(anyone_like(viewer), kind)))
    found = rows.ask({ROW: relationship_id, VIEWER: viewer.pk})
    if not found:
        raise Missing(_("There is no such relationship."))
    return found[0]


def _identity(viewer: User, kind: str) -> QuerySet[Relationship]:
    return (
        Relationship.objects.visible_to(viewer)
        .filter(kind=kind, pk=ROW)
        .select_related(
            "party", "state", "owner", "team", "business_unit", "closed_by", "state__next_touch_owner",
            *_profile_paths(kind),
        )
    )  # fmt: skip


def _profile_paths(kind: str) -> list[str]:
    """The kind's profile, and what it refers to."""
    name = kinds.profile_name(kind)
    fields = apps.get_model(kinds.registry.get(kind).profile)._meta.fields
    return [name, *(f"{name}__{field.name}" for field in fields if field.many_to_one)]


def record(
    *,
    viewer: User,
    relationship: Relationship,
    now: datetime,
    as_of: date | None = None,
    of_list: ListQuery | None = None,
) -> Record:
    """Everything around the timeline, in one query. `as_of` is the day of the people map, by default today.

    `of_list` is the list that the viewer came from, for the rows before and after.
    """
    today = today_of(viewer, now)
    day = as_of or today
    is_owner = relationship.owner_id == viewer.pk
    custom = definitions_for(viewer, relationship)

    def parts() -> KeptPieces:
        anyone = anyone_like(viewer)
        own = own_parts(ROW, bool(custom))
        return KeptPieces(pieces(**_parts(anyone, any_row(anyone, is_owner=is_owner), day), **own))

    wanted = kept(("record", rights_of(viewer), is_owner, day, bool(custom)), parts)
    beside: dict[str, Part] = {}
    if of_list:
        near = lane_around(viewer=viewer, query=of_list, row=relationship, now=now)
        beside = neighbour_parts(viewer=viewer, query=near, row=relationship, now=now)
    found = wanted.ask(values_of(viewer, relationship), pieces(**beside))
    people = people_in(found, viewer=viewer, as_of=day, relationship=relationship)
    return _read(found, relationship, today, people, sections_in(found, custom))


def _parts(viewer: User, relationship: Relationship, day: date) -> dict[str, Part]:
    """What stands around the relationship, of which the viewer was found to know."""
    return {
        **_open_parts(viewer, relationship),
        **_other_parts(viewer, relationship),
        **people_parts(viewer=viewer, party_id=relationship.party_id, as_of=day, relationship=relationship),
    }


def _read(
    found: Mapping[str, Any],
    relationship: Relationship,
    today: date,
    people: PeopleMap,
    sections: list[Section],
) -> Record:
    plans = [_plan(row, today) for row in found["plans"]]
    promises = [_promise(row, today) for row in found["promises"]]
    return Record(
        relationship=relationship,
        kind=kinds.registry.get(relationship.kind),
        today=today,
        roles=[_role(row, relationship) for row in found["roles"]],
        next_step=_next_step(relationship, plans, promises, today),
        next_plan=_next_plan(relationship, plans),
        promises=promises,
        plans=plans,
        problems=[_problem(row) for row in found["problems"]],
        people=people,
        points=read_points(found["party"][0]["points"]),
        identifiers=[(row["scheme"], row["value"]) for row in found["identifiers"]],
        files=[_file(row) for row in found["files"]],
        draft=next((_draft(row) for row in found["draft"]), None),
        counts=read_counts(found["lines"]),
        neighbours=neighbours_in(found) if "itself" in found else None,
        sections=sections,
        tags=[Label(**row) for row in found["tags"]],
    )


def _open_parts(viewer: User, relationship: Relationship) -> dict[str, QuerySet[Any]]:
    return {
        "promises": Commitment.objects.of_seen(relationship, viewer)
        .filter(state__in=OPEN_COMMITMENT_STATES)
        .order_by("current_due_date", "id")
        .values(
            "id", "direction", "what", "state", "original_due_date", "made_at",
            due_date=F("current_due_date"),
            person_name=F("person__name"),
            owner_name=F("owner__name"),
        )[:MOST],
        "plans": FollowUp.objects.of_seen(relationship, viewer)
        .open()
        .order_by("due_date", "due_time", "id")
        .values(
            "id", "what", "due_date", "due_time", "channel",
            assignee_name=F("assignee__name"),
            person_name=F("person__name"),
        )[:MOST],
        "problems": Interaction.objects.of_seen(relationship, viewer)
        .current()
        .filter(problem_severity__isnull=False, problem_closed_at=None)
        .order_by("-problem_severity", "happened_at", "id")
        .values("id", "subject", "body", "problem_severity", "happened_at")[:MOST],
    }  # fmt: skip


def _other_parts(viewer: User, relationship: Relationship) -> dict[str, Part]:
    party = relationship.party_id
    return {
        "roles": Relationship.objects.visible_to(viewer)
        .filter(party_id=party)
        .order_by("kind", "id")
        .values("id", "kind", "stage", "closed_at", unit=F("business_unit__name")),
        "party": Party.objects.filter(pk=party).values("id", points=points_of(party)),
        "identifiers": PartyIdentifier.objects.filter(party_id=party)
        .order_by("scheme", "value")
        .values("scheme", "value")[:MOST],
        "files": Document.objects.of_seen(relationship, viewer)
        .order_by("-uploaded_at", "-id")
        .values(
            "id", "name", "size_bytes", "uploaded_at", "confidentiality",
            uploaded_by_name=F("uploaded_by__name"),
        )[:MOST],
        "draft": ComposerDraft.objects.filter(writer=viewer, relationship=relationship)
        .order_by("id")
        .values("body", "channel", "saved_at"),
        "lines": line_counts(viewer, relationship),
        "tags": labels_of(relationship.pk),
    }  # fmt: skip


def _draft(row: Mapping[str, Any]) -> Draft:
    return Draft(row["body"], row["channel"], row["saved_at"])


def _role(row: Mapping[str, Any], relationship: Relationship) -> Role:
    kind = kinds.registry.get(row["kind"])
    return Role(
        relationship_id=row["id"],
        kind=kind,
        unit=row["unit"],
        stage=str(kind.stage_label(row["stage"])),
        is_closed=row["closed_at"] is not None,
        is_current=row["id"] == relationship.pk,
    )


def _promise(row: Mapping[str, Any], today: date) -> Promise:
    days = (row["due_date"] - today).days
    return Promise(
        id=row["id"],
        direction=row["direction"],
        what=row["what"],
        state=row["state"],
        due_date=row["due_date"],
        original_due_date=row["original_due_date"],
        made_at=row["made_at"],
        person=row["person_name"] or "",
        owner=row["owner_name"],
        tone="bad" if days < 0 else "warn" if days <= AT_RISK_DAYS else "",
    )


def _plan(row: Mapping[str, Any], today: date) -> Plan:
    return Plan(
        id=row["id"],
        what=row["what"],
        due_date=row["due_date"],
        due_time=(row["due_time"] or "")[:5],
        channel=row["channel"],
        assignee=row["assignee_name"],
        person=row["person_name"] or "",
        is_overdue=row["due_date"] < today,
    )


def _problem(row: Mapping[str, Any]) -> Problem:
    words = row["subject"] or row["body"]
    if len(words) > EXCERPT:
        words = words[: EXCERPT - 1].rstrip() + "…"
    return Problem(row["id"], words, Severity(row["problem_severity"]), row["happened_at"])


def _file(row: Mapping[str, Any]) -> File:
    return File(
        id=row["id"],
        name=row["name"],
        size_bytes=row["size_bytes"],
        uploaded_at=row["uploaded_at"],
        uploaded_by=row["uploaded_by_name"],
        is_for_few=row["confidentiality"] > Confidentiality.INTERNAL,
    )


def _next_plan(relationship: Relationship, plans: list[Plan]) -> Plan | None:
    state = relationship.state
    if state.next_touch_reason != NextTouchReason.FOLLOW_UP:
        return None
    return next((plan for plan in plans if plan.id == state.next_touch_id), None)


def _next_step(
    relationship: Relationship, plans: list[Plan], promises: list[Promise], today: date
) -> NextStep:
    """What comes next, from what is at hand; without any plan the rhythm asks for a touch."""
    state = relationship.state
    planned: Any = _next_plan(relationship, plans)
    if state.next_touch_reason == NextTouchReason.COMMITMENT:
        planned = next((promise for promise in promises if promise.id == state.next_touch_id), None)
    return NextStep(
        what=planned.what if planned else "",
        channel=getattr(planned, "channel", ""),
        due_date=state.next_touch_date,
        reason=state.next_touch_reason,
        is_overdue=state.next_touch_date is not None and state.next_touch_date < today,
    )
