"""Who belongs to a party on a day, how, and how to reach them: the people map and its equal table."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import BooleanField, Case, Exists, F, Max, OuterRef, Q, QuerySet, Subquery, When
from django.db.models.functions import JSONObject
from django.utils.translation import gettext as _

from accounts.models import User
from relationships.enums import ContactPointKind, PartyKind, Stance
from relationships.models import ContactPoint, Interaction, Party, PartyLink, Relationship
from relationships.queries.kept import any_row, anyone_like, kept, places, values_of
from relationships.queries.tie_words import tie_words
from relationships.queries.together import Counted, KeptPieces, Part, pieces, together
from relationships.querysets import rights_of

STRONG = 4
MOST = 200
TONES = {Stance.SUPPORTER: "good", Stance.SCEPTIC: "warn", Stance.OPPONENT: "bad"}
RECENT_DAYS = 365
RECENT_TALKS = 100
"""Of so many conversations, the newest, those who took part belong to the people whatever ties them."""


@dataclass(frozen=True)
class Point:
    """A way to reach somebody; `href` calls, writes or opens, and is empty where that is not possible."""

    id: int
    kind: str
    value: str
    normalised: str
    label: str
    is_preferred: bool
    do_not_use: bool

    @property
    def href(self) -> str:
        """The address that a device can act on."""
        if self.do_not_use:
            return ""
        schemes = {
            ContactPointKind.EMAIL: "mailto:",
            ContactPointKind.PHONE: "tel:",
            ContactPointKind.URL: "",
        }
        scheme = schemes.get(ContactPointKind(self.kind))
        return "" if scheme is None else f"{scheme}{self.normalised}"

    @property
    def icon(self) -> str:
        """Its glyph."""
        return ICON_OF_POINT[ContactPointKind(self.kind)]

    @property
    def kind_words(self) -> str:
        """What kind of address it is."""
        return str(ContactPointKind(self.kind).label)


ICON_OF_POINT = {
    ContactPointKind.EMAIL: "mail",
    ContactPointKind.PHONE: "phone",
    ContactPointKind.POSTAL: "map-pin",
    ContactPointKind.URL: "globe",
    ContactPointKind.SOCIAL: "at-sign",
}


@dataclass(frozen=True)
class Tie:
    """Another party and how it stands to the one in the middle.

    `party_id` is None where the viewer may not know who it is: the tie is there, the name is not. `link_id` is
    None for somebody who only took part in conversations.
    """

    party_id: int | None
    name: str
    role: str
    is_person: bool
    job_title: str = ""
    link_id: int | None = None
    strength: int = 0
    influence: int = 0
    stance: str = ""
    since_date: date | None = None
    until_date: date | None = None
    is_past: bool = False
    note: str = ""
    last_talk_at: datetime | None = None
    points: tuple[Point, ...] = ()

    @property
    def restricted(self) -> bool:
        """Whether the viewer may know no more than that there is somebody."""
        return self.party_id is None

    @property
    def url(self) -> str:
        """Their page."""
        return f"/parties/{self.party_id}/" if self.party_id else "#people"

    @property
    def strong(self) -> bool:
        """Whether it is drawn as a strong tie."""
        return self.strength >= STRONG

    @property
    def past(self) -> bool:
        """What the graph calls a tie that has ended."""
        return self.is_past

    @property
    def tone(self) -> str:
        """The colour of their stance towards us."""
        return TONES.get(Stance(self.stance), "")

    @property
    def stance_words(self) -> str:
        """How they stand towards us, in words."""
        return str(Stance(self.stance).label) if self.stance else ""

    def point(self, kind: str) -> Point | None:
        """The way to reach them of a kind: the preferred one, or else the first that may be used."""
        usable = [point for point in self.points if point.kind == kind and not point.do_not_use]
        return min(usable, key=lambda point: not point.is_preferred, default=None)

    @property
    def phone(self) -> Point | None:
        """The number to call."""
        return self.point(ContactPointKind.PHONE)

    @property
    def email(self) -> Point | None:
        """The address to write to."""
        return self.point(ContactPointKind.EMAIL)


@dataclass(frozen=True)
class PeopleMap:
    """Everybody around a party on a day; `ties` are sorted by what they mean to us."""

    as_of: date
    ties: list[Tie] = field(default_factory=list)

    @property
    def known(self) -> list[Tie]:
        """Those whom the viewer may know."""
        return [tie for tie in self.ties if not tie.restricted]

    @property
    def persons(self) -> list[Tie]:
        """The human beings among them who are with the party now: those one talks to."""
        return [tie for tie in self.known if tie.is_person and not tie.past]

    @property
    def strong_ties(self) -> int:
        """How many hold strongly."""
        return sum(tie.strong and not tie.past for tie in self.ties)


LINK_FIELDS = (
    *("id", "since_date", "until_date", "strength", "influence", "stance", "note", "outgoing", "other_id"),
    *("is_visible", "type_slug", "forward", "reverse", "other_name", "other_kind", "job_title", "points"),
)


def persons_of(*, viewer: User, relationship: Relationship, as_of: date) -> list[Tie]:
    """The human beings whom one talks to in a relationship, in one query (`people_in`)."""
    parts = people_parts(
        viewer=viewer, party_id=relationship.party_id, as_of=as_of, relationship=relationship
    )
    found = together(**parts)
    return people_in(found, viewer=viewer, as_of=as_of, relationship=relationship).persons


def people_parts(
    *, viewer: User, party_id: int, as_of: date, relationship: Relationship | None
) -> dict[str, Part]:
    """What `together` is to find so that `people_in` can tell who belongs to a party on a day.

    Conversations count only of `relationship`, which the viewer was found to know of, or of all that are visible.
    """
    if relationship is None:
        talk = Interaction.objects.visible_to(viewer).current()
        links = _links(Party.objects.visible_to(viewer), party_id, as_of)
        last = talk.filter(people=OuterRef("other_id")).order_by("-happened_at").values("happened_at")[:1]
        links = links.values(*LINK_FIELDS, last_talk_at=Subquery(last))
        return {"links": links}
    theirs = _theirs(viewer, relationship, as_of)
    newest = theirs.order_by("-happened_at", "-id")[:RECENT_TALKS]
    return {
        "links": _links(Party.objects.beside_seen(viewer), party_id, as_of).values(*LINK_FIELDS),
        "talked": _talked(viewer, party_id, newest),
        "met": _met(newest),
        "talks": Counted(theirs, cap=RECENT_TALKS),
    }


def people_in(
    found: Mapping[str, Any],
    *,
    viewer: User,
    as_of: date,
    relationship: Relationship | None = None,
) -> PeopleMap:
    """The map, from what `people_parts` found. A party whom two links tie is there once, by the closer one.

    One more query where there are a great many conversations and somebody linked was in none of the newest.
    """
    met = {row["person_id"]: row["last_talk_at"] for row in found.get("met", ())}
    linked = {row["other_id"] for row in found["links"]}
    if relationship is not None and found["talks"] > RECENT_TALKS and linked - met.keys():
        earlier = _met_earlier(viewer, relationship, as_of, linked - met.keys())
        met |= {row["person_id"]: row["last_talk_at"] for row in earlier}
    ties = [_linked({"last_talk_at": met.get(row["other_id"]), **row}, as_of) for row in found["links"]]
    ties += [_spoken({"last_talk_at": met.get(row["id"]), **row}) for row in found.get("talked", ())]
    ties.sort(
        key=lambda tie: (tie.past, tie.restricted, not tie.is_person, -tie.influence, -tie.strength, tie.name)
    )
    seen: set[int] = set()
    once = []
    for tie in ties:
        if tie.party_id is None or tie.party_id not in seen:
            once.append(tie)
        seen |= {tie.party_id} if tie.party_id else set()
    return PeopleMap(as_of, once)


def points_of(party: Any) -> ArraySubquery:
    """The contact points of a party as objects, the preferred ones first; for `.values()`."""
    points = ContactPoint.objects.filter(party_id=party).order_by("kind", "-is_preferred", "id")
    fields = ("id", "kind", "value", "normalised", "label", "is_preferred", "do_not_use_since")
    return ArraySubquery(points.values(point=JSONObject(**{name: F(name) for name in fields})))


def read_points(rows: Sequence[Mapping[str, Any]] | None) -> tuple[Point, ...]:
    """Contact points from what `points_of` found."""
    return tuple(
        Point(
            id=row["id"],
            kind=row["kind"],
            value=row["value"],
            normalised=row["normalised"],
            label=row["label"],
            is_preferred=row["is_preferred"],
            do_not_use=row["do_not_use_since"] is not None,
        )
        for row in rows or ()
    )


def _links(known: QuerySet[Party], party_id: int, as_of: date) -> QuerySet[Any]:
    """Links that held on the day, and those that ended in the year before it; names only of those `known`."""
    out = Q(source_party_id=party_id)
    visible = Exists(known.filter(pk=OuterRef("other_id")))
    others = Party.objects.filter(pk=OuterRef("other_id"))
    held = Q(since_date=None) | Q(since_date__lte=as_of)
    recent = Q(until_date=None) | Q(until_date__gte=as_of - timedelta(days=RECENT_DAYS))
    return (
        PartyLink.objects.filter(out | Q(target_party_id=party_id), held, recent)
        .annotate(
            outgoing=Case(When(out, then=True), default=False, output_field=BooleanField()),
            other_id=Case(When(out, then=F("target_party_id")), default=F("source_party_id")),
        )
        .annotate(
            is_visible=visible,
            type_slug=F("type__slug"),
            forward=F("type__forward"),
            reverse=F("type__reverse"),
            other_name=Subquery(others.values("name")),
            other_kind=Subquery(others.values("kind")),
            job_title=Subquery(others.values("job_title")),
            points=points_of(OuterRef("other_id")),
        )
        .order_by("id")[:MOST]
    )


def _theirs(viewer: User, relationship: Relationship, as_of: date) -> QuerySet[Interaction]:
    """The conversations of the relationship until the day."""
    return Interaction.objects.of_seen(relationship, viewer).current().filter(happened_at__date__lte=as_of)


def _met(theirs: QuerySet[Any]) -> QuerySet[Any]:
    """When each person last took part, in one pass: asked person by person, a long history is read as often."""
    return (
        Interaction.people.through._default_manager.filter(interaction__in=theirs)
        .values(person_id=F("party_id"))
        .annotate(last_talk_at=Max("interaction__happened_at"))
        .order_by("person_id")
    )


def _met_earlier(
    viewer: User, relationship: Relationship, as_of: date, persons: set[int]
) -> list[dict[str, Any]]:
    """`_met` of these persons, in all conversations."""
    is_owner = relationship.owner_id == viewer.pk

    def parts() -> KeptPieces:
        anyone = anyone_like(viewer)
        theirs = _theirs(anyone, any_row(anyone, is_owner=is_owner), as_of)
        return KeptPieces(pieces(met=_met(theirs).filter(party_id__in=slots)))

    slots = places(len(persons))
    wanted = kept(("met earlier", rights_of(viewer), is_owner, as_of, slots), parts)
    asked = values_of(viewer, relationship) | dict(zip(slots, persons, strict=True))
    found: list[dict[str, Any]] = wanted.ask_of_these(asked)["met"]
    return found


def _talked(viewer: User, party_id: int, theirs: QuerySet[Any]) -> QuerySet[Any]:
    """Persons who took part in these conversations and whom no link ties to the party."""
    tied = PartyLink.objects.filter(
        Q(source_party_id=party_id, target_party=OuterRef("pk"))
        | Q(target_party_id=party_id, source_party=OuterRef("pk"))
    )
    took_part = Interaction.people.through._default_manager.filter(interaction__in=theirs)
    return (
        Party.objects.visible_to(viewer)
        .filter(pk__in=took_part.values("party_id"), kind=PartyKind.PERSON)
        .exclude(pk=party_id)
        .exclude(Exists(tied))
        .order_by("name", "id")
        .values("id", "name", "job_title", points=points_of(OuterRef("pk")))[:MOST]
    )


def _linked(row: Mapping[str, Any], as_of: date) -> Tie:
    past = row["until_date"] is not None and row["until_date"] < as_of
    if not row["is_visible"]:
        return Tie(party_id=None, name=_("Restricted"), role="", is_person=False, is_past=past)
    return Tie(
        party_id=row["other_id"],
        name=row["other_name"],
        role=row["job_title"] or tie_words(row["reverse"] if row["outgoing"] else row["forward"]),
        is_person=row["other_kind"] == PartyKind.PERSON,
        job_title=row["job_title"],
        link_id=row["id"],
        strength=row["strength"],
        influence=row["influence"],
        stance=row["stance"],
        since_date=row["since_date"],
        until_date=row["until_date"],
        is_past=past,
        note=row["note"],
        last_talk_at=row["last_talk_at"],
        points=read_points(row["points"]),
    )


def _spoken(row: Mapping[str, Any]) -> Tie:
    return Tie(
        party_id=row["id"],
        name=row["name"],
        role=row["job_title"] or _("took part in talks"),
        is_person=True,
        job_title=row["job_title"],
        last_talk_at=row["last_talk_at"],
        points=read_points(row["points"]),
    )
