"""A file on its way in: sent, how it is to be read, looked at, tried, imported. A file is its sender's alone."""

from datetime import datetime
from typing import Any

from rest_framework import serializers
from rest_framework.parsers import MultiPartParser

from accounts.api.endpoint import Call, Endpoint, Rows, acts, changes, creates, reads
from accounts.enums import Area
from core import keyset
from core.rest import fields
from exchange.enums import Dataset, Wanted
from exchange.forms import DELIMITERS, ENCODINGS
from exchange.models import ImportJob
from exchange.operations.jobs import Answers, settle_columns, take_upload, want
from exchange.operations.previews import Preview, PreviewRow, preview
from exchange.permissions import require_importing
from exchange.queries import runs
from exchange.queries.field_labels import offered_fields

LATEST = keyset.Order(keyset.SortKey("created_at", datetime.fromisoformat), descending=True)
MOST_COLUMNS = 10_000
LAST_ROW = 100_000
LAYOUT = {"encoding", "delimiter", "header_row"}


class OfferOut(serializers.Serializer[Any]):
    """Something that you may import: say it as `holds`."""

    holds = serializers.CharField()
    label = serializers.CharField()


class OffersOut(serializers.Serializer[Any]):
    """What you may import."""

    offers = OfferOut(many=True)


class ColumnOut(serializers.Serializer[Any]):
    """A column of the file, by its number from 1, with some of its values."""

    number = serializers.IntegerField()
    title = serializers.CharField()
    samples = serializers.ListField(child=serializers.CharField())


class FieldOut(serializers.Serializer[Any]):
    """A field that a column can be."""

    name = serializers.CharField()
    label = serializers.CharField()


class ReportOut(serializers.Serializer[Any]):
    """What an import did, or would do: rows by what became of them, things by what they are."""

    rows = serializers.IntegerField()
    imported = serializers.IntegerField(help_text="Rows that are in now, new or known.")
    held = serializers.IntegerField(help_text="Rows that were kept aside.")
    created = serializers.DictField(child=serializers.IntegerField())
    updated = serializers.DictField(child=serializers.IntegerField())
    held_by_reason = serializers.DictField(child=serializers.IntegerField())
    cases = serializers.SerializerMethodField()

    def get_cases(self, report: dict[str, Any]) -> dict[str, int]:
        """Of cases: how many, open, in time by the file's word and by our clocks; empty for all else."""
        return runs.case_totals(report)


class FileLineOut(serializers.ModelSerializer[ImportJob]):
    """A file that was sent."""

    dataset = serializers.ChoiceField(choices=Dataset.choices)
    created_at = fields.Moment()
    wanted = serializers.ChoiceField(choices=["", *Wanted.values], help_text="What was asked for last.")
    finished_at = fields.Moment(
        allow_null=True, help_text="When that was done; null while nothing is, or it is at work."
    )
    progress = serializers.CharField(source="told", help_text="How far it is, in words.")

    class Meta:
        model = ImportJob
        fields = [
            "id", "name", "size", "sha256", "dataset", "kind", "created_at", "wanted", "is_working", "progress",
            "finished_at", "refusal",
        ]  # fmt: skip


class FileOut(FileLineOut):
    """A file with how it is read: as proposed, until somebody says otherwise."""

    encoding = serializers.CharField(source="layout.encoding")
    delimiter = serializers.CharField(source="layout.delimiter")
    header_row = serializers.IntegerField(source="layout.header_row", help_text="Counted from 1; 0 for none.")
    is_remembered = serializers.SerializerMethodField()
    found = ColumnOut(many=True, source="layout.columns")
    columns = serializers.SerializerMethodField()
    date_format = serializers.SerializerMethodField()
    decimal = serializers.SerializerMethodField()
    currency = serializers.SerializerMethodField()
    fields_offered = serializers.SerializerMethodField()
    trial = ReportOut(allow_null=True, help_text="What the last trial run said.")
    import_id = serializers.SerializerMethodField()

    class Meta(FileLineOut.Meta):
        fields = [
            *FileLineOut.Meta.fields, "encoding", "delimiter", "header_row", "is_remembered", "found", "columns",
            "date_format", "decimal", "currency", "fields_offered", "trial", "import_id",
        ]  # fmt: skip

    def get_is_remembered(self, job: ImportJob) -> bool:
        """Whether a file with this header was read so before."""
        return bool(job.layout.get("is_remembered"))

    def get_columns(self, job: ImportJob) -> dict[str, int]:
        """Which field is in which column, by its number."""
        columns: dict[str, int] = job.settings.get("columns", {})
        return columns

    def get_date_format(self, job: ImportJob) -> str:
        """How dates are written; "" for ISO 8601, and where nothing decides it."""
        return str(job.settings.get("date_format", ""))

    def get_decimal(self, job: ImportJob) -> str:
        """The decimal sign."""
        return str(job.settings.get("decimal", "."))

    def get_currency(self, job: ImportJob) -> str:
        """Of amounts that name none; "" for the business unit's."""
        return str(job.settings.get("constants", {}).get("currency", ""))

    def get_fields_offered(self, job: ImportJob) -> list[dict[str, str]]:
        """The fields that a column can be; none for cards."""
        if job.dataset == Dataset.CONTACTS:
            return []
        return [{"name": name, "label": label} for name, label in offered_fields(job.dataset, job.kind)]

    def get_import_id(self, job: ImportJob) -> int | None:
        """The import that it became."""
        return job.run.pk if hasattr(job, "run") else None


class FileIn(fields.Body):
    """A file, and what its rows are."""

    file = serializers.FileField(allow_empty_file=True)
    holds = fields.Text(most=60, words=True, help_text="As `/imports/offers/` lists it: `parties:customers`.")


