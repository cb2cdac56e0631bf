"""How the API tells of cases."""

from typing import Any

from django.db.models import Prefetch
from rest_framework import serializers

from accounts.enums import Confidentiality
from cases.enums import (
    CHANNELS,
    CaseRemark,
    CaseSeverity,
    CaseState,
    CaseType,
    CauseResult,
    ClockType,
    MessageSort,
    QuestionState,
)
from cases.models import Case, CaseClock, CaseMessage, CaseOrigin, CaseStep, ClockPause, Question
from cases.queries.detail import known_beside
from cases.transitions import QUESTION, moves_of
from core.rest import fields


class PauseOut(serializers.ModelSerializer[ClockPause]):
    """A stretch in which a clock stood."""

    started_at = fields.Moment()
    ended_at = fields.Moment(allow_null=True)
    reason = serializers.ChoiceField(choices=CaseState.choices)

    class Meta:
        model = ClockPause
        fields = ["started_at", "ended_at", "reason"]


class ClockOut(serializers.ModelSerializer[CaseClock]):
    """A promise of time. `elapsed_seconds`: business time until it last stood or ended; while it runs, see `due_at`."""

    type = serializers.ChoiceField(choices=ClockType.choices)
    started_at = fields.Moment()
    due_at = fields.Moment(allow_null=True)
    stopped_at = fields.Moment(allow_null=True)
    cancelled_at = fields.Moment(allow_null=True)
    breached_at = fields.Moment(allow_null=True)
    pauses = PauseOut(many=True)

    class Meta:
        model = CaseClock
        fields = [
            "id", "type", "cycle", "target_minutes", "started_at", "due_at", "elapsed_seconds", "stopped_at",
            "cancelled_at", "breached_at", "pauses",
        ]  # fmt: skip


class CaseStepOut(serializers.ModelSerializer[CaseStep]):
    """One thing that a file tells of a case's past; `state` is empty where it stayed as it was."""

    at = fields.Moment()
    state = serializers.ChoiceField(choices=[("", ""), *CaseState.choices])

    class Meta:
        model = CaseStep
        fields = ["at", "step", "by", "state"]


class CaseOriginOut(serializers.ModelSerializer[CaseOrigin]):
    """Where an imported case comes from, and what the file says of it; `ref` is null where it numbers none."""

    ref = serializers.SerializerMethodField()
    said_in_time = serializers.BooleanField(allow_null=True)
    passed_on_at = fields.Moment(allow_null=True)
    acknowledged_at = fields.Moment(allow_null=True)
    answered_at = fields.Moment(allow_null=True)
    remarks = serializers.ListField(child=serializers.ChoiceField(choices=CaseRemark.choices))
    steps = CaseStepOut(many=True, source="case.steps")

    class Meta:
        model = CaseOrigin
        fields = [
            "source", "ref", "state_said", "said_in_time", "product", "subproduct", "theme", "subtheme", "place",
            "passed_on_at", "acknowledged_at", "answered_at", "remarks", "steps",
        ]  # fmt: skip

    def get_ref(self, origin: CaseOrigin) -> str | None:
        """The case's number in the source."""
        return origin.ref if origin.is_numbered else None


