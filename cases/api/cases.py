"""Cases: what somebody raised, what was said since, and the moves."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers

from accounts.api.endpoint import Call, Endpoint, Rows, acts, changes, creates, one, reads
from accounts.enums import Area, Confidentiality
from accounts.models import Team, User
from cases.api.outputs import CaseOut, MessageOut, told, with_all
from cases.enums import CHANNELS, CaseSeverity, CaseState, CaseType, CauseResult, MessageSort
from cases.models import Case, CaseMessage, Question
from cases.operations import cases as operations
from cases.operations import messages
from cases.operations.cases import Raised
from cases.operations.moves import Findings, move_case
from cases.queries.queue import QueueQuery, queue
from cases.queries.said import as_corrected
from cases.transitions import MOVES
from core import keyset
from core.refusals import Invalid
from core.rest import fields
from relationships import kinds
from relationships.models import Party, Relationship

CHANNEL_NAMES = [value for value, _words in CHANNELS]
BY_TIME = keyset.Order(keyset.SortKey("at", datetime.fromisoformat))
FOUND = ("cause_result", "cause", "outcome", "override")

TALK = {"channel", "said_at"}
SAYS: dict[str, tuple[Any, set[str]]] = {
    MessageSort.NOTE: (messages.note_in_case, set()),
    MessageSort.OURS: (messages.answer_case, TALK | {"promise", "promise_due_date", "answers"}),
    MessageSort.THEIRS: (messages.hear_case, TALK | {"wants_answer"}),
}
"""By sort, the operation that what was said calls for, and what it takes beside the words."""


def seen_relationships(viewer: Any) -> Any:
    """The relationships that somebody may name."""
    return Relationship.objects.visible_to(viewer)


def seen_parties(viewer: Any) -> Any:
    """The parties that somebody may name."""
    return Party.objects.visible_to(viewer)


def seen_cases(viewer: Any) -> Any:
    """The cases that somebody may name."""
    return Case.objects.visible_to(viewer)


def seen_questions(viewer: Any) -> Any:
    """The questions that somebody may name."""
    return Question.objects.visible_to(viewer)


def colleagues(viewer: Any) -> Any:
    """Whom a case can be given to."""
    return User.objects.filter(is_active=True, is_system=False)


def open_teams(viewer: Any) -> Any:
    """Teams that are not closed."""
    return Team.objects.filter(closed_at=None)


class CaseIn(fields.Body):
    """What somebody raised; the clocks run from `raised_at`, now unless it is said."""

    relationship = fields.Known(seen_relationships)
    type = fields.Choice(choices=CaseType.values)
    channel = fields.Choice(choices=CHANNEL_NAMES)
    subject = fields.Text(most=200, words=True)
    body = fields.Text(most=100_000, words=True)
    severity = fields.Choice(choices=CaseSeverity.values, required=False)
    person = fields.Known(seen_parties, required=False)
    concerns_safety = fields.Flag(required=False)
    remedy_sought = fields.Text(most=300, required=False)
    owner = fields.Known(colleagues, required=False)
    team = fields.Known(open_teams, required=False)
    confidentiality = fields.Word(Confidentiality, required=False)
    follows = fields.Known(seen_cases, required=False)
    raised_at = fields.Moment(required=False)


class CaseChange(fields.Body):
    """What is to be different; `owner` and `team` give it to somebody."""

    subject = fields.Text(most=200, words=True)
    severity = fields.Choice(choices=CaseSeverity.values)
    concerns_safety = fields.Flag()
    remedy_sought = fields.Text(most=300)
    person = fields.Known(seen_parties, allow_null=True)
    owner = fields.Known(colleagues)
    team = fields.Known(open_teams, allow_null=True)
    reason = fields.Text(most=400)


class CaseMove(fields.Body):
    """A move. `close` of a complaint wants cause and outcome, `withdraw` and `reject` a reason."""

    move = fields.Choice(choices=list(MOVES))
    reason = fields.Text(most=400, required=False)
    cause_result = fields.Choice(choices=CauseResult.values, required=False)
    cause = fields.Text(most=10_000, required=False)
    outcome = fields.Text(most=10_000, required=False)
    other = fields.Known(seen_cases, required=False)
    override = fields.Text(most=400, required=False)


class MessageIn(fields.Body):
    """What was said. It is noted, not sent: that is `…/mails/`. A note wants no channel, all else does."""

    sort = fields.Choice(choices=MessageSort.values)
    body = fields.Text(most=100_000, words=True)
    channel = fields.Choice(choices=CHANNEL_NAMES, required=False)
    said_at = fields.Moment(required=False)
    wants_answer = fields.Flag(required=False, help_text="Of what they said: false for a mere thank-you.")
    promise = fields.Text(most=300, required=False)
    promise_due_date = fields.Day(required=False)
    answers = serializers.ListField(
        child=fields.Known(seen_questions), max_length=100, required=False,
        help_text="Questions of the case that `ours` answers.",
    )  # fmt: skip


class CaseQuestion(fields.Paged):
    """What the queue is narrowed and sorted by, as on its page."""

    q = serializers.CharField(max_length=100, required=False)
    status = serializers.ChoiceField(choices=["open", "overdue", "ended"], required=False)
    state = serializers.ChoiceField(choices=CaseState.values, required=False)
    type = serializers.ChoiceField(choices=CaseType.values, required=False)
    severity = serializers.IntegerField(min_value=1, max_value=4, required=False)
    owner = serializers.RegexField(r"^(me|team|[0-9]{1,18})$", required=False)
    kind = serializers.ChoiceField(choices=kinds.registry.slugs, required=False)
    relationship = serializers.IntegerField(min_value=1, max_value=fields.LARGEST, required=False)
    sort = serializers.ChoiceField(choices=["due", "-due", "opened", "-opened"], default="due")


class Cases(Endpoint):
    """`/cases/`"""

    area, tag = Area.RELATIONSHIPS, "Cases"

    @reads(CaseOut, asks=CaseQuestion)
    def get(self, call: Call) -> Rows:
        """The queue of cases, as its page narrows and sorts it."""
        asked = {name: value for name, value in call.asked.items() if name not in ("cursor", "limit")}
        query = QueueQuery(relationship_id=asked.pop("relationship", None), **asked)
        return Rows(with_all(queue(viewer=call.viewer, query=query, now=call.now)), query.order)

    @creates(CaseOut, says=CaseIn)
    def post(self, call: Call) -> Case:
        """Open a case with what was first said."""
        said = dict(call.said)
        relationship = said.pop("relationship")
        made = operations.open_case(
            actor=call.viewer, relationship=relationship, raised=Raised(**said), now=call.now
        )
        return one(told(call.viewer), made.pk)


class OneCase(Endpoint):
    """`/cases/{case_id}/`"""

    area, tag, holder = Area.RELATIONSHIPS, "Cases", "relationship"

    def find(self, call: Call, **parts: Any) -> Case:
        """The case of the address."""
        return one(told(call.viewer), parts["case_id"])

    @reads(CaseOut)
    def get(self, call: Call, case_id: int) -> Case:
        """One case with its clocks."""
        return self.find(call, case_id=case_id)

    @changes(CaseOut, says=CaseChange)
    def patch(self, call: Call, case: Case) -> Case:
        """Describe a case anew, or give it to somebody."""
        said = dict(call.said)
        given = {"actor": call.viewer, "now": call.now, "reason": said.pop("reason", "")}
        holders = {name: said.pop(name, getattr(case, name)) for name in ("owner", "team")}
        operations.edit_case(case=case, version=case.version, **given, **said)
        operations.assign_case(case=case, **given, **holders)
        return self.find(call, case_id=case.pk)


class CaseMoves(Endpoint):
    """`/cases/{case_id}/transitions/`"""

    area, tag = Area.RELATIONSHIPS, "Cases"

    @acts(CaseOut, says=CaseMove)
    def post(self, call: Call, case_id: int) -> Case:
        """Take a case through one move of its table; `moves` of the case names those that are possible."""
        found, said = one(told(call.viewer), case_id), dict(call.said)
        findings = Findings(other=said.get("other"), **{name: said[name] for name in FOUND if name in said})
        move_case(
            actor=call.viewer, case=found, transition=said["move"], now=call.now, reason=said.get("reason", ""),
            findings=findings,
        )  # fmt: skip
        return one(told(call.viewer), case_id)


class CaseMessages(Endpoint):
    """`/cases/{case_id}/messages/`"""

    area, tag = Area.RELATIONSHIPS, "Cases"

    @reads(MessageOut, asks=fields.Paged)
    def get(self, call: Call, case_id: int) -> Rows:
        """What was said in a case, oldest first."""
        case = one(told(call.viewer), case_id)
        rows = CaseMessage.objects.filter(case=case)
        rows = rows.select_related("talk", "actor", "mailed")
        return Rows(rows, BY_TIME, dress=lambda found: as_corrected(call.viewer, case, found))

    @creates(MessageOut, says=MessageIn)
    def post(self, call: Call, case_id: int) -> CaseMessage:
        """Note what was said: by us, by them, or among ourselves."""
        said = dict(call.said)
        given = {"actor": call.viewer, "case": one(told(call.viewer), case_id), "now": call.now}
        given["body"] = said.pop("body")
        say, takes = SAYS[said.pop("sort")]
        if unfit := set(said) - takes:
            raise Invalid({name: _("What is said so does not take this.") for name in sorted(unfit)})
        if "channel" in takes:
            said.setdefault("channel", "")
        return say(**given, **said)
