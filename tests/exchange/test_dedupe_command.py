"""`manage.py dedupe` and `manage.py dedupe-report`, on small files made here."""

import io
import json
import tarfile
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from tests.factories.names import GIVEN, SURNAMES, TOWNS

HEADER = "rec_id,given_name,surname,date_of_birth,suburb,soc_sec_id"


def person(n: int, *, copy: int = 0) -> str:
    """The n-th person's line; a copy has a slip in the name and no town."""
    town = "" if copy else TOWNS[n % 7]
    surname = SURNAMES[n % 10] + "e" * copy
    entity = f"rec-{n}-{'dup-0' if copy else 'org'}"
    born = f"19{40 + n % 50}-0{1 + n % 9}-{10 + n % 17}"
    return f"{entity},{GIVEN[n % 9]},{surname},{born},{town},{n * 77137 % 9999991:07d}"


PEOPLE = [person(n) for n in range(40)]
COPIES = [person(n, copy=1) for n in range(8)]


def write(path: Path, lines: list[str], header: str = HEADER) -> str:
    path.write_text("\n".join([header, *lines]) + "\n")
    return str(path)


def said(*arguments: str) -> str:
    out = io.StringIO()
    call_command(*arguments, stdout=out)
    return out.getvalue()


def same(text: str) -> list[tuple[int, int]]:
    return [(pair["a"], pair["b"]) for pair in json.loads(text) if pair["decision"] == "same"]


def test_rows_of_one_file_are_counted_from_one_after_the_header(tmp_path: Path) -> None:
    path = write(tmp_path / "people.csv", [*PEOPLE, *COPIES])
    target = tmp_path / "pairs.json"
    assert said("dedupe", path, "--json", str(target)).splitlines() == [
        "48 rows, compared by given_name (given_name), surname (surname), date_of_birth (date), suburb (place), "
        "soc_sec_id (identifier).",
        "8 pairs are the same, 0 are for review.",
    ]
    assert same(target.read_text()) == [(n, 40 + n) for n in range(1, 9)]
    assert said("dedupe", path, "--json", "-") == target.read_text()
    assert said("dedupe", path).splitlines()[1] == "8 pairs are the same, 0 are for review."


def test_across_two_files_each_is_counted_by_itself(tmp_path: Path) -> None:
    one = write(tmp_path / "one.csv", PEOPLE)
    renamed = [line.replace(",", ";") for line in [*PEOPLE[30:], *COPIES]]
    other = write(tmp_path / "two.csv", renamed, "nr;Vorname;Nachname;Geburtsdatum;Ort;SSN")
    expected = [*((n, 10 + n) for n in range(1, 9)), *((n, n - 30) for n in range(31, 41))]
    assert same(said("dedupe", one, other, "--json", "-")) == expected


