"""Two parties side by side before one goes into the other: whether that may be, what is chosen, what moves."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db.models import Min, Model, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.enums import Confidentiality, Permission
from accounts.models import User
from core.refusals import Conflict, Invalid, Missing, NotAllowed
from relationships import kinds
from relationships.models import ConfidentialAccess, Document, Event, Interaction, Party, Relationship
from relationships.permissions import may_in
from relationships.queries.together import Counted, together
from relationships.querysets import InRelationshipQuerySet
from relationships.registry import Carried, registry

EMPTY: tuple[Any, ...] = (None, "", [])
MOST_COUNTED = 1_000_000
PARTY = {
    "name": gettext_lazy("Name"),
    "kind": gettext_lazy("What it is"),
    "legal_name": gettext_lazy("Legal name"),
    "job_title": gettext_lazy("Job"),
    "sector": gettext_lazy("Sector"),
    "place": gettext_lazy("Place"),
    "country": gettext_lazy("Country"),
    "time_zone": gettext_lazy("Time zone"),
    "locale": gettext_lazy("Language"),
    "about": gettext_lazy("Notes"),
}
TERMS = {
    "stage": gettext_lazy("Stage"),
    "owner": gettext_lazy("Owner"),
    "cadence_days": gettext_lazy("Rhythm, in days"),
    "objective": gettext_lazy("Objective"),
    "sensitivity_note": gettext_lazy("Handle with care"),
    "revenue_type": gettext_lazy("Trade"),
}


@dataclass(frozen=True)
class Choice:
    """One field of both: `key` names it in a form, `kept` and `other` are what each says of it."""

    key: str
    label: Any
    kept: Any
    other: Any

    @property
    def is_equal(self) -> bool:
        """Whether there is nothing to choose."""
        return bool(self.kept == self.other)

    @property
    def side(self) -> str:
        """Whose value stands unless somebody chooses: the kept party's, unless it says nothing."""
        return "drop" if self.kept in EMPTY and self.other not in EMPTY else "keep"


@dataclass(frozen=True)
class Joined:
    """Two open relationships of the same kind and unit, which become one, with their profiles."""

    kept: Relationship
    other: Relationship
    kept_profile: Model | None
    other_profile: Model | None

    @property
    def kind(self) -> kinds.Kind:
        """What both are."""
        return kinds.registry.get(self.kept.kind)

    @property
    def choices(self) -> list[Choice]:
        """The fields of both relationships and of their profiles."""
        told = [
            self._term(name, label)
            for name, label in TERMS.items()
            if name != "revenue_type" or self.kind.has_trade
        ]
        if self.kept_profile and self.other_profile:
            told += [
                Choice(
                    f"profile:{self.kept.pk}:{field.name}",
                    field.verbose_name,
                    _told(self.kept_profile, field.name),
                    _told(self.other_profile, field.name),
                )
                for field in self.kept_profile._meta.concrete_fields
                if not field.primary_key
            ]
        return told

    def _term(self, name: str, label: Any) -> Choice:
        kept, other = _told(self.kept, name), _told(self.other, name)
        if name == "stage":
            words = {stage.slug: stage.label for stage in self.kind.stages}
            kept, other = words.get(kept, kept), words.get(other, other)
        if name == "owner":
            kept, other = _in_hand(self.kept), _in_hand(self.other)
        return Choice(f"relationship:{self.kept.pk}:{name}", label, kept, other)


@dataclass(frozen=True)
class Both:
    """Two parties that may be made one: `drop` goes into `keep`."""

    keep: Party
    drop: Party
    relationships: Sequence[Relationship]
    joined: Sequence[Joined]

    @property
    def choices(self) -> list[Choice]:
        """The fields of both parties."""
        return [
            Choice(f"party:{name}", label, _told(self.keep, name), _told(self.drop, name))
            for name, label in PARTY.items()
        ]

    @property
    def moving(self) -> list[Relationship]:
        """The relationships that come along as they are."""
        gone = {pair.other.pk for pair in self.joined}
        return [each for each in self.relationships if each.party_id == self.drop.pk and each.pk not in gone]

    def every_choice(self) -> list[Choice]:
        """Of the parties, then of each two relationships that are joined."""
        return [*self.choices, *(choice for pair in self.joined for choice in pair.choices)]


