"""What columns of other people's files are taken to be."""

import pytest

from analytics.linkage.values import Role
from exchange.queries.column_roles import Field, guessed, shared


def roles(headers: str, *rows: str) -> list[tuple[str, str]]:
    fields = guessed(headers.split(","), [row.split(",") for row in rows])
    return [(field.role.value, field.header) for field in fields]


@pytest.mark.parametrize(
    ("headers", "rows", "expected"),
    [
        (
            "Id,companyName,E-mail",
            ["1,Ruiz,a@b.org", "2,Osei,c@d.org"],
            [("name", "company name"), ("email", "e mail")],
        ),
        (
            "by,bm,bd,lname_c1",
            ["1971,6,24,Ruiz", "1988,1,9,Osei"],
            [("date", "birthday"), ("surname", "lname c1")],
        ),
        ("cluster,contact", ["1,a@b.org", "1,c@d.org"], [("email", "contact")]),
        ("slogan,code", ["we care,x1", "all for you,x2"], [("text", "slogan")]),
        ("slogan", ["we care", "", ""], []),
        ("size", ["12", "14"], []),
        ("phone", ["yes", "no"], []),
        ("phone", ["12", "13"], []),
        ("program name", ["Head start"] * 6 + ["Evening"] * 6 + ["Head start"] * 9, []),
        ("website,fax", [",5551234"] * 10 + [",5551235"], [("phone", "fax")]),
        (
            "name,surname,company",
            ["Ana Ruiz,Ruiz,Novak", "Bo Osei,Osei,Kim"],
            [("surname", "surname"), ("text", "company")],
        ),
        ("country,surname", [f"DE,{word}" for word in "abcdefghij"], [("surname", "surname")]),
        ("name,title", ["Ruiz,Baker", "Osei,Smith"], [("name", "name"), ("text", "title")]),
        (
            "address_1,address_2",
            ["1 High St,Flat 2", "2 Low St,Flat 3"],
            [("address", "address 1"), ("street", "address 2")],
        ),
        (
            "street_number,address_1",
            ["1,High St", "2,Low St"],
            [("street_number", "street number"), ("street", "address 1")],
        ),
    ],
)
def test_headers_and_values_say_what_a_column_is(
    headers: str, rows: list[str], expected: list[tuple[str, str]]
) -> None:
    assert roles(headers, *rows) == expected


def test_fields_told_in_parts_are_held_against_the_whole() -> None:
    parts = [
        Field(Role.GIVEN, "first", (0,)),
        Field(Role.SURNAME, "last", (1,)),
        Field(Role.PHONE, "tel", (2,)),
    ]
    whole = [
        Field(Role.PHONE, "mobile", (0,)),
        Field(Role.NAME, "name", (1,)),
        Field(Role.PHONE, "tel", (2,)),
    ]
    assert shared(parts, whole) == [
        (Field(Role.NAME, "name", (0, 1)), whole[1]),
        (parts[2], whole[2]),
    ]
