"""What was said, in the order in which it was said; every conversation stands on the timeline too."""

import json
from collections.abc import Iterator

import numpy as np
from numpy.random import Generator

from analytics.sentiment import MODEL_VERSION
from benchmarks.scale.copying import NULL, Table, go_on_from, moments, next_id
from benchmarks.scale.parties import Progress
from benchmarks.scale.plan import CHUNK, HISTORY, Book, Cast, Numbers, Size, cumulative_activity
from benchmarks.scale.words import CLOSINGS, OPENINGS, PROMISES, SUBJECTS
from relationships.enums import Verb
from relationships.models import Event, Interaction

CHANNELS = ("email", "call", "meeting", "note", "visit", "video", "message")
CHANNEL_SHARES = (0.4, 0.27, 0.1, 0.08, 0.05, 0.06, 0.04)
DIRECTIONS = ("in", "out", "mutual")
DIRECTION_SHARES = (0.42, 0.48, 0.1)
NOTE = CHANNELS.index("note")
SEVERITIES = (1, 2, 4, 8)
PROBLEMS, OPEN_PROBLEMS = 0.02, 0.12
"""Share of the contacts that raised a problem, and of these the share that is open still."""


class History:
    """Makes the conversations of a size, a stretch at a time, oldest first."""

    def __init__(self, size: Size, cast: Cast, book: Book, newcomers: "np.typing.NDArray[np.bool_]") -> None:
        self.size, self.cast, self.book = size, cast, book
        self.running = cumulative_activity(size, newcomers)
        self.first = next_id(Interaction)
        self.until = int(size.until.timestamp())
        self.bodies = [f"{opening} {closing}" for opening in OPENINGS for closing in CLOSINGS]
        self.topics = [f"“{promise.lower()}”" for promise in PROMISES]

    def write(self, progress: Progress) -> None:
        """Interactions, who took part, and their lines of the timeline."""
        said = Table(
            Interaction, "id", "relationship_id", "channel", "direction", "happened_at", "duration_minutes",
            "subject", "body", "actor_id", "recorded_at", "recorded_by_id", "sentiment", "sentiment_by",
            "problem_severity", "problem_closed_at", "problem_closed_by_id", "problem_closed_reason",
        )  # fmt: skip
        people = Table(Interaction.people.through, "interaction_id", "party_id")
        told = Table(
            Event, "id", "relationship_id", "party_id", "verb", "subject_type", "subject_id", "actor_id",
            "happened_at", "recorded_at", "data",
        )  # fmt: skip
        for start in range(0, self.size.interactions, CHUNK):
            end = min(start + CHUNK, self.size.interactions)
            stretch = _Stretch(self, start, end)
            said.copy(stretch.said())
            people.copy(stretch.people())
            told.copy(stretch.told())
            stretch.remember()
            progress("interactions", end, self.size.interactions)
        if self.size.interactions:
            go_on_from(Interaction)

    def whens(self, start: int, end: int, rng: Generator) -> Numbers:
        """Seconds since 1970, rising; there are more of them towards the end."""
        places = (np.arange(start, end) + rng.random(end - start)) / self.size.interactions
        span = HISTORY.total_seconds()
        return np.asarray(self.until - span + span * places**0.6 - 60, np.int64)


