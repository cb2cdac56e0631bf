"""What is to be made, and the draws that everything else is made from."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

import numpy as np
from numpy.random import Generator, default_rng
from numpy.typing import NDArray

from accounts.models import BusinessUnit, User
from relationships import kinds

Numbers = NDArray[np.int64]

CHUNK = 20_000
HISTORY = timedelta(days=500)
NEWCOMERS = 0.05
"""Share of the relationships that were opened in the last weeks and have seen no contact yet."""

HEAVIEST = 2_400
"""Contacts that the busiest relationship is to have, where there are enough of them to go round."""


@dataclass(frozen=True)
class Size:
    """How much is made, from which seed; `until` is the moment at which the story ends."""

    relationships: int
    interactions: int
    seed: int
    until: datetime

    def draws(self, part: str, number: int = 0) -> Generator:
        """The random numbers of one part: the same ones whatever the other parts draw."""
        return default_rng([self.seed, number, *part.encode()])


@dataclass
class Cast:
    """Our own people: `owners` with how much each of them looks after, by falling share."""

    unit: BusinessUnit
    system: User
    owners: list[User]
    teams: list[int]
    shares: NDArray[np.float64]


@dataclass
class Book:
    """What later parts need of every relationship, by its number from 0: columns, not objects."""

    first_id: int
    kind: NDArray[np.int8]
    party: Numbers
    owner: Numbers
    cadence: NDArray[np.int16]
    opened: Numbers
    closed: NDArray[np.bool_]
    first_person: Numbers
    people: NDArray[np.int8]
    contact: dict[str, Numbers] = field(default_factory=dict)
    problems: Numbers = field(default_factory=lambda: np.zeros(0, np.int64))
    events: int = 0
    """Id of the next event."""

    @classmethod
    def empty(cls, size: int, first_id: int) -> "Book":
        """Room for `size` relationships."""

        def zeros() -> Numbers:
            return np.zeros(size, np.int64)

        return cls(
            first_id=first_id,
            kind=np.zeros(size, np.int8),
            party=zeros(),
            owner=zeros(),
            cadence=np.zeros(size, np.int16),
            opened=zeros(),
            closed=np.zeros(size, np.bool_),
            first_person=zeros(),
            people=np.zeros(size, np.int8),
            contact={"any": zeros(), "in": zeros(), "out": zeros()},
            problems=zeros(),
        )


def zipf(count: int, slope: float = 1.0) -> NDArray[np.float64]:
    """Shares that add up to 1, each falling with its rank."""
    weights = 1.0 / np.arange(1, count + 1, dtype=np.float64) ** slope
    return np.asarray(weights / weights.sum(), np.float64)


def declared() -> list[kinds.Kind]:
    """The registered kinds, the first being the commonest."""
    return list(kinds.registry)


def cumulative_activity(size: Size, newcomers: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Running shares of all contacts: few relationships have most of them, and the first one has very many."""
    count = size.relationships
    weights = size.draws("activity").lognormal(0.0, 1.3, count)
    weights[newcomers] = 0.0
    heavy = min(HEAVIEST / max(size.interactions, 1), 0.25)
    others = weights[1:].sum()
    weights[0] = heavy / (1.0 - heavy) * others if others else 1.0
    running = np.cumsum(weights)
    return np.asarray(running / running[-1], np.float64)