class CaseOut(serializers.ModelSerializer[Case]):
    """Something that somebody raised."""

    type = serializers.ChoiceField(choices=CaseType.choices)
    channel = serializers.ChoiceField(choices=[("", ""), *CHANNELS])
    relationship = fields.Ref()
    person = fields.Ref(allow_null=True)
    severity = serializers.ChoiceField(choices=CaseSeverity.choices)
    owner = fields.Ref()
    team = fields.Ref(allow_null=True)
    state = serializers.ChoiceField(choices=CaseState.choices)
    confidentiality = fields.Word(Confidentiality)
    cause_result = serializers.ChoiceField(choices=[("", ""), *CauseResult.choices])
    opened_at = fields.Moment()
    closed_at = fields.Moment(allow_null=True)
    next_due_at = fields.Moment(allow_null=True)
    follows = serializers.SerializerMethodField()
    duplicate_of = serializers.SerializerMethodField()
    clocks = ClockOut(many=True)
    origin = CaseOriginOut(allow_null=True)
    moves = serializers.SerializerMethodField()

    class Meta:
        model = Case
        fields = [
            "id", "ref", "type", "channel", "relationship", "person", "subject", "severity", "concerns_safety",
            "remedy_sought", "owner", "team", "state", "cycle", "confidentiality", "cause_result", "cause",
            "outcome", "ended_reason", "opened_at", "closed_at", "next_due_at", "version", "follows",
            "duplicate_of", "clocks", "origin", "moves",
        ]  # fmt: skip

    def get_follows(self, case: Case) -> int | None:
        """The case that it goes on from, where the viewer may know of that."""
        return self._known(case, case.follows)

    def get_duplicate_of(self, case: Case) -> int | None:
        """The case that it says the same as."""
        return self._known(case, case.duplicate_of)

    def get_moves(self, case: Case) -> list[str]:
        """The moves that it can make now."""
        return [move.name for move in moves_of(case)]

    def _known(self, case: Case, other: Case | None) -> int | None:
        found = known_beside(self.context["viewer"], case, other)
        return found.pk if found else None


class MessageOut(serializers.ModelSerializer[CaseMessage]):
    """One thing said in a case; a note is told to nobody outside."""

    sort = serializers.ChoiceField(choices=MessageSort.choices)
    channel = serializers.SerializerMethodField()
    interaction = serializers.IntegerField(source="talk_id", allow_null=True)
    body = serializers.CharField(source="text")
    at = fields.Moment()
    actor = fields.Ref()
    mail = serializers.SerializerMethodField()

    class Meta:
        model = CaseMessage
        fields = ["id", "sort", "channel", "body", "at", "actor", "cycle", "interaction", "mail"]

    def get_channel(self, message: CaseMessage) -> str | None:
        """How it was said; null for a note."""
        return message.talk.channel if message.talk else None

    def get_mail(self, message: CaseMessage) -> int | None:
        """The mail by which an answer of ours went; null for what was only noted."""
        return message.mailed.mail_id if hasattr(message, "mailed") else None


class QuestionOut(serializers.ModelSerializer[Question]):
    """A question of theirs. `message` is where they asked it, `answered_in` what answered it."""

    case = fields.Ref()
    message = serializers.IntegerField(source="message_id", allow_null=True)
    asked_by = fields.Ref(allow_null=True)
    asked_at = fields.Moment()
    due_at = fields.Moment(allow_null=True)
    owner = fields.Ref()
    state = serializers.ChoiceField(choices=QuestionState.choices)
    answered_in = serializers.IntegerField(source="answered_in_id", allow_null=True)
    settled_at = fields.Moment(allow_null=True)
    moves = serializers.SerializerMethodField()

    class Meta:
        model = Question
        fields = [
            "id", "case", "text", "message", "asked_by", "asked_at", "due_at", "owner", "state", "answered_in",
            "reason", "settled_at", "moves",
        ]  # fmt: skip

    def get_moves(self, question: Question) -> list[str]:
        """The moves that it can make now; in a case that is over, none."""
        return [move.name for move in QUESTION.allowed(question.state)] if question.case.is_open else []


def with_all(rows: Any) -> Any:
    """Cases with everything that is told of them."""
    beside = ("relationship", "person", "owner", "team", "follows", "duplicate_of", "origin")
    steps = Prefetch("steps", CaseStep.objects.order_by("at", "id"))
    return rows.select_related(*beside).prefetch_related("clocks__pauses", steps)


def told(viewer: Any) -> Any:
    """Cases that somebody may know of."""
    return with_all(Case.objects.visible_to(viewer))