@dataclass(frozen=True)
class Line:
    """A field to choose: which side stands as things are, and what is wrong with that."""

    choice: Choice
    side: str
    errors: Sequence[str]


@dataclass(frozen=True)
class Group:
    """The fields of one thing: of the parties (no title), or of two relationships that become one."""

    title: str
    lines: list[Line]
    equal: int


@dataclass(frozen=True)
class Comparison:
    """The page of two parties: what differs, how much comes along, and what is wrong with what was sent."""

    both: Both
    groups: list[Group]
    counts: list[tuple[Any, int]]
    errors: list[str]


def comparison(
    *,
    viewer: User,
    keep_id: int,
    drop_id: int,
    choices: Mapping[str, str] | None = None,
    errors: Mapping[str, Sequence[str]] | None = None,
) -> Comparison:
    """Both side by side, with what was chosen so far; raises what `two_parties` raises."""
    both = two_parties(viewer=viewer, keep_id=keep_id, drop_id=drop_id)
    sent, wrong = choices or {}, errors or {}
    parts = [("", both.choices)]
    parts += [(f"{pair.kind.label}, {pair.kept.business_unit.name}", pair.choices) for pair in both.joined]
    groups = [
        Group(
            title,
            [
                Line(choice, sent.get(choice.key, choice.side), wrong.get(choice.key, ()))
                for choice in told
                if not choice.is_equal
            ],
            sum(choice.is_equal and choice.kept not in EMPTY for choice in told),
        )
        for title, told in parts
    ]
    words = [sentence for key in wrong for sentence in wrong[key]]
    return Comparison(both, groups, counts_moving(viewer=viewer, both=both), words)


def two_parties(*, viewer: User, keep_id: int, drop_id: int, every: bool = False) -> Both:
    """Both as the viewer sees them; with `every`, for somebody who is about to make them one, with all that there is.

    Raises Missing for a party out of sight, Invalid for one and the same, NotAllowed without the right, Conflict
    for a person and an organisation, and for two classes of confidentiality. What is out of sight is refused in
    the same words, and not before `every` is asked for: a page must not tell that there is something.
    """
    if keep_id == drop_id:
        raise Invalid({"with": _("That is the same one. Choose another.")})
    seen = Party.objects.visible_to(viewer).in_bulk([keep_id, drop_id])
    if len(seen) < 2:
        raise Missing(_("There is no such party."))
    if not viewer.may(Permission.EDIT_PARTIES):
        raise NotAllowed(_("Your role does not allow changing parties."))
    keep, drop = seen[keep_id], seen[drop_id]
    sight = Relationship.objects.visible_to(viewer)
    found = list(
        sight.filter(party_id__in=seen)
        .select_related("party", "business_unit", "owner", "team", "state")
        .order_by("pk")
    )
    joined = _joined(found, keep)
    if not _of_one_class(sight, keep, drop, found, joined):
        raise across_classes()
    if every and is_partly_hidden(seen, found):
        raise across_classes()
    if not all(may_in(viewer, Permission.MANAGE_RELATIONSHIPS, each) for each in found):
        raise NotAllowed(_("Your role does not allow changing every relationship of these two."))
    if keep.is_person != drop.is_person:
        raise Conflict(_("A person and an organisation are never one. Link them instead."))
    return Both(keep, drop, found, joined)


def across_classes() -> Conflict:
    """The refusal that tells nothing of what is hidden."""
    return Conflict(
        _(
            "These two cannot be made one, or parted, here: they are not of one class of confidentiality, or not "
            "everything about them is yours to see. Ask an administrator to look at both."
        )
    )


def is_partly_hidden(party_ids: Iterable[int], found: Sequence[Relationship]) -> bool:
    """Whether the parties have other relationships than those found."""
    return Relationship.objects.filter(party_id__in=party_ids).count() > len(found)


def has_for_few(both: Both, taken: Collection[str]) -> bool:
    """Whether the owner of one of two relationships holds something of a higher class that the other would come to see.

    `taken` are the keys of the fields for which the other party's value was chosen.
    """
    given_up = [
        pair.kept.pk if f"relationship:{pair.kept.pk}:owner" in taken else pair.other.pk
        for pair in both.joined
        if pair.kept.owner_id != pair.other.owner_id
    ]
    higher = {"relationship__in": given_up, "confidentiality__gt": Confidentiality.INTERNAL}
    few: tuple[type[Model], ...] = (Interaction, Document, Event)
    return any(model._default_manager.filter(**higher).exists() for model in few if given_up)


