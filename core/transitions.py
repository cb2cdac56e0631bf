"""State machines as declared tables: buttons, API and tests are generated from them, never from an `if`."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from core.refusals import Conflict


@dataclass(frozen=True)
class Transition:
    """One permitted move. `guard` returns the names of what is missing, none when the move may happen."""

    name: str
    sources: frozenset[str]
    target: str
    permission: str
    label: str
    guard: Callable[[Any], list[str]] | None = None


@dataclass(frozen=True)
class TransitionTable:
    """Every move of one entity's `state` column."""

    entity: str
    initial: str
    transitions: tuple[Transition, ...]
    final: frozenset[str] = field(default_factory=frozenset)

    @property
    def states(self) -> list[str]:
        """All states, in the order in which the table first names them."""
        named = [self.initial]
        for move in self.transitions:
            named += [*sorted(move.sources), move.target]
        return list(dict.fromkeys(named))

    def named(self, name: str) -> Transition:
        """The move called `name`; raises KeyError for a name that the table does not know: a programming error."""
        for move in self.transitions:
            if move.name == name:
                return move
        raise KeyError(f"{self.entity} has no transition {name!r}")

    def allowed(self, state: str) -> list[Transition]:
        """The moves that leave `state`."""
        return [move for move in self.transitions if state in move.sources]

    def resolve(self, name: str, thing: Any) -> Transition:
        """The move called `name` for `thing`; raises Conflict with the allowed list when there is none.

        Raises KeyError for a name that the table does not know in any state: that is a programming error.
        """
        self.named(name)
        for move in self.allowed(thing.state):
            if move.name == name:
                missing = move.guard(thing) if move.guard else []
                if missing:
                    raise Conflict(f"{self.entity} cannot be moved by “{move.label}” yet.", missing=missing)
                return move
        raise Conflict(
            f"{self.entity} is {thing.state}; “{name}” is not possible from there.",
            allowed=[move.name for move in self.allowed(thing.state)],
        )
