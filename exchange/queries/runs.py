"""Imports that were carried out or are on their way, for those who may know of them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import BigIntegerField, Count, F, Q, QuerySet, Sum
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import BusinessUnit, User
from cases.enums import CaseRemark
from core.keyset import Order, Page, SortKey, page
from core.refusals import Missing
from core.wording import in_a_sentence
from exchange.enums import BY_SIGHT, Dataset, HeldReason
from exchange.models import ImportJob, ImportRun
from exchange.permissions import may_import
from exchange.queries.field_labels import field_label
from exchange.queries.run_rows import MONEY
from exchange.registry import DATASETS
from relationships import kinds
from relationships.models import Party

LIMIT = 25
NEWEST = Order(SortKey("imported_at", datetime.fromisoformat), descending=True)


PARTY_TABLE = "relationships_party"
TABLES = {
    PARTY_TABLE: gettext_lazy("people and organisations"),
    "relationships_relationship": gettext_lazy("relationships"),
    "relationships_contactpoint": gettext_lazy("addresses and numbers"),
    "relationships_partylink": gettext_lazy("links"),
    "relationships_consent": gettext_lazy("consents"),
    "relationships_interaction": gettext_lazy("talks"),
    "commerce_payment": gettext_lazy("payments"),
    "commerce_order": gettext_lazy("orders"),
    "commerce_orderline": gettext_lazy("order lines"),
    "commerce_product": gettext_lazy("products"),
    "cases_case": gettext_lazy("cases"),
    "cases_casestep": gettext_lazy("steps of cases"),
}
"""What people know of the tables that an import writes to; the others go along with these."""


@dataclass(frozen=True)
class Figure:
    """One number of an import: what, how many, and where the rows behind it are ("" for none)."""

    label: str
    value: int
    rows_url: str = ""


def what_of(dataset: str, kind: str) -> str:
    """What the rows of an import are, in words: “Customers”, “Talks with customers”."""
    if dataset == Dataset.CONTACTS:
        return _("Contacts")
    if not kind or kind not in kinds.registry:
        return _("People and organisations")
    label = str(kinds.registry.get(kind).label_plural)
    words = {
        Dataset.PARTIES.value: "%(kinds)s",
        Dataset.INTERACTIONS.value: _("Talks with %(kinds)s"),
        Dataset.PURCHASES.value: _("Purchases of %(kinds)s"),
        Dataset.PAYMENTS.value: _("Payments to %(kinds)s"),
        Dataset.CASES.value: _("Cases of %(kinds)s"),
    }
    return words[dataset] % {"kinds": label if dataset == Dataset.PARTIES else in_a_sentence(label)}


def importable(viewer: User) -> list[tuple[str, str]]:
    """(dataset:kind, words) of all that somebody may import."""
    unit = BusinessUnit.objects.get(is_default=True)
    found = {kind: may_import(viewer, kind, unit.pk) for kind in ("", *kinds.registry.slugs)}
    pairs = [(dataset, kind) for dataset, kind in could_be_imported() if found[kind]]
    return [(f"{dataset}:{kind}", what_of(dataset, kind)) for dataset, kind in pairs]


def could_be_imported() -> list[tuple[str, str]]:
    """(dataset, kind) of everything that can be imported by the page, whoever may; the kind is "" for none."""
    pairs = [(Dataset.PARTIES.value, kind.slug) for kind in kinds.registry]
    pairs += [(Dataset.CONTACTS.value, ""), (Dataset.PARTIES.value, "")]
    pairs += [(Dataset.INTERACTIONS.value, kind.slug) for kind in kinds.registry]
    pairs += [(Dataset.CASES.value, kind.slug) for kind in kinds.registry]
    pairs += [(Dataset.PURCHASES.value, kind.slug) for kind in kinds.registry if kind.has_trade]
    paid = dict(DATASETS[Dataset.PAYMENTS.value].defaults)["kind"]
    return [*pairs, (Dataset.PAYMENTS.value, paid)]


def own_job(viewer: User, job_id: int) -> ImportJob:
    """A file that the viewer has sent; raises Missing for anybody else's."""
    found = ImportJob.objects.filter(pk=job_id, actor=viewer).select_related("run").first()
    if found is None:
        raise Missing(_("There is no such file."))
    return found


def unfinished_jobs(viewer: User) -> "QuerySet[ImportJob]":
    """The viewer's files that are not imported yet, the newest first."""
    return ImportJob.objects.filter(actor=viewer, run=None).order_by("-created_at", "-id")


def earlier_runs(viewer: User, sha256: str) -> "QuerySet[ImportRun]":
    """Imports of the very same file that the viewer may know of, the newest first."""
    same = ImportRun.objects.visible_to(viewer).filter(files__contains=[{"sha256": sha256}])
    return same.order_by("-imported_at", "-id")


def visible_run(viewer: User, import_id: int) -> ImportRun:
    """An import that the viewer may know of; raises Missing."""
    runs = ImportRun.objects.visible_to(viewer).select_related("actor", "revert_wanted_by")
    found = runs.filter(pk=import_id).first()
    if found is None:
        raise Missing(_("There is no such import."))
    return found


def history(viewer: User, cursor: str) -> "Page[ImportRun]":
    """A page of the imports that the viewer may know of, each with its rows that still wait (`waiting`)."""
    rows = ImportRun.objects.visible_to(viewer).select_related("actor")
    waiting = Count("held_rows", filter=Q(held_rows__resolved_at=None))
    return page(rows.annotate(waiting=waiting), NEWEST, cursor=cursor, limit=LIMIT)


