"""Where upper apps plug into accounts: the words of kinds, and what is still in somebody's hands."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.functional import Promise

if TYPE_CHECKING:
    from accounts.models import User

Text = str | Promise
OutOfSight = Callable[["User", set[int]], set[int]]


@dataclass(frozen=True)
class OpenItems:
    """Something in hand that must be handed over before its holder goes.

    `of` is who holds it: `user`, `team` or `business_unit`. `count(holder_id, viewer)` gives how many, for a
    viewer without what is closed to them; `words(number)` says it ("3 open relationships"); `url(holder_id)`
    leads to the list, empty when there is none.
    """

    key: str
    of: str
    count: "Callable[[int, User | None], int]"
    words: Callable[[int], str]
    url: Callable[[int], str] = lambda holder_id: ""
    position: int = 100


class Registry:
    """What the upper apps have registered. Filled from `AppConfig.ready()` only."""

    def __init__(self) -> None:
        self._open_items: dict[str, OpenItems] = {}
        self._kind_choices: Callable[[], Iterable[tuple[str, Text]]] = tuple
        self._audit_words: dict[str, Text] = {}
        self._out_of_sight: dict[str, OutOfSight] = {}

    def add_open_items(self, items: OpenItems) -> None:
        """Adds something that must be handed over; a key is registered once."""
        if self._open_items.setdefault(items.key, items) != items:
            raise ValueError(f"two kinds of open items are called {items.key!r}")

    def open_items(self, of: str) -> list[OpenItems]:
        """Everything that a user, a team or a business unit may have in hand, in order."""
        chosen = [items for items in self._open_items.values() if items.of == of]
        return sorted(chosen, key=lambda items: (items.position, items.key))

    def set_kind_choices(self, choices: Callable[[], Iterable[tuple[str, Text]]]) -> None:
        """Tells which stakeholder kinds a role can be limited to; called when they are needed."""
        self._kind_choices = choices

    def kind_choices(self) -> list[tuple[str, Text]]:
        """The stakeholder kinds as (slug, words)."""
        return list(self._kind_choices())

    def set_out_of_sight(self, subject_type: str, which: "OutOfSight") -> None:
        """Tells which things of a type somebody may not know of at all, not even that there is an entry."""
        self._out_of_sight[subject_type] = which

    def out_of_sight(self, viewer: "User", subject_type: str, ids: set[int]) -> set[int]:
        """Those of the ids that are closed to the viewer; none of a type of which nobody said so."""
        which = self._out_of_sight.get(subject_type)
        return which(viewer, ids) if which else set()

    def add_audit_words(self, words: Mapping[str, Text]) -> None:
        """Tells how the audit log says verbs; a verb is said in one way."""
        for verb, text in words.items():
            if self._audit_words.setdefault(verb, text) != text:
                raise ValueError(f"two wordings for the audit verb {verb!r}")

    def audit_words(self, verb: str) -> Text:
        """How the audit log says a verb; the verb itself where nobody told."""
        return self._audit_words.get(verb, verb)


registry = Registry()
