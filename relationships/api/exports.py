"""Lists as files."""

from django.http import StreamingHttpResponse
from rest_framework import serializers

from accounts.api.endpoint import Call, Endpoint, reads
from relationships import kinds
from relationships.api.documents import PLAIN_BYTES
from relationships.api.relationships import KindEndpoint, Narrowed, list_question
from relationships.operations.exports import CSV, export_list
from relationships.registry import registry


class ExportQuestion(Narrowed):
    """Which list, with which columns, as which sort of file."""

    file = serializers.ChoiceField(choices=[*registry.list_formats], default=CSV)
    col = serializers.ListField(
        child=serializers.RegexField(r"^[a-z0-9_]{1,60}$"),
        required=False,
        max_length=20,
        help_text="The columns after the name, in order; without any, all that the list knows.",
    )


class Exported(KindEndpoint):
    """The list of a kind as a file."""

    def exported(self, call: Call) -> StreamingHttpResponse:
        """The list as CSV, a workbook or contacts: the rows in which one may export, and what one sees of them."""
        form, slug = call.asked["file"], self.kind.slug
        pieces = export_list(actor=call.viewer, query=self.asked(call), now=call.now, form=form)
        answer = StreamingHttpResponse(pieces, content_type=PLAIN_BYTES)
        answer["Content-Disposition"] = f'attachment; filename="{slug}-{call.now:%Y-%m-%d}.{form}"'
        return answer


def export_endpoint(kind: kinds.Kind) -> type[Endpoint]:
    """The endpoint of a kind."""
    name = kind.slug.title()
    asks = list_question(kind, ExportQuestion)
    get = reads(is_file=True, asks=asks)(Exported.exported)
    return type(f"{name}Exported", (Exported,), {"kind": kind, "tag": name, "get": get})
