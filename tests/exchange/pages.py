"""The pages of import with their rows, as `tests/pages.py` lists them."""

from collections.abc import Callable

from accounts.models import User
from exchange.models import HeldRow, ImportJob, ImportRun
from relationships.models import Party
from relationships.operations.merging import merge_parties
from tests.factories import NOW, make_party, make_relationship

MESSY = (
    "Kundenliste;;;\r\nStand 2026;;;\r\nName;Ort;E-Mail;Umsatz\r\nMüller & Söhne;Köln;info@mueller.example;1\r\n"
    "Bäckerei Groß;Bonn;kein-at;2\r\n;Ulm;a@b.example;3\r\nZöllner AG;Essen;z@zoellner.example;4\r\n"
).encode("cp1252")
"""What somebody exports: two lines above the heads, an address that is none, a row without a name."""


def make_run(viewer: User, number: int, kind: str = "customers", words: str = "list") -> ImportRun:
    """An import with rows that are held."""
    report = {
        "rows": 2,
        "imported": 1,
        "held": 1,
        "created": {"parties": 1},
        "held_by_reason": {"too_long": 1},
    }
    run = ImportRun.objects.create(
        dataset="parties",
        kind=kind,
        source=f"{words}-{number}",
        mapping={"columns": {"name": 1}},
        labels=[{"name": "Name"}],
        files=[{"name": f"{words}.csv", "size": 9, "sha256": words}],
        report=report | {"encoding": "utf-8", "header_row": 1},
        actor=viewer,
        imported_at=NOW,
    )
    for row in range(2, number + 3):
        HeldRow.objects.create(
            run=run,
            dataset=run.dataset,
            source=run.source,
            row_key=f"{row}",
            file=f"{words}.csv",
            row=row,
            column="Name",
            value=words,
            reason="too_long",
            cells={"Name": words},
        )
    return run


def make_job(viewer: User, kind: str = "customers", words: str = "list") -> ImportJob:
    """A file that waits for what its sender says."""
    return ImportJob.objects.create(
        actor=viewer,
        dataset="parties",
        kind=kind,
        name=f"{words}.csv",
        file="imports/none.upload",
        size=9,
        layout={"encoding": "utf-8", "delimiter": ",", "header_row": 1, "columns": []},
        settings={"columns": {"name": 1}, "constants": {}},
        created_at=NOW,
    )


def _imports(viewer: User, rows: int) -> str:
    for number in range(rows):
        make_run(viewer, number)
        make_job(viewer)
    return "/imports/"


def _import(viewer: User, rows: int) -> str:
    return f"/imports/{make_run(viewer, rows).pk}/"


def _rows(viewer: User, rows: int) -> str:
    run = make_run(viewer, rows)
    for _ in range(rows):
        relationship = make_relationship(owner=viewer)
        run.created_rows.create(
            table_name="relationships_relationship", first=relationship.pk, last=relationship.pk
        )
    return f"/imports/{run.pk}/rows/created/customers/"


def _reversal(viewer: User, rows: int) -> str:
    return f"/imports/{make_run(viewer, rows).pk}/reversal/"


def _reverted(viewer: User, rows: int) -> str:
    run = make_run(viewer, rows)
    parties = [make_party().pk for _ in range(2 * rows)]
    ImportRun.objects.update(
        reverted_at=NOW,
        revert_wanted_at=NOW,
        revert_wanted_by=viewer,
        reversal={
            "removed": {"relationships_party": 2},
            "put_back": 1,
            "kept": rows,
            "kept_parties": parties[:rows],
            "conflicts": rows,
            "conflicting": [["relationships_party", pk, ["name"]] for pk in parties[rows:]],
        },
    )
    return f"/imports/{run.pk}/"


def _held(viewer: User, rows: int) -> str:
    return f"/imports/{make_run(viewer, rows).pk}/held/"


def _held_row(viewer: User, rows: int) -> str:
    return f"/imports/held/{make_run(viewer, rows).held_rows.latest('id').pk}/"


def _file(viewer: User, rows: int) -> str:
    return f"/imports/files/{make_job(viewer).pk}/"


def _file_columns(viewer: User, rows: int) -> str:
    job = make_job(viewer)
    job.layout["columns"] = [{"number": n + 1, "title": f"Column {n}", "samples": ["x"]} for n in range(rows)]
    job.save()
    return f"/imports/files/{job.pk}/columns/"


IMPORT_PAGES: dict[str, Callable[[User, int], str]] = {
    "held_correct": _held_row,
    "held_list": _held,
    "import_columns": _file_columns,
    "import_detail": _import,
    "import_job": _file,
    "import_list": _imports,
    "import_rows": _rows,
    "import_reversal": _reversal,
    "import_reverted": _reverted,
}


def make_merge(party: Party, actor: User) -> int:
    """Another of its sort that went into the party; gives the id of the record."""
    former = make_party("Otter former", kind=party.kind)
    return merge_parties(actor=actor, keep=party, drop=former, choices={}, now=NOW).pk