class ReadingIn(fields.Body):
    """How a file is to be read. Another encoding, delimiter or header alone has its columns proposed anew."""

    encoding = fields.Choice(choices=[*ENCODINGS, "utf-32"])
    delimiter = fields.Choice(choices=list(DELIMITERS))
    header_row = fields.Whole(min_value=0, max_value=LAST_ROW)
    columns = serializers.DictField(
        child=fields.Whole(min_value=1, max_value=MOST_COLUMNS), help_text="Our field to the column's number."
    )
    date_format = fields.Text(
        most=40, help_text="As Python writes it: `%d/%m/%Y`; `serial` for a spreadsheet's days."
    )
    decimal = fields.Choice(choices=[".", ","])
    currency = serializers.RegexField(r"^([A-Z]{3})?$")


class PreviewRowOut(serializers.Serializer[PreviewRow]):
    """A row by its number in the file; `wrong` says why it would be held, and `column` where."""

    number = serializers.IntegerField()
    cells = serializers.ListField(child=serializers.CharField())
    wrong = serializers.CharField()
    column = serializers.CharField()


class PreviewOut(serializers.Serializer[Preview]):
    """The first rows of a file as they would come in."""

    heads = serializers.ListField(child=serializers.CharField())
    rows = PreviewRowOut(many=True)
    held = serializers.IntegerField(help_text="How many of these rows would not come in.")


class Offers(Endpoint):
    """`/imports/offers/`"""

    area, tag = Area.WORKSPACE, "Imports"

    @reads(OffersOut)
    def get(self, call: Call) -> dict[str, Any]:
        """What you may import."""
        require_importing(call.viewer)
        return {"offers": [{"holds": holds, "label": label} for holds, label in runs.importable(call.viewer)]}


class ImportFiles(Endpoint):
    """`/imports/files/`"""

    area, tag = Area.WORKSPACE, "Imports"

    @reads(FileLineOut, asks=fields.Paged)
    def get(self, call: Call) -> Rows:
        """Your files that are not imported yet, newest first."""
        require_importing(call.viewer)
        return Rows(runs.unfinished_jobs(call.viewer), LATEST)


class ImportUploads(Endpoint):
    """`/imports/files/uploads/`"""

    area, tag = Area.WORKSPACE, "Imports"
    parser_classes = [MultiPartParser]

    @creates(FileOut, says=FileIn)
    def post(self, call: Call) -> ImportJob:
        """Send a file; how it is laid out is found, and which column is which field is proposed."""
        file, (dataset, _colon, kind) = call.said["file"], call.said["holds"].partition(":")
        sent = {"name": file.name, "content": file, "dataset": dataset, "kind": kind}
        return take_upload(actor=call.viewer, now=call.now, **sent)


class ImportFile(Endpoint):
    """`/imports/files/{job_id}/`"""

    area, tag = Area.WORKSPACE, "Imports"

    def find(self, call: Call, *, job_id: int) -> ImportJob:
        """The file, if the viewer sent it."""
        return runs.own_job(call.viewer, job_id)

    @reads(FileOut)
    def get(self, call: Call, job_id: int) -> ImportJob:
        """A file, how it is read, and how far it is."""
        return self.find(call, job_id=job_id)

    @changes(FileOut, says=ReadingIn)
    def patch(self, call: Call, job: ImportJob) -> ImportJob:
        """Say how a file is to be read."""
        answers = Answers(**reading_of(job, call.said))
        settle_columns(actor=call.viewer, job=job, answers=answers, is_told_anew="columns" in call.said)
        return self.find(call, job_id=job.pk)


class FilePreview(Endpoint):
    """`/imports/files/{job_id}/preview/`"""

    area, tag = Area.WORKSPACE, "Imports"

    @reads(PreviewOut, codes=(409, 422))
    def get(self, call: Call, job_id: int) -> Preview:
        """The first 200 rows with what is wrong with each; nothing is changed."""
        return preview(actor=call.viewer, job=runs.own_job(call.viewer, job_id), now=call.now)


class Trial(Endpoint):
    """`/imports/files/{job_id}/trial/`"""

    area, tag = Area.WORKSPACE, "Imports"

    @acts(FileOut, says=fields.Body)
    def post(self, call: Call, job_id: int) -> ImportJob:
        """Have the whole file tried by a worker; nothing is changed."""
        return _wanted(call, job_id, Wanted.TRIAL)


class CarryingOut(Endpoint):
    """`/imports/files/{job_id}/carrying-out/`"""

    area, tag = Area.WORKSPACE, "Imports"

    @acts(FileOut, says=fields.Body)
    def post(self, call: Call, job_id: int) -> ImportJob:
        """Have the file imported by a worker."""
        return _wanted(call, job_id, Wanted.IMPORT)


def _wanted(call: Call, job_id: int, wanted: Wanted) -> ImportJob:
    want(actor=call.viewer, job=runs.own_job(call.viewer, job_id), wanted=wanted, now=call.now)
    return runs.own_job(call.viewer, job_id)


def reading_of(job: ImportJob, said: dict[str, Any]) -> dict[str, Any]:
    """How a file is to be read, as the operation is told it: what is not said stays, unless the layout is another."""
    told = {name: job.layout[name] for name in LAYOUT} | {"columns": job.settings.get("columns", {})}
    if not said.keys() & LAYOUT:
        told |= {name: job.settings.get(name, "") for name in ("date_format", "decimal")}
        told["currency"] = job.settings.get("constants", {}).get("currency", "")
    return told | said
