"""Imports that were carried out, and the rows they kept aside."""

from typing import Any

from django.db.models import Count, Q
from rest_framework import serializers

from accounts.api.endpoint import Call, Endpoint, Rows, reads
from accounts.enums import Area
from core.rest import fields
from exchange.enums import Dataset, HeldReason
from exchange.models import HeldRow, ImportRun
from exchange.queries.held import AS_IN_THE_FILE
from exchange.queries.runs import NEWEST, visible_run


class ImportOut(serializers.ModelSerializer[ImportRun]):
    """One import that was carried out."""

    dataset = serializers.ChoiceField(choices=Dataset.choices)
    imported_at = fields.Moment()
    actor = fields.Ref()
    files = serializers.SerializerMethodField()
    waiting = serializers.IntegerField(help_text="Rows that wait to be corrected.")

    class Meta:
        model = ImportRun
        fields = ["id", "dataset", "source", "kind", "files", "actor", "imported_at", "waiting"]

    def get_files(self, run: ImportRun) -> list[str]:
        """Their names."""
        return [file["name"] for file in run.files]


class HeldOut(serializers.ModelSerializer[HeldRow]):
    """A line of a file that was not imported, with what is wrong with it."""

    reason = serializers.ChoiceField(choices=HeldReason.choices)

    class Meta:
        model = HeldRow
        fields = ["id", "file", "row", "column", "value", "reason", "cells"]


def told(viewer: Any) -> Any:
    """Imports that somebody may know of, with the rows that still wait."""
    waiting = Count("held_rows", filter=Q(held_rows__resolved_at=None))
    return ImportRun.objects.visible_to(viewer).select_related("actor").annotate(waiting=waiting)


class Imports(Endpoint):
    """`/imports/`"""

    area, tag = Area.WORKSPACE, "Imports"

    @reads(ImportOut, asks=fields.Paged)
    def get(self, call: Call) -> Rows:
        """Imports, newest first."""
        return Rows(told(call.viewer), NEWEST)


class HeldRows(Endpoint):
    """`/imports/{import_id}/held-rows/`"""

    area, tag = Area.WORKSPACE, "Imports"

    @reads(HeldOut, asks=fields.Paged)
    def get(self, call: Call, import_id: int) -> Rows:
        """The rows of an import that wait to be corrected, as in the file."""
        run = visible_run(call.viewer, import_id)
        return Rows(HeldRow.objects.visible_to(call.viewer, run).waiting(), AS_IN_THE_FILE)
