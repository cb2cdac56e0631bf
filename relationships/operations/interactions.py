"""What was said and done, written down once; a correction is a new version beside the old."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Required, TypedDict, Unpack

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.enums import Confidentiality, Permission
from accounts.models import User
from analytics.sentiment import Sentiment, score_message
from core.refusals import Conflict, Missing
from relationships.enums import Channel, Direction, Severity, Verb
from relationships.models import Event, Interaction, Party, Relationship
from relationships.operations.access import check_colleague, check_parties, hold_relationship, require
from relationships.operations.commitments import CommitmentDraft, write_commitment
from relationships.operations.events import event_of, record_events
from relationships.operations.follow_ups import FollowUpDraft, write_follow_up
from relationships.operations.inputs import Problems
from relationships.operations.notices import tell_named
from relationships.operations.replies import pair_replies
from relationships.operations.state import Contact, mark_stale, recompute_contact, recount, settle_states
from relationships.operations.submissions import first_of, fulfil

MOST_MINUTES = 24 * 60
MOST_TAGS = 20
LENGTHS = {"subject": 200, "body": 100_000, "outcome": 60, "source": 60, "external_id": 200}
WRITTEN = (Channel.EMAIL, Channel.LETTER, Channel.MESSAGE, Channel.SOCIAL)


class Details(TypedDict, total=False):
    """What may be told of an interaction; what is not given is empty."""

    body: str
    subject: str
    people: Sequence[Party]
    duration_minutes: int | None
    outcome: str
    tags: Sequence[str]
    tone: float | None
    problem_severity: int | None
    confidentiality: int


class Said(Details, total=False):
    """The content of a new interaction."""

    channel: Required[str]
    direction: Required[str]
    happened_at: Required[datetime]
    source: str
    external_id: str


class Changes(Details, total=False):
    """What a correction may change."""

    channel: str
    direction: str
    happened_at: datetime


@transaction.atomic
def log_interaction(
    *,
    actor: User,
    relationship: Relationship,
    now: datetime,
    commitments: Sequence[CommitmentDraft] = (),
    follow_up: FollowUpDraft | None = None,
    idempotency_key: str = "",
    logged_for: User | None = None,
    **said: Unpack[Said],
) -> Interaction:
    """Writes one interaction with the promises and the follow-up that came of it.

    `tone` is a person's own judgement from −1 to 1. The same `idempotency_key` of the same actor, or the same
    (`source`, `external_id`), gives the first row again and writes nothing. `logged_for` names the colleague
    who had the conversation, when it was not the actor.
    """
    held = hold_relationship(actor, relationship.pk, Permission.LOG_INTERACTIONS)
    first = first_of(actor, idempotency_key, Interaction, now) or _named(said, held)
    if first is not None:
        return first
    interaction = log_in(
        actor=actor,
        held=held,
        now=now,
        commitments=commitments,
        follow_ups=[follow_up] if follow_up else [],
        logged_for=logged_for,
        **said,
    )
    fulfil(actor, idempotency_key, interaction)
    return interaction


def log_in(
    *,
    actor: User,
    held: Relationship,
    now: datetime,
    commitments: Sequence[CommitmentDraft] = (),
    follow_ups: Sequence[FollowUpDraft] = (),
    logged_for: User | None = None,
    **said: Unpack[Said],
) -> Interaction:
    """Writes the interaction and what came of it in a relationship that is held with the right to log."""
    interaction = _write(said, held, actor, logged_for or actor, now)
    told = [_event(interaction, held, Verb.INTERACTION_LOGGED, actor, now)]
    told += _what_came(interaction, held, actor, now, commitments, follow_ups)
    record_events(told)
    tell_named(interaction, actor=actor, now=now)
    _settle(held, now, interaction)
    return interaction


def _named(said: Said, held: Relationship) -> Interaction | None:
    """What this source has named so before; raises Conflict when that was in another relationship."""
    external_id = said.get("external_id", "")
    if not external_id:
        return None
    named = Interaction.objects.filter(source=said.get("source", ""), external_id=external_id)
    first = named.filter(corrects=None).first()
    if first is not None and first.relationship_id != held.pk:
        raise Conflict(_("This was already logged in another relationship."))
    return first


def _write(
    said: Said,
    held: Relationship,
    recorder: User,
    speaker: User,
    now: datetime,
    corrects: Interaction | None = None,
) -> Interaction:
    interaction = Interaction(
        relationship=held,
        channel=said["channel"],
        direction=said["direction"],
        happened_at=said["happened_at"],
        duration_minutes=said.get("duration_minutes"),
        subject=said.get("subject", ""),
        body=said.get("body", ""),
        outcome=said.get("outcome", ""),
        tags=_tidy(said.get("tags", ())),
        actor=speaker,
        recorded_at=now,
        recorded_by=recorder,
        sentiment=said.get("tone"),
        problem_severity=said.get("problem_severity"),
        confidentiality=said.get("confidentiality", Confidentiality.INTERNAL),
        corrects=corrects,
        source=said.get("source", ""),
        external_id=said.get("external_id", ""),
    )
    _check(interaction, people := said.get("people", ()), held)
    _judge(interaction, held.party)
    _carry_over(interaction)
    interaction.save(force_insert=True)
    if people:  # a new row has none yet: nothing to look up and take away
        interaction.people.add(*people)
    return interaction


def _judge(interaction: Interaction, party: Party) -> None:
    """How it sounds: a person's own judgement stands; without one, the words of what is English are scored."""
    if interaction.sentiment is not None:
        interaction.sentiment_by = "person"
        return
    scored = how_it_sounds(
        interaction.body, channel=interaction.channel, direction=interaction.direction, locale=party.locale
    )
    if scored is not None:
        interaction.sentiment = scored.compound
        interaction.sentiment_by = scored.model_version
        interaction.sentiment_words = [asdict(word) for word in scored.words]


