"""The questions of cases: those of one, and all that wait for an answer."""

from datetime import datetime
from typing import Any

from rest_framework import serializers

from accounts.api.endpoint import Call, Endpoint, Rows, acts, changes, creates, one, reads
from accounts.enums import Area
from cases.api.cases import colleagues
from cases.api.outputs import QuestionOut, told
from cases.enums import QuestionState
from cases.models import CaseMessage, Question
from cases.operations.questions import edit_question, move_question, note_question
from cases.transitions import QUESTION
from core import keyset
from core.rest import fields

BY_AGE = keyset.Order(keyset.SortKey("asked_at", datetime.fromisoformat))
BESIDE = ("case__relationship", "asked_by", "owner", "clock")


def seen_messages(viewer: Any) -> Any:
    """What was said in cases that somebody may know of."""
    return CaseMessage.objects.visible_to(viewer)


def told_questions(viewer: Any) -> Any:
    """Questions of cases that somebody may know of, with all that is told of them."""
    return Question.objects.visible_to(viewer).select_related(*BESIDE)


class QuestionIn(fields.Body):
    """A question of theirs; `message` is where they asked it, else what they said last."""

    text = fields.Text(most=500, words=True)
    message = fields.Known(seen_messages, required=False)
    owner = fields.Known(colleagues, required=False)


class QuestionChange(fields.Body):
    """What is to be different; a proposed one that is said anew is a question from then on."""

    text = fields.Text(most=500, words=True)
    owner = fields.Known(colleagues)


class QuestionMove(fields.Body):
    """A move. `rule_out` wants a reason; `answer` takes the message that answers it, else what we told them last."""

    move = fields.Choice(choices=[move.name for move in QUESTION.transitions])
    reason = fields.Text(most=400, required=False)
    message = fields.Known(seen_messages, required=False)


class QuestionsAsked(fields.Paged):
    """Which questions: those that wait for an answer, or all."""

    status = serializers.ChoiceField(choices=["unanswered", "all"], default="unanswered")
    state = serializers.ChoiceField(choices=QuestionState.values, required=False)
    case = serializers.IntegerField(min_value=1, max_value=fields.LARGEST, required=False)
    owner = serializers.IntegerField(min_value=1, max_value=fields.LARGEST, required=False)


class Questions(Endpoint):
    """`/questions/`"""

    area, tag = Area.RELATIONSHIPS, "Cases"

    @reads(QuestionOut, asks=QuestionsAsked)
    def get(self, call: Call) -> Rows:
        """Questions of all cases or of one, the first asked first."""
        rows = told_questions(call.viewer)
        if call.asked["status"] == "unanswered":
            rows = rows.owed()
        asked = {"case_id": call.asked.get("case"), "owner_id": call.asked.get("owner")}
        asked["state"] = call.asked.get("state")
        return Rows(rows.filter(**{name: value for name, value in asked.items() if value}), BY_AGE)


class CaseQuestions(Endpoint):
    """`/cases/{case_id}/questions/`"""

    area, tag = Area.RELATIONSHIPS, "Cases"

    @creates(QuestionOut, says=QuestionIn)
    def post(self, call: Call, case_id: int) -> Question:
        """Note a question that was asked in a case."""
        found = one(told(call.viewer), case_id)
        made = note_question(actor=call.viewer, case=found, now=call.now, **call.said)
        return one(told_questions(call.viewer), made.pk)


class OneQuestion(Endpoint):
    """`/questions/{question_id}/`"""

    area, tag, holder = Area.RELATIONSHIPS, "Cases", "relationship"

    def find(self, call: Call, **parts: Any) -> Question:
        """The question of the address."""
        return one(told_questions(call.viewer), parts["question_id"])

    @reads(QuestionOut)
    def get(self, call: Call, question_id: int) -> Question:
        """One question."""
        return self.find(call, question_id=question_id)

    @changes(QuestionOut, says=QuestionChange)
    def patch(self, call: Call, question: Question) -> Question:
        """Say a question anew, or give it to somebody."""
        edit_question(actor=call.viewer, question=question, now=call.now, **call.said)
        return self.find(call, question_id=question.pk)


class QuestionMoves(Endpoint):
    """`/questions/{question_id}/transitions/`"""

    area, tag = Area.RELATIONSHIPS, "Cases"

    @acts(QuestionOut, says=QuestionMove)
    def post(self, call: Call, question_id: int) -> Question:
        """Confirm, answer or settle a question; `moves` of it names those that are possible."""
        said = dict(call.said)
        found = one(told_questions(call.viewer), question_id)
        move_question(actor=call.viewer, question=found, transition=said.pop("move"), now=call.now, **said)
        return one(told_questions(call.viewer), question_id)
