"""Everything that is known of a person, put together for them: data for machines, papers, and a page to read.

Texts in which somebody else is named are marked, not cut: what may be handed over is for a person to decide.
"""

import json
import re
import tempfile
import zipfile
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import IO, Any

from django.core.files import File
from django.core.files.storage import default_storage
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models, transaction
from django.db.models import Q
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from accounts.enums import Permission
from accounts.models import User
from accounts.operations.audit import record_audit
from accounts.permissions import require
from core.refusals import Conflict, Invalid, Missing
from oversight.models import SubjectExport
from oversight.operations.striking import rows_naming
from oversight.queries.identity import Identity, identity_of
from oversight.queries.people_data import rows_told
from oversight.registry import Table, our_models, table_of
from relationships.models import DocumentVersion, Interaction, Party, PartyLink
from relationships.queries.content_scans import given_out
from relationships.queries.reach import kinds_reached

KEPT_FOR = timedelta(days=7)
HIDDEN = frozenset({"created_by", "recorded_by", "requested_by"})
"""Which of ours wrote a row is no data about the person."""


@transaction.atomic
def request_export(*, actor: User, party: Party, now: datetime) -> SubjectExport:
    """Asks for everything about a person; a worker puts it together. Raises NotAllowed, Missing, Invalid, Conflict."""
    require(actor, Permission.MANAGE_WORKSPACE)
    held = Party.objects.visible_to(actor).filter(pk=party.pk).select_for_update(of=("self",)).first()
    if held is None:
        raise Missing(_("There is no such party."))
    if not held.is_person:
        raise Invalid(
            {"party": _("Only a person has a right to this; “%(name)s” is none.") % {"name": held.name}}
        )
    if SubjectExport.objects.filter(party=held, finished_at=None).exists():
        raise Conflict(_("This is being put together already."))
    export = SubjectExport.objects.create(party=held, requested_at=now, requested_by=actor)
    _tell(actor.pk, "subject_access_requested", export, now)
    return export


def put_together_waiting(*, now: datetime) -> int:
    """Puts together what is asked for, and takes away what is over; returns how many were finished."""
    _take_away(now)
    waiting = SubjectExport.objects.filter(finished_at=None).order_by("pk")
    return sum(put_together(export_id=pk, now=now) for pk in waiting.values_list("pk", flat=True))


def put_together(*, export_id: int, now: datetime) -> bool:
    """One export, its file in private storage for a week; False when another worker has it or it is finished."""
    with transaction.atomic():
        export = (
            SubjectExport.objects.select_for_update(skip_locked=True, of=("self",))
            .select_related("party", "requested_by")
            .filter(pk=export_id, finished_at=None)
            .first()
        )
        if export is None:
            return False
        with tempfile.TemporaryFile() as file:
            _write(file, export, now)
            file.seek(0)
            export.file.save(f"{export.pk}.zip", File(file), save=False)
        export.finished_at, export.expires_at = now, now + KEPT_FOR
        export.save()
    return True


@transaction.atomic
def fetch_export(*, actor: User, export: SubjectExport, now: datetime) -> IO[bytes]:
    """The file, to be handed over; that it was fetched is written down. Raises NotAllowed, Missing."""
    require(actor, Permission.MANAGE_WORKSPACE)
    if not export.file or export.expires_at is None or export.expires_at <= now:
        raise Missing(_("There is no file, or not any more."))
    _tell(actor.pk, "subject_access_fetched", export, now)
    found: IO[bytes] = default_storage.open(str(export.file))
    return found


def _take_away(now: datetime) -> None:
    for export in SubjectExport.objects.filter(expires_at__lte=now).exclude(file=""):
        default_storage.delete(str(export.file))
        SubjectExport.objects.filter(pk=export.pk).update(file="", expires_at=None)