def test_an_older_encoding_and_a_title_above_the_header_are_seen(tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    lines = [line.replace(",", ";").replace("Ana", "Añã") for line in [*PEOPLE, *COPIES]]
    path.write_bytes("\n".join(["People", "", HEADER.replace(",", ";"), *lines]).encode("cp1252"))
    assert same(said("dedupe", str(path), "--json", "-")) == [(n, 40 + n) for n in range(1, 9)]


def test_a_file_of_one_column_needs_no_delimiter(tmp_path: Path) -> None:
    rows = ["Ruiz Foods", "Osei Tea", "Kim Oil", "Ruiz Foods Ltd", "x" * 200_000]
    names = write(tmp_path / "names.csv", rows, "name")
    assert [(pair["a"], pair["b"]) for pair in json.loads(said("dedupe", names, "--json", "-"))] == [(1, 4)]


def test_a_mapping_names_the_columns(tmp_path: Path) -> None:
    path = write(
        tmp_path / "people.csv", [line.replace(",", "|") for line in [*PEOPLE, *COPIES]], "a|b|c|d|e|f"
    )
    mapping = tmp_path / "mapping.json"
    columns = {"given_name": "b", "surname": 3, "date": "d", "identifier.ssn": "f", "owner": "a"}
    mapping.write_text(json.dumps({"columns": columns, "delimiter": "pipe", "header_row": 1}))
    assert same(said("dedupe", path, "--mapping", str(mapping), "--json", "-")) == [
        (n, 40 + n) for n in range(1, 9)
    ]
    mapping.write_text(json.dumps({"columns": {"surname": "z", "date": 9}, "delimiter": "pipe"}))
    with pytest.raises(CommandError, match=r"surname: “z” is not in the file.*\n.*date: “9” is not"):
        said("dedupe", path, "--mapping", str(mapping))
    mapping.write_text(json.dumps({"columns": ["b"]}))
    with pytest.raises(CommandError, match="must be an object"):
        said("dedupe", path, "--mapping", str(mapping))


def test_what_cannot_be_compared_is_refused_with_its_reason(tmp_path: Path) -> None:
    amounts = write(tmp_path / "amounts.csv", ["1,2.50"], "id,amount")
    with pytest.raises(CommandError, match=r"amounts\.csv: No column was recognised"):
        said("dedupe", amounts)
    mapping = tmp_path / "mapping.json"
    mapping.write_text(json.dumps({"columns": {"email": "amount"}}))
    with pytest.raises(CommandError, match="No column was recognised"):
        said(
            "dedupe",
            write(tmp_path / "amounts.csv", ["1,2.50", "2,3.50"], "id,amount"),
            "--mapping",
            str(mapping),
        )
    with pytest.raises(CommandError, match="Give one file, or two"):
        said("dedupe", amounts, amounts, amounts)
    with pytest.raises(CommandError, match="There is no mapping"):
        said("dedupe", amounts, "--mapping", "nowhere")
    people = write(tmp_path / "people.csv", PEOPLE)
    with pytest.raises(CommandError, match="cannot be written"):
        said("dedupe", people, "--json", str(tmp_path / "no" / "pairs.json"))


def test_a_file_without_rows_has_no_pairs(tmp_path: Path) -> None:
    empty = write(tmp_path / "empty.csv", [])
    assert said("dedupe", empty, "--json", "-") == "[]\n"
    assert said("dedupe", empty, write(tmp_path / "people.csv", PEOPLE), "--json", "-") == "[]\n"


def test_the_report_measures_labelled_sets_also_in_an_archive(tmp_path: Path) -> None:
    folder = tmp_path / "sets"
    (folder / "inner").mkdir(parents=True)
    write(folder / "inner" / "dataset1.csv", [*PEOPLE, *COPIES, person(50).replace("rec-50-org", "")])
    with tarfile.open(folder / "some_dedup.tar.xz", "w:xz") as archive:
        lone = write(
            tmp_path / "RLdata500.csv", ["ANNA,SCHMIDT,7", "BERT,MEIER,8"], "fname_c1,lname_c1,ent_id"
        )
        archive.add(folder / "inner", "RLdata500.csv", recursive=False)  # a folder of the name is passed over
        archive.add(lone, "RLdata500.csv")
    (folder / "another.tar.xz").touch()
    lines = said("dedupe-report", str(folder)).splitlines()
    assert [line.split()[:-1] for line in lines[1:3]] == [
        ["FEBRL", "dataset1", "49", "8", "8", "0", "1.0000", "1.0000"],
        ["RLdata500", "2", "0", "0", "0", "1.0000", "1.0000"],
    ]
    with pytest.raises(
        CommandError, match=r"nowhere holds none of the labelled sets, which are dataset1\.csv"
    ):
        said("dedupe-report", str(tmp_path / "nowhere"))
    broken = tmp_path / "broken"
    broken.mkdir()
    write(broken / "RLdata500.csv", ["ANNA,SCHMIDT"], "fname_c1,lname_c1")
    with pytest.raises(CommandError, match="“ent_id”: This column is not in the file"):
        said("dedupe-report", str(broken))
