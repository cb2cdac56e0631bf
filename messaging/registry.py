"""Where upper apps say what people are told of: the topics, and the things that notifications are about; and who it
is that writes to us, and what it means for the things that we write about.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.utils.functional import Promise

from messaging.enums import Channel

if TYPE_CHECKING:
    from django.db.models import Expression, QuerySet

    from accounts.models import User
    from messaging.models import InboundMessage, OutgoingMail

Text = str | Promise


@dataclass(frozen=True)
class Topic:
    """Something that people are told of. `usual` is how, until somebody chooses otherwise.

    `stages` holds other words for it, by the `stage` that a notification's facts name.
    """

    key: str
    label: Text
    icon: str
    usual: Channel = Channel.CENTRE
    position: int = 100
    stages: Mapping[str, Text] = field(default_factory=dict)

    def words(self, facts: Mapping[str, Any]) -> str:
        """What happened; of a topic in several stages, the words of the one that the facts name."""
        return str(self.stages.get(str(facts.get("stage", "")), self.label))


@dataclass(frozen=True)
class Line:
    """What a notification is about, in words for somebody who may know of it.

    `is_open` tells whether the words may leave the house in a mail; else the mail has only the topic and a link.
    """

    title: str
    place: str
    name: str = ""
    is_open: bool = True


@dataclass(frozen=True)
class Said:
    """What is read of a thing for its line: of every type the same, so that one query reads things of all types."""

    pk: int
    title: str
    name: str
    kind: str
    number: int
    confidentiality: int


@dataclass(frozen=True)
class Subject:
    """A type of thing that notifications are about.

    `visible(user)` gives those that somebody may know of. `reads` says what each part of `Said` is in their rows;
    a part that it does not name is empty. `line(said)` puts one into words.
    """

    visible: "Callable[[User], QuerySet[Any]]"
    line: Callable[[Said], Line]
    reads: "Mapping[str, str | Expression]"


def _nobody(_actor: "User", _address: str) -> str:
    return ""


def _no_words(_viewer: "User", _references: Iterable[str]) -> dict[str, Line]:
    return {}


@dataclass(frozen=True)
class Correspondents:
    """Who writes to us. `find(actor, address)` gives an opaque reference to whoever has the address, where of those
    that the actor may know of it is one alone, else ""; `lines(viewer, references)` puts those into words that the
    viewer may know of.
    """

    find: "Callable[[User, str], str]" = _nobody
    lines: "Callable[[User, Iterable[str]], dict[str, Line]]" = _no_words


@dataclass(frozen=True)
class Mailed:
    """What it means for a thing when a mail about it goes its way; each is called in the transaction in which it does.

    `place` is the page of such a thing, with `%d` for its number.
    `left(mail, now)`: it leaves now, and counts as said; a Refusal keeps it here. `taken_back(actor, mail, now)`:
    somebody took it back before; a Refusal says that they may not. `failed(mail, now)`: somebody will not get it, or
    it came back.
    """

    place: str
    left: "Callable[[OutgoingMail, datetime], None]"
    taken_back: "Callable[[User, OutgoingMail, datetime], None]"
    failed: "Callable[[OutgoingMail, datetime], None]"


class Registry:
    """What the upper apps have registered. Filled from `AppConfig.ready()` only."""

    def __init__(self) -> None:
        self._topics: dict[str, Topic] = {}
        self.subjects: dict[str, Subject] = {}
        self.mailed: dict[str, Mailed] = {}
        self.correspondents = Correspondents()
        self.takers: list[Callable[[InboundMessage], None]] = []

    def add_topics(self, *topics: Topic) -> None:
        """Adds what people can be told of; a key is registered once."""
        for topic in topics:
            if self._topics.setdefault(topic.key, topic) != topic:
                raise ValueError(f"two topics are called {topic.key!r}")

    def add_subject(self, subject_type: str, subject: Subject) -> None:
        """Tells who may know of things of a type, and how to put them into words."""
        if self.subjects.setdefault(subject_type, subject) != subject:
            raise ValueError(f"two ways to tell of {subject_type!r}")

    def add_mailed(self, subject_type: str, mailed: Mailed) -> None:
        """Lets people write mails about things of a type, of which somebody said who may know of them."""
        if subject_type not in self.subjects:
            raise ValueError(f"nobody said who may know of {subject_type!r}")
        if self.mailed.setdefault(subject_type, mailed) != mailed:
            raise ValueError(f"mails about {subject_type!r} mean two things")

    def set_correspondents(self, correspondents: Correspondents) -> None:
        """Tells who is behind an address."""
        self.correspondents = correspondents

    def add_taker(self, taker: "Callable[[InboundMessage], None]") -> None:
        """Has an app do something with each mail that is taken in, once, in the transaction that keeps it."""
        if taker not in self.takers:
            self.takers.append(taker)

    def topic(self, key: str) -> Topic:
        """A topic by its key; raises LookupError for one that nobody registered."""
        return self._topics[key]

    def topics(self) -> list[Topic]:
        """Every topic, in order."""
        return sorted(self._topics.values(), key=lambda topic: (topic.position, topic.key))


registry = Registry()