def counts_moving(*, viewer: User, both: Both) -> list[tuple[Any, int]]:
    """What comes along, each with how many of it the viewer may see; in one query."""
    ids = [each.pk for each in both.relationships if each.party_id == both.drop.pk]
    told = [entry for entry in registry.carried.values() if entry.label]
    parts = {
        f"n{place}": Counted(_named(entry, viewer, both.drop.pk, ids), MOST_COUNTED)
        for place, entry in enumerate(told)
    }
    counts: dict[str, int] = {}
    for entry, n in zip(told, together(**parts).values(), strict=True):
        counts[str(entry.label)] = counts.get(str(entry.label), 0) + n
    return [(label, n) for label, n in counts.items() if n]


def _named(entry: Carried, viewer: User, party_id: int, ids: list[int]) -> "QuerySet[Any, Any]":
    """The rows of a column that name the party, or one of its relationships, and may be seen."""
    model = apps.get_model(entry.model)
    of_party = model._meta.get_field(entry.column).related_model is Party
    named = {f"{entry.column}__in": [party_id] if of_party else ids}
    rows: QuerySet[Any, Any] = model._default_manager.filter(**named, **entry.counted)
    if isinstance(rows, InRelationshipQuerySet):
        rows = rows.visible_to(viewer)
    return rows.order_by().values("pk")


def _joined(found: Iterable[Relationship], keep: Party) -> list[Joined]:
    """Each open relationship of the other with the kept one's of the same kind and unit."""
    still = [each for each in found if each.closed_at is None]
    mine = {(each.kind, each.business_unit_id): each for each in still if each.party_id == keep.pk}
    pairs = [
        (mine[each.kind, each.business_unit_id], each)
        for each in still
        if each.party_id != keep.pk and (each.kind, each.business_unit_id) in mine
    ]
    joined = []
    for kept, other in pairs:
        model = apps.get_model(kinds.registry.get(kept.kind).profile)
        profiles = model._default_manager.in_bulk([kept.pk, other.pk])
        joined.append(Joined(kept, other, profiles.get(kept.pk), profiles.get(other.pk)))
    return joined


def _of_one_class(
    sight: "QuerySet[Relationship]",
    keep: Party,
    drop: Party,
    found: Sequence[Relationship],
    joined: Sequence[Joined],
) -> bool:
    """Whether, as far as the sight goes, nobody would learn anything by it that they may not know of."""
    if _classes(sight, keep, found) != _classes(sight, drop, found):
        return False
    return all(_circle(pair.kept) == _circle(pair.other) for pair in joined)


def _classes(
    sight: "QuerySet[Relationship]", party: Party, found: Sequence[Relationship]
) -> tuple[int, frozenset[int]]:
    """The party's own class and those of its relationships; without any, the most open one near it."""
    own = {_class(each.confidentiality) for each in found if each.party_id == party.pk}
    if not own:
        near = Q(party__links_in__source_party=party) | Q(party__links_out__target_party=party)
        lowest = sight.filter(near).aggregate(lowest=Min("confidentiality"))["lowest"]
        own = {_class(lowest or Confidentiality.INTERNAL)}
    return _class(party.confidentiality), frozenset(own)


def _class(confidentiality: int) -> int:
    """Public and internal are one class: whoever works here may know."""
    return max(confidentiality, Confidentiality.INTERNAL)


def _circle(relationship: Relationship) -> tuple[Any, ...]:
    """Who may know of a relationship beyond its class: its team when restricted, its named people above that."""
    if relationship.confidentiality <= Confidentiality.INTERNAL:
        return ()
    if relationship.confidentiality == Confidentiality.RESTRICTED:
        return relationship.confidentiality, relationship.team_id
    named = ConfidentialAccess.objects.filter(relationship=relationship).values_list("user_id", "until_date")
    return relationship.confidentiality, relationship.owner_id, frozenset(named)


def _in_hand(relationship: Relationship) -> str:
    team = f", {relationship.team.name}" if relationship.team else ""
    return f"{relationship.owner.name}{team}"


def _told(row: Model, name: str) -> Any:
    """The value of a field as people read it."""
    display = getattr(row, f"get_{name}_display", None)
    value = display() if display else getattr(row, name)
    return str(value) if isinstance(value, Model) else value
