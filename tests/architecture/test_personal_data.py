"""Of every column that can hold words it is said what subject access and erasure do with it."""

import pytest
from django.apps import apps

from oversight.registry import TABLES, Table, forgotten_columns, our_models

HOW = """
oversight/registry.py says nothing of these columns. Add a line to TABLES there, for each table:

    "{label}": Table(about=(…), code="{columns}"),

`about`: the ORM paths from a row to the Party whom it is about (none: leave it out). Each column stands in one of
names= (the person's name: becomes the pseudonym), words= (struck in rows about them), files= (deleted with them),
others= (may name anybody: the person is struck out of it), code= (words of programs), ours= (our own people's).
goes=True deletes rows about the person; else kept_for= says for what they stay. See `Table`.
"""


def test_no_column_is_forgotten() -> None:
    forgotten = forgotten_columns()
    told = [HOW.format(label=label, columns=" ".join(columns)) for label, columns in forgotten.items()]
    assert forgotten == {}, "".join(told)


def test_what_is_said_is_of_tables_and_columns_that_there_are() -> None:
    known = {
        model._meta.label: {column.name for column in model._meta.concrete_fields}
        for model in apps.get_models()
    }
    assert set(TABLES) - set(known) == set()
    unknown = {label: table.columns - known[label] for label, table in TABLES.items()}
    assert {label: columns for label, columns in unknown.items() if columns} == {}
    assert len(our_models()) > 60


@pytest.mark.parametrize("label", sorted(TABLES))
def test_a_row_about_a_person_goes_or_says_for_what_it_stays(label: str) -> None:
    table = TABLES[label]
    stays = bool(table.about) and not table.goes and (table.words or table.names)
    assert bool(table.kept_for) == bool(stays) or bool(table.about and not table.goes), label
    groups = [table.names, table.words, table.files, table.others, table.code, table.ours]
    columns = [name for group in groups for name in group.split()]
    assert len(columns) == len(set(columns)), label


def test_the_test_would_notice_a_forgotten_column(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(TABLES, "relationships.Pin", Table())
    monkeypatch.setitem(TABLES, "relationships.Tag", Table(code="colour"))
    assert forgotten_columns() == {"relationships.Tag": ["name"]}
