"""Rows that an import kept aside: read, corrected, sent again."""

from rest_framework import serializers

from accounts.api.endpoint import Call, Endpoint, Rows, acts, reads
from accounts.enums import Area
from core.rest import fields
from exchange.enums import HeldReason
from exchange.models import HeldRow
from exchange.operations.corrections import correct_held
from exchange.queries import held as queries
from exchange.queries.runs import visible_run

LONGEST_CELL = 20_000


class HeldOut(serializers.ModelSerializer[HeldRow]):
    """A line of a file that was not imported, with what is wrong with it."""

    reason = serializers.ChoiceField(choices=HeldReason.choices)

    class Meta:
        model = HeldRow
        fields = ["id", "file", "row", "column", "value", "reason", "cells"]


class HeldRowOut(HeldOut):
    """A held line, with its cells by our fields, which a correction names."""

    import_id = serializers.IntegerField(source="run_id")
    fields_read = serializers.SerializerMethodField()
    resolved_at = fields.Moment(allow_null=True, help_text="When it came in after all; null while it waits.")

    class Meta(HeldOut.Meta):
        fields = [*HeldOut.Meta.fields, "import_id", "fields_read", "resolved_at"]

    def get_fields_read(self, row: HeldRow) -> dict[str, str]:
        """Our field to its cell."""
        return queries.cells_of(row)


class CorrectionIn(fields.Body):
    """What the row is to say; a field that is not named stays as it is."""

    cells = serializers.DictField(child=fields.Text(most=LONGEST_CELL), help_text="Our field to its text.")
    accept_equal = fields.Flag(
        default=False, help_text="It is somebody else with the same address or number."
    )


class HeldRows(Endpoint):
    """`/imports/{import_id}/held-rows/`"""

    area, tag = Area.WORKSPACE, "Imports"

    @reads(HeldOut, asks=fields.Paged)
    def get(self, call: Call, import_id: int) -> Rows:
        """The rows of an import that wait to be corrected, as in the file."""
        run = visible_run(call.viewer, import_id)
        return Rows(HeldRow.objects.visible_to(call.viewer, run).waiting(), queries.AS_IN_THE_FILE)


class OneHeldRow(Endpoint):
    """`/held-rows/{held_id}/`"""

    area, tag = Area.WORKSPACE, "Imports"

    @reads(HeldRowOut)
    def get(self, call: Call, held_id: int) -> HeldRow:
        """A row that was kept aside."""
        return queries.held_row(call.viewer, held_id)


class Corrections(Endpoint):
    """`/held-rows/{held_id}/corrections/`"""

    area, tag = Area.WORKSPACE, "Imports"

    @acts(HeldRowOut, says=CorrectionIn)
    def post(self, call: Call, held_id: int) -> HeldRow:
        """Send a row again with other cells; it goes through the very import that held it."""
        held, said = queries.held_row(call.viewer, held_id), dict(call.said)
        cells = queries.cells_of(held) | said.pop("cells")
        correct_held(actor=call.viewer, held=held, cells=cells, now=call.now, **said)
        return queries.held_row(call.viewer, held_id)
