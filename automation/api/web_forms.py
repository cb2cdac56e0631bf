"""Web forms, and what came by them: to read."""

from typing import Any

from rest_framework import serializers

from accounts.api.endpoint import Call, Endpoint, Rows, one, reads
from accounts.enums import Area
from automation.api.rules import BY_NAME
from automation.enums import SentState
from automation.models import SentForm, WebForm
from automation.queries import web_forms as queries
from core.rest import fields


class WebFormOut(serializers.ModelSerializer[WebForm]):
    """What visitors are asked, and what becomes of it."""

    author = fields.Ref()
    created_at = fields.Moment()
    on_since = fields.Moment(allow_null=True)

    class Meta:
        model = WebForm
        fields = [
            *("id", "public_id", "name", "kind", "author", "title", "questions", "stage", "origins"),
            *("version", "created_at", "on_since"),
        ]


class SentFormOut(serializers.ModelSerializer[SentForm]):
    """What a visitor sent, with what became of it."""

    answers = serializers.SerializerMethodField()
    relationship = serializers.IntegerField(source="relationship_id", allow_null=True)
    state = serializers.ChoiceField(choices=SentState.choices)
    received_at = fields.Moment()
    settled_at = fields.Moment(allow_null=True)

    class Meta:
        model = SentForm
        fields = ["id", "answers", "relationship", "state", "reason", "received_at", "settled_at"]

    def get_answers(self, sent: SentForm) -> dict[str, str]:
        """By field."""
        answers: dict[str, Any] = sent.told["answers"]
        return answers


class WebForms(Endpoint):
    """`/web-forms/`"""

    area, tag = Area.AUTOMATION, "Web forms"

    @reads(WebFormOut, asks=fields.Paged)
    def get(self, call: Call) -> Rows:
        """Web forms, by name."""
        return Rows(queries.forms_of(call.viewer).order_by(), BY_NAME)


class OneWebForm(Endpoint):
    """`/web-forms/{form_id}/`"""

    area, tag = Area.AUTOMATION, "Web forms"

    @reads(WebFormOut)
    def get(self, call: Call, form_id: int) -> WebForm:
        """One web form."""
        return one(queries.forms_of(call.viewer), form_id)


class SentForms(Endpoint):
    """`/web-forms/{form_id}/sent/`"""

    area, tag = Area.AUTOMATION, "Web forms"

    @reads(SentFormOut, asks=fields.Paged)
    def get(self, call: Call, form_id: int) -> Rows:
        """What came by a web form, newest first."""
        return Rows(queries.sent_by(call.viewer, queries.form_of(call.viewer, form_id)), queries.NEWEST)
