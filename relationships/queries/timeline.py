"""What happened in a relationship, newest first, each line with the thing it speaks of."""

from collections import Counter
from collections.abc import Iterable, Mapping
from copy import copy
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Value
from django.db.models.fields.json import KeyTextTransform
from django.utils.translation import gettext as _

from accounts.models import User
from core.refusals import Invalid
from relationships.enums import GROUP_OF_CHANNEL, ICON_OF_CHANNEL, Channel, TimelineGroup, Verb
from relationships.models import Event, Fold, Interaction, Relationship
from relationships.queries.kept import KeptRows, any_row, anyone_like, kept, values_of
from relationships.queries.together import Tallied, together
from relationships.querysets import rights_of
from relationships.registry import EventWords, registry

LIMIT = 20
"""Lines of a page. Thirty, as lists have, drew the record too late: it may take twice the time of its bare facts
(`benchmarks/reference.py`, `record_ordinary`), and the lines are most of what is drawn. Who can bear more, as a
program that reads the API, says so by `limit`.
"""
LINES_COUNTED = 200
"""So many lines are told apart by group; of a longer history only that it is long, which costs no more to know."""
TALK_GROUP, PROBLEMS_GROUP = "talk", "problems"
CAME_OF_TALK = (Verb.COMMITMENT_MADE, Verb.FOLLOW_UP_PLANNED)
TALK = (Verb.INTERACTION_LOGGED, Verb.INTERACTION_CORRECTED)


@dataclass(frozen=True)
class Entry:
    """One line: the event, its words, and what it speaks of (None when the viewer may not know of that).

    `within` are the promises and follow-ups that came of an interaction, shown inside its line.
    """

    event: Event
    words: EventWords
    subject: Any
    within: list["Entry"] = field(default_factory=list)

    @property
    def is_talk(self) -> bool:
        """Whether the line tells of an interaction."""
        return self.event.verb in TALK

    @property
    def icon(self) -> str:
        """The words' own icon, or that of the channel for talk."""
        if self.is_talk and self.subject is not None:
            return ICON_OF_CHANNEL[Channel(self.subject.channel)]
        return self.words.icon

    @property
    def has_marks(self) -> bool:
        """Whether the talk has anything beside its words: a problem, how it felt, an outcome, tags, a correction."""
        talk = self.subject
        told = (talk.problem_severity, talk.outcome, talk.tags, talk.corrects_id)
        return talk.felt is not None or any(told)

    @property
    def facts(self) -> dict[str, Any]:
        """The event's data with days as dates."""
        return {
            name: date.fromisoformat(value) if name.endswith("_date") else value
            for name, value in self.event.data.items()
        }


@dataclass(frozen=True)
class TimelinePage:
    """A stretch of the timeline; `next_cursor` leads to what is older and is empty at the end.

    `counts_by_group` has every `TimelineGroup` that has lines, and "" for all of them, before any filter; of more
    than `LINES_COUNTED` lines it has "" alone.
    """

    entries: list[Entry]
    next_cursor: str
    counts_by_group: dict[str, int]


def timeline_page(
    *,
    viewer: User,
    relationship: Relationship,
    filter_group: str = "",
    before: str | None = None,
    q: str = "",
    person_id: int | None = None,
    counts: dict[str, int] | None = None,
    limit: int = LIMIT,
) -> TimelinePage:
    """At most `limit` lines older than the cursor `before`, narrowed by group, words sought and who took part.

    Four queries and one per further type of subject; one less when the `counts` are at hand. Raises Invalid
    for a group or cursor that is none.
    """
    words = q.replace("\x00", "").strip()
    if filter_group or before or words or person_id is not None:
        chosen = [
            _chosen(stretch, filter_group, before, words, person_id)
            for stretch in _stretches(viewer, relationship)
        ]
        events = list(_newest(chosen, limit + 1))
    else:
        events = _whole(viewer, relationship, limit + 1)
    more = len(events) > limit
    events = events[:limit]
    return TimelinePage(
        entries=_nest(entries_of(viewer, events)),
        next_cursor=_cursor(events[-1]) if more else "",
        counts_by_group=_counts(viewer, relationship) if counts is None else counts,
    )


