"""Imports that were carried out, what each did, and how one is taken back."""

from typing import Any

from django.db.models import Count, Q
from rest_framework import serializers

from accounts.api.endpoint import Call, Endpoint, Rows, acts, reads
from accounts.enums import Area
from core import keyset
from core.rest import fields
from exchange.api.import_files import ReportOut
from exchange.enums import Dataset
from exchange.models import ImportRun
from exchange.operations.jobs import want_reversal
from exchange.queries import runs
from exchange.queries.run_rows import RowLine, row_line, rows_behind

BY_ID = keyset.Order(keyset.SortKey("id", int))


class ImportOut(serializers.ModelSerializer[ImportRun]):
    """One import that was carried out."""

    dataset = serializers.ChoiceField(choices=Dataset.choices)
    imported_at = fields.Moment()
    actor = fields.Ref()
    files = serializers.SerializerMethodField()
    waiting = serializers.IntegerField(help_text="Rows that wait to be corrected.")
    revert_wanted_at = fields.Moment(allow_null=True)
    reverted_at = fields.Moment(allow_null=True)
    purged_at = fields.Moment(
        allow_null=True,
        help_text="When a rule of retention took its file and its held rows: it stays as it is.",
    )

    class Meta:
        model = ImportRun
        fields = [
            "id", "dataset", "source", "kind", "files", "actor", "imported_at", "waiting", "revert_wanted_at",
            "reverted_at", "purged_at",
        ]  # fmt: skip

    def get_files(self, run: ImportRun) -> list[str]:
        """Their names."""
        return [file["name"] for file in run.files]


class ImportDetailOut(ImportOut):
    """An import with what it did."""

    report = serializers.SerializerMethodField()
    columns = serializers.SerializerMethodField()

    class Meta(ImportOut.Meta):
        fields = [*ImportOut.Meta.fields, "report", "columns"]

    def get_report(self, run: ImportRun) -> ReportOut:
        """The numbers; reasons that tell of somebody's sight only to whoever imported."""
        is_own = run.actor_id == self.context["viewer"].pk
        told = {name: run.report.get(name, {}) for name in ("created", "updated")}
        told |= {name: run.report.get(name, 0) for name in ("rows", "imported", "held")}
        told["held_by_reason"] = runs.reasons_told(run.report, is_own=is_own)
        told["cases"] = runs.case_totals(run.report)
        return told  # type: ignore[return-value]  # as ReportOut describes it

    def get_columns(self, run: ImportRun) -> dict[str, str]:
        """Our field to the file's header, of the columns that were read."""
        return run.labels[0] if run.labels else {}


class RowsQuestion(fields.Paged):
    """Which number of the report is opened: the parties that it made, unless another is asked for."""

    done = serializers.ChoiceField(choices=["created", "updated"], default="created")
    what = serializers.RegexField(r"^[a-z_]{1,40}$", default="parties", help_text="As the report names it.")


class RowOut(serializers.Serializer[RowLine]):
    """A thing that an import made or changed."""

    title = serializers.CharField()
    url = serializers.CharField(help_text="Its page.")
    amount = fields.Amount(allow_null=True)
    currency = serializers.CharField()


class FigureOut(serializers.Serializer[runs.Figure]):
    """A number, and of what."""

    label = serializers.CharField()
    value = serializers.IntegerField()


class ConflictOut(serializers.Serializer[Any]):
    """A party that somebody changed since in a field that the import had changed: it stays as it is."""

    party = fields.Ref()
    fields_changed = serializers.CharField()


class ReversalOut(serializers.Serializer[Any]):
    """What taking an import back would do, or did. Who you may not know of is counted, not named."""

    revert_wanted_at = fields.Moment(allow_null=True)
    reverted_at = fields.Moment(allow_null=True)
    refusal = serializers.CharField(help_text="Why the last attempt changed nothing.")
    would_do = FigureOut(many=True, help_text="Before anybody's use of it since is looked at.")
    removed = FigureOut(many=True)
    put_back = serializers.IntegerField(help_text="Things that are again as they were.")
    kept_count = serializers.IntegerField(help_text="Parties that stay, for somebody has used them since.")
    kept = fields.Ref(many=True)
    conflicts = serializers.IntegerField(help_text="Things that somebody has changed since.")
    conflicting = ConflictOut(many=True)


def told(viewer: Any) -> Any:
    """Imports that somebody may know of, with the rows that still wait."""
    waiting = Count("held_rows", filter=Q(held_rows__resolved_at=None))
    return ImportRun.objects.visible_to(viewer).select_related("actor").annotate(waiting=waiting)


def reversal_of(viewer: Any, run: ImportRun) -> dict[str, Any]:
    """How the reversal of an import stands."""
    done = runs.reversal_of(viewer, run)
    return vars(done) | {
        "revert_wanted_at": run.revert_wanted_at,
        "reverted_at": run.reverted_at,
        "refusal": (run.reversal or {}).get("refusal", ""),
        "would_do": [] if run.reverted_at else runs.consequence(run),
        "conflicting": [{"party": party, "fields_changed": names} for party, names in done.conflicting],
    }


class Imports(Endpoint):
    """`/imports/`"""

    area, tag = Area.WORKSPACE, "Imports"

    @reads(ImportOut, asks=fields.Paged)
    def get(self, call: Call) -> Rows:
        """Imports, newest first."""
        return Rows(told(call.viewer), runs.NEWEST)


class OneImport(Endpoint):
    """`/imports/{import_id}/`"""

    area, tag = Area.WORKSPACE, "Imports"

    @reads(ImportDetailOut)
    def get(self, call: Call, import_id: int) -> ImportRun:
        """What an import did."""
        runs.visible_run(call.viewer, import_id)
        found: ImportRun = told(call.viewer).get(pk=import_id)
        return found


class ImportedRows(Endpoint):
    """`/imports/{import_id}/rows/`"""

    area, tag = Area.WORKSPACE, "Imports"

    @reads(RowOut, asks=RowsQuestion)
    def get(self, call: Call, import_id: int) -> Rows:
        """What an import made or changed, as far as you may know of it."""
        run, asked = runs.visible_run(call.viewer, import_id), call.asked
        rows = rows_behind(call.viewer, run, done_to=asked["done"], what=asked["what"])
        return Rows(rows, BY_ID, lambda found: [row_line(row) for row in found])


class Reversal(Endpoint):
    """`/imports/{import_id}/reversal/`"""

    area, tag = Area.WORKSPACE, "Imports"

    @reads(ReversalOut)
    def get(self, call: Call, import_id: int) -> dict[str, Any]:
        """What taking an import back would do; once it is done, what was reverted, kept, and left in conflict."""
        return reversal_of(call.viewer, runs.visible_run(call.viewer, import_id))

    @acts(ReversalOut, says=fields.Body)
    def post(self, call: Call, import_id: int) -> dict[str, Any]:
        """Have an import taken back by a worker."""
        run = runs.visible_run(call.viewer, import_id)
        want_reversal(actor=call.viewer, run=run, now=call.now)
        return reversal_of(call.viewer, runs.visible_run(call.viewer, import_id))