def _write(file: IO[bytes], export: SubjectExport, now: datetime) -> None:
    identity, others = identity_of(export.party), _others(export.party)
    sections = []
    tables = [(model, table_of(model)) for model in our_models()]
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for number, (model, table) in enumerate(tables, 1):
            found = _rows(model, table, identity, export.requested_by)
            rows = [_facts(row, others) for row in found]
            if rows:
                label = model._meta.label
                archive.writestr(
                    f"data/{label}.json",
                    json.dumps(rows, cls=DjangoJSONEncoder, indent=1, ensure_ascii=False),
                )
                marked = sum(row["names_others"] for row in rows)
                sections.append(
                    {"label": label, "what": model._meta.verbose_name, "rows": rows, "marked": marked}
                )
            SubjectExport.objects.filter(pk=export.pk).update(tables_done=number, tables=len(tables))
        papers = list(_papers(archive, export))
        context = {"party": export.party, "sections": sections, "papers": papers, "now": now}
        archive.writestr("index.html", render_to_string("oversight/subject_access_index.html", context))
    export.tables = export.tables_done = len(tables)


def _rows(model: type[models.Model], table: Table, identity: Identity, viewer: User) -> list[models.Model]:
    """What is told of one table: the rows about the person, or those in which they are named."""
    if table.is_told and table.about:
        return list(rows_told(model, table, identity.number, viewer).order_by("pk"))
    if not table.goes_if_named:
        return []
    found = rows_naming(model, table, identity)
    if table.kind_path:
        kinds = ["", *(kind.slug for kind in kinds_reached(viewer))]
        rows = model._base_manager.filter(**{f"{table.kind_path}__in": kinds})
        seen = set(rows.filter(pk__in=[row.pk for row in found]).values_list("pk", flat=True))
        found = [row for row in found if row.pk in seen]
    return sorted(found, key=lambda row: int(row.pk))


def _facts(row: models.Model, others: "re.Pattern[str] | None") -> dict[str, Any]:
    """A row as data; `names_others` tells that somebody else stands in it."""
    facts = {
        column.name: _plain(getattr(row, column.attname))
        for column in row._meta.concrete_fields
        if column.name not in HIDDEN
    }
    text = json.dumps(facts, cls=DjangoJSONEncoder, ensure_ascii=False)
    return facts | {"names_others": bool(others and others.search(text))}


def _plain(value: Any) -> Any:
    return value.name if hasattr(value, "storage") else value


def _others(party: Party) -> "re.Pattern[str] | None":
    """Who else may be named in what is about the person: people tied to them, or in the same talk."""
    talks = Interaction.objects.filter(people=party)
    names: Iterable[str] = (
        Party.objects.exclude(pk=party.pk)
        .filter(
            Q(interactions__in=talks)
            | Q(pk__in=PartyLink.objects.filter(source_party=party).values("target_party"))
            | Q(pk__in=PartyLink.objects.filter(target_party=party).values("source_party"))
        )
        .values_list("name", flat=True)
        .distinct()
    )
    listed = sorted(re.escape(name) for name in names)
    return re.compile("|".join(listed), re.IGNORECASE) if listed else None


def _papers(archive: zipfile.ZipFile, export: SubjectExport) -> Iterator[str]:
    """The documents of the person's own relationships, as they are and as they were."""
    seen = DocumentVersion.objects.visible_to(export.requested_by)
    papers = seen.filter(document__relationship__party=export.party).exclude(file="").filter(given_out())
    for paper in papers.order_by("document", "number"):
        if default_storage.exists(str(paper.file)):
            version = f"{paper.document_id}-{paper.number}-" if paper.number > 1 else f"{paper.document_id}-"
            name = f"documents/{version}" + re.sub(r"[^\w.-]+", "_", paper.name)
            with default_storage.open(str(paper.file)) as source, archive.open(name, "w") as target:
                for chunk in source.chunks():
                    target.write(chunk)
            yield name


def _tell(actor_id: int, verb: str, export: SubjectExport, now: datetime) -> None:
    facts = {"export": export.pk}
    record_audit(
        actor_id=actor_id, verb=verb, now=now, subject_type="party", subject_id=export.party_id, data=facts
    )
