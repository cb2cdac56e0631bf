"""Mappings: each wrong key is named with what would be right."""

import json
from pathlib import Path
from typing import Any

import pytest

from core.refusals import Invalid, Missing
from exchange.queries.mappings import load_mapping, parse_mapping, shipped_mappings

GOOD: dict[str, Any] = {"columns": {"customer_ref": "C", "ordered_at": "D", "amount": "A"}}


@pytest.mark.parametrize(
    ("change", "key", "words"),
    [
        ({"colour": "red"}, "mapping.colour", "This key is not known."),
        ({"dataset": "parties"}, "dataset", "This mapping is for “parties”."),
        ({"source": 5}, "mapping.source", "This must be a text."),
        ({"source": "x" * 41}, "mapping.source", "The source's name has 1 to 40 characters."),
        ({"format": "xlsx"}, "mapping.format", "“xlsx” is not possible; it can be “csv”, “whitespace”, “json”."),
        ({"encoding": "klingon"}, "mapping.encoding", "“klingon” is no encoding that is known."),
        ({"delimiter": "::"}, "mapping.delimiter", "The delimiter is one character."),
        ({"header_row": -1}, "mapping.header_row", "The header's row is counted from 1; 0 means that there is none."),
        ({"header_row": 0}, "mapping.columns", "Without a header row, name columns by their numbers."),
        ({"date_format": "%Q"}, "mapping.date_format", "%Q is not understood in a date format."),
        ({"date_format": "%Y %m"}, "mapping.date_format", "A date format names day, month and year: “%Y-%m-%d”."),
        ({"decimal": ",", "thousands": ","}, "mapping.thousands",
         "The thousands' sign cannot be the decimal sign too."),
        ({"columns": []}, "mapping.columns", "This must be an object."),
        ({"columns": {"customer_ref": "C", "amount": "A"}}, "mapping.columns.ordered_at",
         "The mapping does not say where this comes from."),
        ({"columns": {**GOOD["columns"], "line": 0}}, "mapping.columns.line",
         "Name the file's header, or its number from 1."),
        ({"constants": {"currency": True}}, "mapping.constants.currency", "This must be a text."),
        ({"clean": "all"}, "mapping.clean", "This must be an object of field to rule."),
        ({"clean": {"amount": "shine"}}, "mapping.clean.amount",
         "“shine” is not possible; it can be whole_number or money."),
        ({"values": {"country": "x"}}, "mapping.values.country",
         "This must be an object of the file's word to ours."),
        ({"product_of": ["quantity"]}, "mapping.product_of",
         "Name the two fields that are multiplied into the amount."),
        ({"product_of": ["quantity", "country"]}, "mapping.product_of", "“country” is not a number of this data set."),
        ({"return_when": [{"field": "quantity"}]}, "mapping.return_when",
         'A condition is a field with starts_with, equals or below: {"field": "quantity"} is not.'),
        ({"return_when": ["never"]}, "mapping.return_when",
         'A condition is a field with starts_with, equals or below: "never" is not.'),
        ({"return_when": {"field": "country", "below": 0}}, "mapping.return_when", "“country” is not a number."),
        ({"return_when": {"field": "quantity", "below": "x"}}, "mapping.return_when", "“x” is not a number."),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named(change: dict[str, Any], key: str, words: str) -> None:
    with pytest.raises(Invalid) as raised:
        parse_mapping("test", {**GOOD, **change}, "purchases")
    assert raised.value.errors[key] == [words]


@pytest.mark.parametrize("key", ["columns", "constants", "clean", "values"])
def test_fields_that_do_not_exist_are_named(key: str) -> None:
    value: Any = {"price": "x"} if key != "values" else {"price": {"a": "b"}}
    with pytest.raises(Invalid) as raised:
        parse_mapping("test", {**GOOD, key: value}, "purchases")
    assert "“price” is not a field; it can be order_ref" in raised.value.errors[f"mapping.{key}.price"][0]


def test_short_forms_mean_the_same() -> None:
    short = parse_mapping(
        "test",
        {
            "columns": {"customer_ref": "C", "ordered_at": "D", "quantity": "Q", "unit_price": "P"},
            "clean": ["customer_ref"],
            "product_of": {"amount": ["quantity", "unit_price"]},
            "return_when": {"field": "quantity", "below": 0},
            "kind": "customers",
            "delimiter": "tab",
            "date_format": "iso",
        },
        "purchases",
    )
    assert short.clean == {"customer_ref": "whole_number"}
    assert short.product_of == ("quantity", "unit_price")
    assert (short.return_when[0].field, short.return_when[0].below) == ("quantity", "0")
    assert (short.constants, short.delimiter, short.date_format) == ({"kind": "customers"}, "\t", "")


def test_every_shipped_mapping_is_whole() -> None:
    assert {"cdnow", "online-retail"} <= set(shipped_mappings())
    for name in shipped_mappings():
        dataset = json.loads((Path("exchange/mappings") / f"{name}.json").read_text())["dataset"]
        assert load_mapping(name, dataset).source


def test_a_mapping_is_a_file_or_a_shipped_name(tmp_path: Path) -> None:
    path = tmp_path / "mine.json"
    path.write_text(json.dumps(GOOD))
    assert (load_mapping(str(path), "purchases").source, load_mapping("cdnow", "purchases").source) == (
        "mine",
        "cdnow",
    )
    assert load_mapping(str(path), "purchases", {"kind": "customers"}).constants == {"kind": "customers"}
    assert load_mapping("", "purchases").source == "import"


@pytest.mark.parametrize(
    ("content", "words"), [("{", "mine.json is not readable JSON"), ("[]", "does not hold a JSON object")]
)
def test_a_mapping_that_is_not_json_is_refused(tmp_path: Path, content: str, words: str) -> None:
    path = tmp_path / "mine.json"
    path.write_text(content)
    with pytest.raises(Invalid, match=words):
        load_mapping(str(path), "purchases")


def test_unknown_names_say_what_is_known() -> None:
    with pytest.raises(
        Missing,
        match=r"There is no mapping “nowhere”: it is neither a file nor one of adventureworks-suppliers, cdnow",
    ):
        load_mapping("nowhere", "purchases")
    with pytest.raises(Invalid, match="“weather” is not known; it can be"):
        load_mapping("cdnow", "weather")