def _chosen(
    events: QuerySet[Event], group: str, before: str | None, words: str, person_id: int | None
) -> QuerySet[Event]:
    """The events narrowed by what is asked for."""
    chosen = _narrow(events, group)
    if before:
        chosen = _older_than(chosen, before)
    if words:
        chosen = _telling_of(chosen, words)
    if person_id is not None:
        talk = Interaction.people.through.objects.filter(party_id=person_id)
        chosen = chosen.filter(verb__in=TALK, subject_id__in=talk.values("interaction_id"))
    return chosen


def _whole(viewer: User, relationship: Relationship, most: int) -> list[Event]:
    """The newest events of all kinds, as every record begins."""
    is_owner = relationship.owner_id == viewer.pk

    def rows() -> KeptRows[Event]:
        anyone = anyone_like(viewer)
        any_one = any_row(anyone, is_owner=is_owner)
        return KeptRows(_newest(_stretches(anyone, any_one), most))

    key = ("timeline", rights_of(viewer), is_owner, most)
    return kept(key, rows).ask(values_of(viewer, relationship))


def _newest(stretches: Iterable[QuerySet[Event]], most: int) -> QuerySet[Event]:
    """The newest of all stretches, each read from the top of its own index."""
    heads = [stretch.select_related("actor").order_by("-happened_at", "-id")[:most] for stretch in stretches]
    return heads[0].union(*heads[1:], all=True).order_by("-happened_at", "-id")[:most]


def _stretches(viewer: User, relationship: Relationship) -> list[QuerySet[Event]]:
    """The relationship's events and its party's own, told apart."""
    return [_told(stretch, relationship) for stretch in Event.objects.stretches(relationship, viewer)]


def timeline_events(viewer: User, relationship: Relationship) -> QuerySet[Event]:
    """The relationship's events and its party's own, without those of interactions corrected since."""
    return _told(Event.objects.along(relationship, viewer), relationship)


def _told(events: QuerySet[Event], relationship: Relationship) -> QuerySet[Event]:
    superseded = Interaction.objects.filter(relationship=relationship, superseded_at__isnull=False)
    return events.filter(verb__in=registry.event_words).exclude(
        Q(verb__in=TALK) & Q(subject_id__in=superseded.values("pk"))
    )


def _narrow(events: QuerySet[Event], group: str) -> QuerySet[Event]:
    """Narrows to a `TimelineGroup`, or to what a measure reads: `talk` (every contact) or `problems`."""
    if not group:
        return events
    if group == TALK_GROUP:
        return events.filter(verb__in=TALK).exclude(data__channel=Channel.NOTE.value)
    if group == PROBLEMS_GROUP:
        raised = Interaction.objects.filter(pk=OuterRef("subject_id"), problem_severity__isnull=False)
        return events.filter(Q(verb__in=TALK) & Q(Exists(raised)) | Q(verb=Verb.PROBLEM_CLOSED))
    if group not in TimelineGroup.values:
        raise Invalid({"filter": _("“%(group)s” is no part of the timeline.") % {"group": group}})
    channels = [channel for channel, its_group in GROUP_OF_CHANNEL.items() if its_group == group]
    if channels:
        return events.filter(verb__in=TALK, data__channel__in=[str(channel) for channel in channels])
    verbs = [verb for verb, words in registry.event_words.items() if words.filter_group == group]
    return events.filter(verb__in=verbs).exclude(verb__in=TALK)


def _older_than(events: QuerySet[Event], cursor: str) -> QuerySet[Event]:
    moment, _sign, number = cursor.partition("~")
    try:
        at, last = datetime.fromisoformat(moment), int(number)
    except ValueError:
        raise Invalid({"before": _("This link to older entries is broken.")}) from None
    return events.filter(happened_at__lte=at).filter(Q(happened_at__lt=at) | Q(id__lt=last))


