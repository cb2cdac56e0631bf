"""Cells in their comparable form."""

import pytest

from analytics.linkage.values import Role, comparable, street_parts


@pytest.mark.parametrize(
    ("role", "cell", "form"),
    [
        (Role.NAME, "  Müller & Söhne GmbH ", "muller sohne"),
        (Role.NAME, "The Co Ltd", "the co ltd"),
        (Role.SURNAME, "O'Neill", "o neill"),
        (Role.GIVEN, "N/A", ""),
        (Role.EMAIL, " Ana.Ruiz@Example.ORG", "ana.ruiz@example.org"),
        (Role.EMAIL, "none given", ""),
        (Role.PHONE, "+44 20 7946 0958", "079460958"),
        (Role.PHONE, "020 7946-0958", "079460958"),
        (Role.IDENTIFIER, "GB 123-456", "gb123456"),
        (Role.POSTCODE, "SW1A 2AA", "sw1a2aa"),
        (Role.NUMBER, "12 B", "12b"),
        (Role.WEBSITE, "https://www.example.org/", "example.org"),
        (Role.WEBSITE, "yes", ""),
        (Role.DATE, "1971-06-04", "19710604"),
        (Role.DATE, "19710604", "19710604"),
        (Role.DATE, "4.6.1971", "19710604"),
        (Role.DATE, "6/24/1971", "19710624"),
        (Role.DATE, "4.6.71", "4.6.71"),
        (Role.DATE, "June 1971", "june 1971"),
    ],
)
def test_what_is_written_differently_is_compared_alike(role: Role, cell: str, form: str) -> None:
    assert comparable(role, cell) == form


@pytest.mark.parametrize(
    ("address", "parts"),
    [
        ("10612 20 s wentworth ave chicago", ("10612", "wentworth")),
        ("1112 n 31st st", ("1112", "31")),
        ("the old mill", ("", "the old mill")),
        ("12 south street", ("12", "south street")),
        ("12", ("", "12")),
        ("", ("", "")),
    ],
)
def test_an_address_is_a_house_in_a_street(address: str, parts: tuple[str, str]) -> None:
    assert street_parts(address) == parts
