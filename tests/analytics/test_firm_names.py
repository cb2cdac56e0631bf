"""Spellings of one firm meet; firms that differ in legal form alone do not."""

import pytest

from analytics.firm_names import FirmName, firm_name, match_firms

ACME = FirmName("acme", "")


@pytest.mark.parametrize(
    ("spelling", "base", "form"),
    [
        ("ACME Limited", "acme", "ltd"),
        ("Acme, Ltd.", "acme", "ltd"),
        ("The Acme P.L.C.", "acme", "plc"),
        ("Steria Limited~105040261", "steria", "ltd"),
        ("SLAUGHTER & MAY", "slaughter and may", ""),
        ("Oracle Corporation U K LTD", "oracle corporation uk", "ltd"),
        ("Sainsbury's", "sainsburys", ""),
        ("D T Z", "dtz", ""),
        ("Müller GmbH & Co. KG", "muller", "gmbh and co kg"),
        ("Limited", "limited", ""),
        ("---", "---", ""),
    ],
)
def test_a_name_is_its_base_and_its_legal_form(spelling: str, base: str, form: str) -> None:
    assert firm_name(spelling) == FirmName(base, form)


def test_spellings_with_one_legal_form_are_one_firm() -> None:
    new = FirmName("acme", "ltd")
    assert match_firms(["Acme", "ACME LTD", "Acme Limited"], {}) == {
        "Acme": new, "ACME LTD": new, "Acme Limited": new,
    }  # fmt: skip
    assert match_firms(["Acme Ltd"], {ACME: frozenset({7})}) == {"Acme Ltd": 7}


def test_two_legal_forms_are_two_firms_and_the_bare_name_is_neither() -> None:
    assert match_firms(["Acme", "Acme Ltd", "Acme plc"], {}) == {
        "Acme": None, "Acme Ltd": FirmName("acme", "ltd"), "Acme plc": FirmName("acme", "plc"),
    }  # fmt: skip
    known = {FirmName("acme", "ltd"): frozenset({1}), FirmName("acme", "plc"): frozenset({2})}
    assert match_firms(["Acme", "ACME PLC"], known) == {"Acme": None, "ACME PLC": 2}


def test_a_name_that_two_known_firms_have_names_neither() -> None:
    assert match_firms(["Acme"], {ACME: frozenset({1, 2})}) == {"Acme": None}


def test_a_spelling_once_settled_stays_so() -> None:
    known = {ACME: frozenset({1}), FirmName("acme", "plc"): frozenset({1})}
    assert match_firms(["Acme", "Acme plc", "Acme Ltd"], known) == {
        "Acme": 1, "Acme plc": 1, "Acme Ltd": FirmName("acme", "ltd"),
    }  # fmt: skip