def _cursor(event: Event) -> str:
    return f"{event.happened_at.isoformat()}~{event.pk}"


def _telling_of(events: QuerySet[Event], words: str) -> QuerySet[Event]:
    """Events whose reason, facts or interaction hold the words, whatever their case and accents."""
    sought = Fold(Value(words))
    talk = Interaction.objects.alias(text=Fold(F("body")), title=Fold(F("subject"))).filter(
        Q(text__contains=sought) | Q(title__contains=sought), pk=OuterRef("subject_id")
    )
    return events.alias(
        why=Fold(F("reason")), what=Fold(KeyTextTransform("what", "data")), by=Fold(F("actor__name"))
    ).filter(
        Q(why__contains=sought)
        | Q(what__contains=sought)
        | Q(by__contains=sought)
        | Q(subject_type="interaction") & Q(Exists(talk))
    )


def line_counts(viewer: User, relationship: Relationship) -> Tallied:
    """How many lines there are of each verb and channel, for `read_counts`."""
    lines = timeline_events(viewer, relationship).annotate(channel=KeyTextTransform("channel", "data"))
    return Tallied(lines, by=("verb", "channel"), cap=LINES_COUNTED)


def read_counts(rows: Iterable[Mapping[str, Any]]) -> dict[str, int]:
    """The lines of each group that has any, and of all of them under "": this alone beyond `LINES_COUNTED`."""
    counted: Counter[str] = Counter()
    for row in rows:
        counted[_group(row["verb"], row["channel"])] += row["lines"]
        counted[""] += row["lines"]
    if counted[""] > LINES_COUNTED:
        return {"": counted[""]}
    return {group: counted[group] for group in ["", *TimelineGroup.values] if counted[group]}


def _counts(viewer: User, relationship: Relationship) -> dict[str, int]:
    return read_counts(together(lines=line_counts(viewer, relationship))["lines"])


def _group(verb: str, channel: str | None) -> str:
    if verb in TALK and channel:
        return GROUP_OF_CHANNEL[Channel(channel)]
    return registry.event_words[verb].filter_group


def entries_of(viewer: User, events: Iterable[Event]) -> list[Entry]:
    """The lines of events that the viewer may know of, each with what it speaks of; one query a type of that."""
    listed = [_signed(event) for event in events]
    wanted: dict[str, set[int]] = {}
    for event in listed:
        if event.subject_id is not None:
            wanted.setdefault(event.subject_type, set()).add(event.subject_id)
    loaded = {
        subject_type: registry.subject_loaders[subject_type](viewer, ids)
        for subject_type, ids in wanted.items()
        if subject_type in registry.subject_loaders
    }
    return [
        Entry(
            event,
            registry.event_words[event.verb],
            loaded.get(event.subject_type, {}).get(event.subject_id or 0),
        )
        for event in listed
    ]


def _signed(event: Event) -> Event:
    """The event; where a rule did it, under the name of the rule."""
    rule = event.data.get("by_rule")
    if rule:
        event.actor = copy(event.actor)
        event.actor.name = _("The rule “%(name)s”") % {"name": rule["name"]}
    return event


def _nest(entries: list[Entry]) -> list[Entry]:
    """Puts what came of an interaction inside its line, when that line is here too."""
    talk = {_first_version(entry.event): entry for entry in entries if entry.event.verb in TALK}
    top = []
    for entry in entries:
        said_in = talk.get(entry.event.data.get("said_in", 0))
        if said_in is None or entry.event.verb not in CAME_OF_TALK:
            top.append(entry)
        else:
            said_in.within.insert(0, entry)
    return top


def _first_version(event: Event) -> int:
    return int(event.data.get("first_version", event.subject_id or 0))