def how_it_sounds(body: str, *, channel: str, direction: str, locale: str) -> Sentiment | None:
    """What the words of a contact tell: what they wrote in their language, what we wrote in ours; notes nothing."""
    if channel == Channel.NOTE:
        return None
    theirs = direction == Direction.IN and channel in WRITTEN
    return score_message(body, (theirs and locale) or settings.LANGUAGE_CODE)


def _carry_over(new: Interaction) -> None:
    """A problem that is solved stays solved in the version that corrects how it was raised."""
    old = new.corrects
    if old is not None and new.problem_severity is not None:
        new.problem_closed_at = old.problem_closed_at
        new.problem_closed_by_id = old.problem_closed_by_id
        new.problem_closed_reason = old.problem_closed_reason


def _check(given: Interaction, people: Sequence[Party], held: Relationship) -> None:
    """Puts texts in the form in which they are kept; raises Invalid with all that is wrong."""
    problems = Problems()
    problems.choice("channel", given.channel, Channel.values)
    problems.choice("direction", given.direction, Direction.values)
    problems.past_moment("happened_at", given.happened_at, given.recorded_at)
    for name, most in LENGTHS.items():
        setattr(given, name, problems.text(name, getattr(given, name), most=most))
    told = given.body or given.subject or given.outcome or (people and given.channel != Channel.NOTE)
    if not told:
        problems.add("body", _("Write down what was said, or at least a subject."))
    problems.whole_number("duration_minutes", given.duration_minutes, least=0, most=MOST_MINUTES)
    for tag in given.tags:
        problems.text("tags", tag, most=40)
    if len(given.tags) > MOST_TAGS:
        problems.add("tags", _("At most %(most)d tags fit.") % {"most": MOST_TAGS})
    if given.sentiment is not None and not -1 <= given.sentiment <= 1:
        problems.add("tone", _("A tone lies between −1 and 1."))
    if given.problem_severity is not None:
        problems.choice("problem_severity", given.problem_severity, Severity.values)
    problems.choice("confidentiality", given.confidentiality, Confidentiality.values)
    check_parties(given.recorded_by, "people", people, problems, near=held)
    if given.actor_id != given.recorded_by_id:
        check_colleague("logged_for", given.actor, [held], problems)
    problems.refuse()


def _tidy(tags: Sequence[str]) -> list[str]:
    """Tags in one spelling, each once, in their order."""
    spelled = (tag.strip().lstrip("#").casefold() for tag in tags)
    return list(dict.fromkeys(tag for tag in spelled if tag))


def _what_came(
    interaction: Interaction,
    held: Relationship,
    actor: User,
    now: datetime,
    commitments: Sequence[CommitmentDraft],
    follow_ups: Sequence[FollowUpDraft],
) -> list[Event]:
    """Writes the promises and the follow-ups that came of an interaction; gives their lines of the timeline."""
    told = []
    for number, promise in enumerate(commitments):
        _made, line = write_commitment(
            actor=actor,
            held=held,
            draft=promise,
            now=now,
            made_at=interaction.happened_at,
            made_in=interaction,
            field=f"commitments.{number}.",
        )
        told.append(line)
    for step in follow_ups:
        _planned, line = write_follow_up(
            actor=actor, held=held, draft=step, now=now, planned_in=interaction, field="follow_up."
        )
        told.append(line)
    return told


def _settle(held: Relationship, now: datetime, logged: Interaction | None = None) -> None:
    """Brings the relationship's facts up to date; `logged` is a new contact, unless it is a note to ourselves."""
    contact = None
    if logged is not None and logged.channel != Channel.NOTE:
        ways = {"inbound": logged.direction != Direction.OUT, "outbound": logged.direction != Direction.IN}
        contact = Contact(logged.happened_at, **ways)
        if pair_replies([held.pk], since=logged.happened_at):
            logged.refresh_from_db(fields=["replies_to", "reply_minutes"])
    settle_states([held.pk], stale_at=now, contact=contact)