def report_figures(report: dict[str, Any], rows_at: str = "", *, is_own: bool = True) -> list[Figure]:
    """The numbers of an import that are about what it made and changed, those that are nothing left out.

    `rows_at` is where the rows behind them are, followed by what they are; amounts open to whoever imported them.
    """
    opened = {"parties", "interactions", "cases", *(MONEY if is_own else ()), *kinds.registry.slugs}
    found = []
    for key, words in (("created", _("New: %(name)s")), ("updated", _("Changed: %(name)s"))):
        for name, value in report.get(key, {}).items():
            if value:
                where = f"{rows_at}{key}/{name}/" if rows_at and name in opened else ""
                found.append(Figure(words % {"name": thing_label(name)}, value, where))
    return found


def case_totals(report: dict[str, Any]) -> dict[str, int]:
    """How many cases an import was about, how many are open, and how many were in time; nothing of other imports."""
    told = report.get("cases") or {}
    return {name: value for name, value in told.items() if isinstance(value, int)}


def case_figures(report: dict[str, Any]) -> list[Figure]:
    """What the cases of an import are, by the file's own word and by our clocks; none of other imports."""
    told = report.get("cases") or {}
    words = {
        "open": _("Open cases"),
        "said_in_time": _("In time, the file says"),
        "said_late": _("Late, the file says"),
        "clock_kept": _("Resolved in time by our clocks"),
        "clock_broken": _("Not resolved in time by our clocks"),
    }
    figures = [Figure(label, told[name]) for name, label in words.items() if told.get(name)]
    return figures + [Figure(str(CaseRemark(name).label), n) for name, n in told.get("remarks", {}).items()]


def thing_title(done_to: str, what: str) -> str:
    """What the rows behind a number are: “New: customers”."""
    words = _("New: %(name)s") if done_to == "created" else _("Changed: %(name)s")
    return words % {"name": thing_label(what)}


def thing_label(name: str) -> str:
    """What an import's report counts, in words."""
    if name in kinds.registry:
        return in_a_sentence(kinds.registry.get(name).label_plural)
    words = {
        "parties": _("parties"),
        "contact_points": _("addresses and numbers"),
        "links": _("links"),
        "consents": _("consents"),
        "interactions": _("talks"),
        "payments": _("payments"),
        "orders": _("orders"),
        "lines": _("order lines"),
        "products": _("products"),
        "cases": _("cases"),
        "steps": _("steps of cases"),
    }
    return words.get(name, name)


def columns_read(run: ImportRun) -> list[tuple[str, str]]:
    """(field, the file's header) of the columns that an import read."""
    labels = run.labels[0] if run.labels else {}
    return [(field_label(name, run.dataset), label) for name, label in labels.items()]


@dataclass(frozen=True)
class Reversal:
    """What reverting an import did: `kept` are the parties that stay, those that the viewer may know of."""

    removed: list[Figure]
    put_back: int
    kept: list[Party]
    kept_count: int
    conflicts: int
    conflicting: list[tuple[Party, str]]


def consequence(run: ImportRun) -> list[Figure]:
    """What reverting an import would take away and set back, before anybody's use of it since is looked at."""
    made = run.created_rows.values("table_name").annotate(
        rows=Sum(F("last") - F("first") + 1, output_field=BigIntegerField())
    )
    told = {row["table_name"]: row["rows"] for row in made}
    figures = [Figure(str(words), told[table]) for table, words in TABLES.items() if told.get(table)]
    changed = run.changed_rows.filter(table_name__in=TABLES).values("table_name", "row_id").distinct().count()
    return [*figures, *([Figure(_("set back as they were"), changed)] if changed else [])]


def reversal_of(viewer: User, run: ImportRun) -> Reversal:
    """What reverting did, in words for the viewer; who they may not know of is counted, not named."""
    told = run.reversal or {}
    changed = {row: fields for table, row, fields in told.get("conflicting", []) if table == PARTY_TABLE}
    seen = Party.objects.visible_to(viewer).filter(pk__in=[*told.get("kept_parties", []), *changed])
    parties = {party.pk: party for party in seen.order_by("name", "pk")}
    removed = told.get("removed", {})
    return Reversal(
        removed=[Figure(str(words), removed[table]) for table, words in TABLES.items() if removed.get(table)],
        put_back=told.get("put_back", 0),
        kept=[party for pk, party in parties.items() if pk in set(told.get("kept_parties", []))],
        kept_count=told.get("kept", 0),
        conflicts=told.get("conflicts", 0),
        conflicting=[
            (party, ", ".join(field_label(name) for name in changed[pk]))
            for pk, party in parties.items()
            if pk in changed
        ],
    )


def held_reasons(report: dict[str, Any], *, is_own: bool = True) -> list[tuple[str, int]]:
    """(why, how many) of the rows that an import held, the commonest first; to others not what tells of its sight."""
    counted = sorted(reasons_told(report, is_own=is_own).items(), key=lambda pair: (-pair[1], pair[0]))
    return [(str(HeldReason(reason).label), count) for reason, count in counted]


def reasons_told(report: dict[str, Any], *, is_own: bool) -> dict[str, int]:
    """How many rows were held for each reason that may be told."""
    counted = report.get("held_by_reason", {}).items()
    return {reason: count for reason, count in counted if is_own or reason not in BY_SIGHT}


def changed_nothing(report: dict[str, Any]) -> bool:
    """Whether an import found everything known: a repeat of what was there."""
    return not any(value for key in ("created", "updated") for value in report.get(key, {}).values())