class _Stretch:
    """Some thousand conversations that follow each other."""

    def __init__(self, history: History, start: int, end: int) -> None:
        rng, many = history.size.draws("history", start), end - start
        self.history, self.book = history, history.book
        self.ids = range(history.first + start, history.first + end)
        self.whose = np.searchsorted(history.running, rng.random(many), side="right").clip(
            max=history.size.relationships - 1
        )
        self.at = history.whens(start, end, rng)
        self.channel = rng.choice(len(CHANNELS), many, p=CHANNEL_SHARES)
        self.direction = rng.choice(len(DIRECTIONS), many, p=DIRECTION_SHARES)
        self.severity = np.where(rng.random(many) < PROBLEMS, rng.choice(SEVERITIES, many), 0)
        self.is_open = (self.severity > 0) & (rng.random(many) < OPEN_PROBLEMS)
        self.rng = rng

    def said(self) -> Iterator[str]:
        """The interactions themselves."""
        rng, many, history = self.rng, len(self.ids), self.history
        happened = moments(self.at.tolist())
        written = np.minimum(self.at + rng.integers(60, 40 * 3_600, many), history.until)
        recorded = moments(written.tolist())
        tones = np.clip(rng.normal(0.15, 0.35, many), -1, 1).round(4).tolist()
        heard = (rng.random(many) < 0.7).tolist()
        draws = rng.integers(
            0, [len(SUBJECTS), len(history.bodies), len(history.topics), 60], (many, 4)
        ).tolist()
        columns = zip(
            self.ids, self.whose.tolist(), self.channel.tolist(), self.direction.tolist(),
            self.severity.tolist(), self.is_open.tolist(), self.book.owner[self.whose].tolist(), strict=True,
        )  # fmt: skip
        for n, (pk, whose, channel, direction, severity, is_open, actor) in enumerate(columns):
            subject, body, topic, minutes = draws[n]
            sentiment = f"{tones[n]}\t{MODEL_VERSION}" if heard[n] and channel != NOTE else f"{NULL}\t"
            long = minutes + 3 if CHANNELS[channel] in ("call", "meeting", "visit", "video") else NULL
            problem = (
                f"{NULL}\t{NULL}\t{NULL}\t"
                if not severity
                else f"{severity}\t{NULL}\t{NULL}\t"
                if is_open
                else f"{severity}\t{recorded[n]}\t{actor}\tSettled"
            )
            yield (
                f"{pk}\t{self.book.first_id + whose}\t{CHANNELS[channel]}\t{DIRECTIONS[direction]}\t{happened[n]}\t"
                f"{long}\t{SUBJECTS[subject]}\t{history.bodies[body].format(history.topics[topic])}\t{actor}\t"
                f"{recorded[n]}\t{actor}\t{sentiment}\t{problem}"
            )

    def people(self) -> Iterator[str]:
        """One of their people in most conversations with a party that has any."""
        taking_part = self.rng.random(len(self.ids)) < 0.8
        which = self.rng.integers(0, 1_000, len(self.ids))
        many, first = self.book.people[self.whose], self.book.first_person[self.whose]
        for n in np.flatnonzero(taking_part & (many > 0)).tolist():
            yield f"{self.ids[n]}\t{first[n] + which[n] % many[n]}"

    def told(self) -> Iterator[str]:
        """The lines of the timeline."""
        happened, start = moments(self.at.tolist()), self.book.events
        self.book.events += len(self.ids)
        data = {
            (c, d): json.dumps({"channel": channel, "direction": direction})
            for c, channel in enumerate(CHANNELS)
            for d, direction in enumerate(DIRECTIONS)
        }
        columns = zip(
            self.ids, self.whose.tolist(), self.book.party[self.whose].tolist(),
            self.book.owner[self.whose].tolist(), self.channel.tolist(), self.direction.tolist(), strict=True,
        )  # fmt: skip
        for n, (pk, whose, party, actor, channel, direction) in enumerate(columns):
            yield (
                f"{start + n}\t{self.book.first_id + whose}\t{party}\t{Verb.INTERACTION_LOGGED}\tinteraction\t{pk}\t"
                f"{actor}\t{happened[n]}\t{happened[n]}\t{data[channel, direction]}"
            )

    def remember(self) -> None:
        """Last contacts and open problems, for the relationships' states."""
        contact = self.channel != NOTE
        inbound, outbound = DIRECTIONS.index("in"), DIRECTIONS.index("out")
        for name, these in (
            ("any", contact),
            ("in", contact & (self.direction != outbound)),
            ("out", contact & (self.direction != inbound)),
        ):
            np.maximum.at(self.book.contact[name], self.whose[these], self.at[these])
        np.add.at(self.book.problems, self.whose[self.is_open], 1)
