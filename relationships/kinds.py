"""What a stakeholder kind declares, and the register of all kinds. The kernel never asks which kind it is."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise

from accounts.enums import Permission

Text = str | Promise


@dataclass(frozen=True)
class Stage:
    """A step in the life of a relationship of the kind."""

    slug: str
    label: Text


@dataclass(frozen=True)
class Column:
    """A column that the kind adds to its list: `path` is an ORM path from Relationship, fetched with the row.

    The list can be narrowed by it, by one of its choices or by a part of its text, unless `is_filter` is off.
    """

    key: str
    label: Text
    path: str
    numeric: bool = False
    is_filter: bool = True


@dataclass(frozen=True)
class ScorecardComponent:
    """One line of the kind's default scorecard; `measure` names a registered measure."""

    key: str
    group: str
    measure: str
    weight: float
    curve: tuple[tuple[float, float], ...]
    half_life_days: float
    min_evidence: float = 1.0


@dataclass(frozen=True)
class PlaybookStep:
    """One thing to do: a follow-up due so many working days after the run began, on the unit's calendar."""

    what: Text
    offset_days: int
    channel: str = ""


@dataclass(frozen=True)
class Playbook:
    """A technique for a situation, as the kind's own people would use it; steps in the order of their days.

    `purpose` says when to reach for it and what it is to change.
    """

    slug: str
    label: Text
    purpose: Text
    steps: tuple[PlaybookStep, ...]


@dataclass(frozen=True)
class Conflict:
    """A second role of the same party that asks for care, and what to heed.

    Declared by one of the two kinds and told on the records of both. `party_kinds` limits it to parties of
    some kinds (a public body that is a customer); empty means any.
    """

    other: str
    words: Text
    party_kinds: tuple[str, ...] = ()


@dataclass(frozen=True)
class Sight:
    """Who alone may know of the relationships of a kind, whatever else anybody's role reaches.

    Grants of one of the `roles` reach it as far as their scope goes; no other grant does. `people` are paths
    from Relationship to a user, each with what that user may do there without any grant: the kernel's own
    columns, or one of the kind's profile (`profile__field`).
    """

    roles: frozenset[str]
    people: Mapping[str, frozenset[Permission]]


@dataclass(frozen=True)
class Kind:
    """Everything the product needs to know of a stakeholder kind.

    `heading` puts the kind under a heading of its own in the navigation, with others of that heading. Kinds
    with `has_trade` off have neither orders nor a way of trading. `sight` closes the kind to everybody else.
    """

    slug: str
    label: Text
    label_plural: Text
    icon: str
    colour: str
    key: str
    profile: str
    cadence_days: int
    stages: tuple[Stage, ...]
    components: tuple[ScorecardComponent, ...]
    groups: Mapping[str, Text]
    columns: tuple[Column, ...] = ()
    party_kinds: tuple[str, ...] = ("organisation", "person")
    playbooks: tuple[Playbook, ...] = ()
    position: int = 100
    heading: Text = ""
    has_trade: bool = True
    conflicts: tuple[Conflict, ...] = ()
    sight: Sight | None = None

    def is_open_to(self, role: str) -> bool:
        """Whether grants of a role reach the kind at all."""
        return self.sight is None or role in self.sight.roles

    @property
    def filters(self) -> tuple[Column, ...]:
        """The columns that its list can be narrowed by."""
        return tuple(column for column in self.columns if column.is_filter)

    @property
    def first_stage(self) -> str:
        """Where a new relationship of this kind starts."""
        return self.stages[0].slug

    def stage_label(self, slug: str) -> Text:
        """A stage's words; the slug itself for a stage that the kind no longer has."""
        return next((stage.label for stage in self.stages if stage.slug == slug), slug)

    def playbook(self, slug: str) -> Playbook | None:
        """The playbook called `slug`; None where the kind has none."""
        return next((playbook for playbook in self.playbooks if playbook.slug == slug), None)


class KindRegistry:
    """All kinds by slug, in the order of their position."""

    def __init__(self) -> None:
        self._kinds: dict[str, Kind] = {}

    def register(self, kind: Kind) -> None:
        """Adds a kind; called from its app's `AppConfig.ready()`. Raises ValueError when the slug is taken."""
        if kind.slug in self._kinds and self._kinds[kind.slug] != kind:
            raise ValueError(f"two kinds are called {kind.slug!r}")
        self._kinds[kind.slug] = kind

    def get(self, slug: str) -> Kind:
        """The kind called `slug`; raises KeyError."""
        return self._kinds[slug]

    def __contains__(self, slug: object) -> bool:
        return slug in self._kinds

    def __iter__(self) -> Iterator[Kind]:
        return iter(sorted(self._kinds.values(), key=lambda kind: (kind.position, kind.slug)))

    @property
    def slugs(self) -> list[str]:
        """The slugs, in order."""
        return [kind.slug for kind in self]

    @property
    def closed(self) -> "list[tuple[Kind, Sight]]":
        """The kinds that only some may know of, with who that is."""
        return [(kind, kind.sight) for kind in self if kind.sight is not None]

    def conflicts(self, slug: str, others: Collection[str], party_kind: str) -> "list[tuple[Kind, Text]]":
        """What to heed in the role `slug` of a party that has the roles `others` too: the other kind, and why.

        Give only roles that the viewer may know of: each that matters is named.
        """
        found = []
        for kind in self:
            for rule in kind.conflicts:
                pair = {kind.slug, rule.other}
                applies = not rule.party_kinds or party_kind in rule.party_kinds
                if slug in pair and applies and pair <= {slug, *others}:
                    (other,) = pair - {slug}
                    found.append((self.get(other), rule.words))
        return found


registry = KindRegistry()


def profile_name(slug: str) -> str:
    """How a relationship of the kind calls its profile: the profile's model name, by the one-to-one field."""
    return registry.get(slug).profile.rpartition(".")[2].lower()


def choices() -> list[tuple[str, Any]]:
    """The kinds as choices; a callable, so that a new kind needs no migration of the kernel."""
    return [(kind.slug, kind.label_plural) for kind in registry]