@transaction.atomic
def correct_interaction(
    *, actor: User, interaction: Interaction, now: datetime, reason: str, **changed: Unpack[Changes]
) -> Interaction:
    """Writes a new version beside the old one, which stays readable; returns the new.

    Whoever had or wrote down the conversation may correct it, and who manages the relationship. The people
    stay those of the old version unless they are among the changes.
    """
    found, held = _hold(actor, interaction)
    if actor.pk not in (found.actor_id, found.recorded_by_id):
        require(actor, Permission.MANAGE_RELATIONSHIPS, held)
    problems = Problems()
    words = problems.text("reason", reason, most=400, required=True)
    before = _said(found)
    after: Said = {**before, **changed}
    if after == before:
        problems.add("", _("Nothing was changed."))
    problems.refuse()
    found.superseded_at = now
    found.save(update_fields=["superseded_at"])
    new = _write(after, held, actor, found.actor, now, corrects=found)
    recompute_contact([held.pk])
    pair_replies([held.pk], since=min(found.happened_at, new.happened_at))
    _settle(held, now)
    line = _event(
        new, held, Verb.INTERACTION_CORRECTED, actor, now, reason=words, first_version=_first_version(found)
    )
    record_events([line])
    new.refresh_from_db(fields=["replies_to", "reply_minutes"])
    return new


def _said(interaction: Interaction) -> Said:
    """A version as it was given; a judgement by the model is none, and is made anew."""
    return {
        "channel": interaction.channel,
        "direction": interaction.direction,
        "happened_at": interaction.happened_at,
        "body": interaction.body,
        "subject": interaction.subject,
        "people": list(interaction.people.order_by("id")),
        "duration_minutes": interaction.duration_minutes,
        "outcome": interaction.outcome,
        "tags": interaction.tags,
        "tone": interaction.sentiment if interaction.sentiment_by == "person" else None,
        "problem_severity": interaction.problem_severity,
        "confidentiality": interaction.confidentiality,
        "source": interaction.source,
        "external_id": interaction.external_id,
    }


def _first_version(interaction: Interaction) -> int:
    """The id under which the timeline has always known this conversation."""
    told = Event.objects.filter(
        subject_type="interaction", subject_id=interaction.pk, verb=Verb.INTERACTION_CORRECTED
    ).first()
    return int(told.data["first_version"]) if told else interaction.pk


@transaction.atomic
def close_problem(*, actor: User, interaction: Interaction, now: datetime, reason: str) -> Interaction:
    """The problem raised in an interaction is solved; how, says the reason."""
    found, held = _hold(actor, interaction)
    if found.problem_severity is None:
        raise Conflict(_("No problem was raised here."))
    if found.problem_closed_at is not None:
        raise Conflict(_("This problem is closed already."))
    problems = Problems()
    words = problems.text("reason", reason, most=400, required=True)
    problems.refuse()
    return close_problem_in(found, held, actor=actor, now=now, words=words)


def close_problem_in(
    found: Interaction, held: Relationship, *, actor: User, now: datetime, words: str
) -> Interaction:
    """Writes that an open problem is solved, in a relationship that is held by somebody who may say so."""
    found.problem_closed_at, found.problem_closed_by, found.problem_closed_reason = now, actor, words
    found.save(update_fields=["problem_closed_at", "problem_closed_by", "problem_closed_reason"])
    record_events([_event(found, held, Verb.PROBLEM_CLOSED, actor, now, happened_at=now, reason=words)])
    recount([held.pk])
    mark_stale([held.pk], now=now)
    return found


def _hold(actor: User, interaction: Interaction) -> tuple[Interaction, Relationship]:
    """The interaction and its relationship, locked; raises Missing, NotAllowed, or Conflict for an old version."""
    seen = Interaction.objects.visible_to(actor).filter(pk=interaction.pk).first()
    if seen is None:
        raise Missing(_("There is no such entry."))
    held = hold_relationship(actor, seen.relationship_id, Permission.LOG_INTERACTIONS)
    found = Interaction.objects.get(pk=seen.pk)
    if found.superseded_at is not None:
        raise Conflict(_("This entry has been corrected since; change the newest version."))
    return found, held


def _event(
    interaction: Interaction,
    held: Relationship,
    verb: Verb,
    actor: User,
    now: datetime,
    *,
    happened_at: datetime | None = None,
    reason: str = "",
    first_version: int | None = None,
) -> Event:
    data = {"channel": interaction.channel, "direction": interaction.direction}
    return event_of(
        relationship=held,
        party=held.party,
        verb=verb,
        actor=actor,
        now=now,
        happened_at=happened_at or interaction.happened_at,
        subject=interaction,
        reason=reason,
        data=data | ({"first_version": first_version} if first_version else {}),
        confidentiality=interaction.confidentiality,
    )
