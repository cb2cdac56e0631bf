"""Where upper apps plug into accounts: the words of kinds, and what is still in somebody's hands."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.functional import Promise

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from accounts.models import User

Text = str | Promise
ClosedTo = Callable[["User"], "QuerySet[Any, int]"]


@dataclass(frozen=True)
class OpenItems:
    """Something in hand that must be handed over before its holder goes.

    `of` is who holds it: `user`, `team` or `business_unit`. `rows(holder_id, viewer)` are those in hand, for a
    viewer without what is closed to them; `words(number)` says it ("3 open relationships"); `url(holder_id)`
    leads to the list, empty when there is none.
    """

    key: str
    of: str
    rows: "Callable[[int, User | None], QuerySet[Any]]"
    words: Callable[[int], str]
    url: Callable[[int], str] = lambda holder_id: ""
    position: int = 100


class Registry:
    """What the upper apps have registered. Filled from `AppConfig.ready()` only."""

    def __init__(self) -> None:
        self._open_items: dict[str, OpenItems] = {}
        self._kind_choices: Callable[[], Iterable[tuple[str, Text]]] = tuple
        self._audit_words: dict[str, Text] = {}
        self._closed_to: dict[str, ClosedTo] = {}

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

    def set_closed_to(self, subject_type: str, which: ClosedTo) -> None:
        """Tells the ids of things of a type that somebody may not know of at all, not even that there is an entry."""
        self._closed_to[subject_type] = which

    def closed_to(self, viewer: "User") -> "dict[str, QuerySet[Any, int]]":
        """By type of thing, the ids of those that are closed to the viewer; types of which nobody said so lack."""
        return {subject_type: which(viewer) for subject_type, which in self._closed_to.items()}

    def audit_verbs(self) -> dict[str, Text]:
        """Every verb of the audit log with its words."""
        return dict(self._audit_words)

    def add_audit_words(self, words: Mapping[str, Text]) -> None:
        """Tells how the audit log says verbs; a verb is said in one way."""
        for verb, text in words.items():
            if self._audit_words.setdefault(verb, text) != text:
                raise ValueError(f"two wordings for the audit verb {verb!r}")

    def audit_words(self, verb: str) -> Text:
        """How the audit log says a verb; the verb itself where nobody told."""
        return self._audit_words.get(verb, verb)


registry = Registry()
