"""Where upper apps plug into the kernel: panels on a record, words for events, counts for the navigation."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.utils.functional import Promise

from relationships.enums import Carry

if TYPE_CHECKING:
    from datetime import datetime

    from django.db.models import QuerySet

    from accounts.models import User
    from relationships.models import Relationship

SubjectLoader = Callable[["User", set[int]], Mapping[int, Any]]


@dataclass(frozen=True)
class Panel:
    """A part of the record page. `context(viewer, relationship, now)` gives its template what it needs.

    `place` is `strip` (under the identity), `main`, `aside` or `tab`; panels of a place stand by `position`.
    A tab is named by its `label`, and its key is in the address. `kinds` limits it to some kinds; empty means
    every kind. `context` is called by keyword.
    """

    key: str
    place: str
    template: str
    context: Callable[..., dict[str, Any]]
    position: int = 100
    kinds: tuple[str, ...] = ()
    label: "str | Promise" = ""


@dataclass(frozen=True)
class EventWords:
    """How events of a verb read on the timeline.

    `template` is a fragment that draws one `<li>` from `entry` (a `relationships.queries.timeline.Entry`);
    `filter_group` is a `TimelineGroup` value. Talk is told apart by its channel whatever its group here.
    """

    verb: str
    template: str
    icon: str
    filter_group: str


@dataclass(frozen=True)
class Place:
    """A page of an upper app in the navigation, under “Work”, for those with the permission named (empty: all)."""

    label: "str | Promise"
    url: str
    icon: str
    permission: str = ""
    key: str = ""
    position: int = 100


@dataclass(frozen=True)
class Carried:
    """A column that names a party or a relationship, and what becomes of its rows when that goes into another.

    `model` is "app.Model", `column` a foreign key of it (for many-to-many: of the table between). What may not be
    there twice is known from the model's constraints; `once` names fields that are alike twice though nothing
    forbids it. Of two such rows the kept party's stands, unless the value of `prefer[0]` comes later in
    `prefer[1]`. Into the row that stands goes what `blend` says: SQL by field, of the rows `kept` and `gone`; the
    rows of `onto`, models with the name of their key, go over to it; all others that hang on the row that goes
    are set aside with it. `yields` names constraints for which the one that comes is changed instead.
    `rewritten` are rows that are computed anew afterwards; `counted`, with `label`, is what the preview counts.
    """

    model: str
    column: str
    rule: Carry = Carry.MOVE
    once: tuple[str, ...] = ()
    prefer: tuple[str, tuple[str, ...]] = ("", ())
    blend: Mapping[str, str] = field(default_factory=dict)
    onto: tuple[tuple[str, str], ...] = ()
    yields: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    rewritten: bool = False
    label: "str | Promise" = ""
    counted: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class ListFormat:
    """A sort of file that a list is taken out as; `ending` is that of the file's name, and names it in addresses.

    `write(actor=…, query=…, now=…)` refuses at once what cannot be written, and gives the file in pieces.
    """

    ending: str
    label: "str | Promise"
    content_type: str
    write: Callable[..., Iterator[bytes]]


@dataclass(frozen=True)
class Retained:
    """Something of an upper app for which rules of retention can be set; `data` is what a rule calls it.

    `due(over=…, kind=…, held=…)` gives the rows from before `over`, none about a party of the legal holds `held`;
    `take(rows, now)` lets them go; `seen(viewer)` are those that somebody may know of; `line(row)` lists one.
    """

    data: str
    due: "Callable[..., QuerySet[Any]]"
    take: Callable[[Any, "datetime"], None]
    seen: "Callable[[User], QuerySet[Any]]"
    line: Callable[[Any], Mapping[str, Any]]


@dataclass(frozen=True)
class Unfinished:
    """What of an upper app may still be open in a relationship, and then forbids ending it.

    `rows(relationship)` gives it in order, with `visible_to`; `words` say so, with the `name` of the relationship and
    what is open under `key`.
    """

    key: str
    rows: "Callable[[Relationship], Any]"
    words: "str | Promise"


@dataclass(frozen=True)
class PassedOn:
    """Open work of an upper app that goes along when a book changes hands, and comes back after an absence.

    `rows()` are the open ones, with `visible_to`: each is of a `relationship`, has an `owner`, and began at its moment
    `since`. `give(rows, taker, actor=…, now=…, reason=…)` gives locked rows to whom `taker(relationship)` names;
    `words(number)` tell how many there are.
    """

    key: str
    rows: Callable[[], Any]
    give: Callable[..., None]
    words: Callable[[int], str]
    since: str


class Registry:
    """What the upper apps have registered. Filled from `AppConfig.ready()` only."""

    def __init__(self) -> None:
        self.panels: dict[str, Panel] = {}
        self.event_words: dict[str, EventWords] = {}
        self.subject_loaders: dict[str, SubjectLoader] = {}
        self.places: dict[str, Place] = {}
        self.carried: dict[tuple[str, str], Carried] = {}
        self.list_formats: dict[str, ListFormat] = {}
        self.retained: dict[str, Retained] = {}
        self.merge_steps: list[Callable[..., None]] = []
        self.refreshers: list[Callable[..., Any]] = []
        self.unfinished: dict[str, Unfinished] = {}
        self.passed_on: dict[str, PassedOn] = {}
        self._reason_words: Callable[[Mapping[str, Any]], str] | None = None

    def add_panel(self, panel: Panel) -> None:
        """Adds a part of the record page; the same key again replaces it only with an equal panel."""
        if self.panels.setdefault(panel.key, panel) != panel:
            raise ValueError(f"two panels are called {panel.key!r}")

    def add_place(self, place: Place) -> None:
        """Adds a page to the navigation; the same address again replaces it only with an equal place."""
        if self.places.setdefault(place.url, place) != place:
            raise ValueError(f"two places are at {place.url!r}")

    def add_list_format(self, form: ListFormat) -> None:
        """Adds a sort of file for every list; the same ending again replaces it only with an equal one."""
        if self.list_formats.setdefault(form.ending, form) != form:
            raise ValueError(f"two sorts of files end in {form.ending!r}")

    def add_retained(self, *kept: Retained) -> None:
        """Adds what rules of retention can be about; the same name again only with an equal declaration."""
        for each in kept:
            if self.retained.setdefault(each.data, each) != each:
                raise ValueError(f"two things are kept as {each.data!r}")

    def add_event_words(self, *words: EventWords) -> None:
        """Adds the words of event verbs; a check proves that every verb written has some."""
        for entry in words:
            if self.event_words.setdefault(entry.verb, entry) != entry:
                raise ValueError(f"two wordings for {entry.verb!r}")

    def add_subject_loader(self, subject_type: str, load: SubjectLoader) -> None:
        """How to fetch, in one query, the things that timeline events of a type speak of, by id.

        `load(viewer, ids)` leaves out what the viewer may not know of; the words then do without it.
        """
        self.subject_loaders[subject_type] = load

    def add_carried(self, *entries: Carried) -> None:
        """Says of foreign keys to Party and Relationship what a merge does; a test holds that none is forgotten."""
        for entry in entries:
            key = entry.model.lower(), entry.column
            if self.carried.setdefault(key, entry) != entry:
                raise ValueError(f"two ways to carry {entry.model}.{entry.column}")

    def add_merge_step(self, step: Callable[..., None]) -> None:
        """Something to do before rows are carried: called with `ledger`, `keep_id` and `drop_id`."""
        if step not in self.merge_steps:
            self.merge_steps.append(step)

    def add_refresher(self, refresh: Callable[..., Any]) -> None:
        """What computes facts of relationships anew, once their rows moved: `refresh(now=…, relationship_ids=…)`."""
        if refresh not in self.refreshers:
            self.refreshers.append(refresh)

    def add_unfinished(self, unfinished: Unfinished) -> None:
        """Adds what forbids ending a relationship; the same key again only with an equal declaration."""
        if self.unfinished.setdefault(unfinished.key, unfinished) != unfinished:
            raise ValueError(f"two things can be unfinished as {unfinished.key!r}")

    def add_passed_on(self, work: PassedOn) -> None:
        """Adds what goes along with a book; the same key again only with an equal declaration."""
        if self.passed_on.setdefault(work.key, work) != work:
            raise ValueError(f"two sorts of work are passed on as {work.key!r}")

    def set_reason_words(self, words: Callable[[Mapping[str, Any]], str]) -> None:
        """How `RelationshipState.health_reason` reads; only health can say."""
        self._reason_words = words

    def reason_words(self, reason: Mapping[str, Any] | None) -> str:
        """The biggest reason of a relationship's health in a few words; empty without one."""
        return self._reason_words(reason) if reason and self._reason_words else ""

    def panels_for(self, kind: str, place: str) -> list[Panel]:
        """The panels of a place for a kind, in order."""
        chosen = [p for p in self.panels.values() if p.place == place and (not p.kinds or kind in p.kinds)]
        return sorted(chosen, key=lambda panel: (panel.position, panel.key))


registry = Registry()
