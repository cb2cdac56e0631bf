"""What a stakeholder kind declares, and the register of all kinds. The kernel never asks which kind it is."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise

Text = str | Promise


@dataclass(frozen=True)
class Stage:
    """A step in the life of a relationship of the kind."""

    slug: str
    label: Text


@dataclass(frozen=True)
class Column:
    """A column that the kind adds to its list: `path` is an ORM path from Relationship, fetched with the row."""

    key: str
    label: Text
    path: str
    numeric: bool = False


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
class Kind:
    """Everything the product needs to know of a stakeholder kind."""

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


registry = KindRegistry()


def profile_name(slug: str) -> str:
    """How a relationship of the kind calls its profile: the profile's model name, by the one-to-one field."""
    return registry.get(slug).profile.rpartition(".")[2].lower()


def choices() -> list[tuple[str, Any]]:
    """The kinds as choices; a callable, so that a new kind needs no migration of the kernel."""
    return [(kind.slug, kind.label_plural) for kind in registry]
