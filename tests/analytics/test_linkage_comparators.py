"""Levels of likeness, column by column."""

import numpy as np
import pytest

from analytics.linkage.comparators import COMPARATORS
from analytics.linkage.values import Role


@pytest.mark.parametrize(
    ("role", "one", "other", "level"),
    [
        (Role.GIVEN, "Ana", "ana", 3),
        (Role.GIVEN, "Jonathan", "Jonathon", 2),
        (Role.GIVEN, "Robert", "Rob", 1),
        (Role.GIVEN, "R.", "Robert", 1),
        (Role.GIVEN, "Kim", "Alexander", 0),
        (Role.GIVEN, "", "Alexander", -1),
        (Role.CATEGORY, "vic", "vci", 1),
        (Role.CATEGORY, "vic", "nsw", 0),
        (Role.IDENTIFIER, "6988048", "6988408", 2),
        (Role.IDENTIFIER, "6988048", "6988431", 0),
        (Role.IDENTIFIER, "6988048", "6918047", 1),
        (Role.NUMBER, "6", "7", 0),
        (Role.PHONE, "312 538 6528", "5386528", 2),
        (Role.PHONE, "3125386528", "3125386529", 2),
        (Role.PHONE, "12", "13", 0),
        (Role.DATE, "1971-06-04", "1971-04-06", 2),
        (Role.DATE, "1971-06-04", "1971-06-05", 2),
        (Role.DATE, "1971-06-04", "1971-06-27", 1),
        (Role.DATE, "1971-06-04", "1988-12-31", 0),
        (Role.EMAIL, "ana@a.org", "ana@other.example", 1),
        (Role.EMAIL, "ana.ruiz@a.org", "ana.riuz@a.org", 2),
        (Role.EMAIL, "ana@a.org", "bo@zz.example", 0),
        (Role.ADDRESS, "27 Washington St", "27 Washington Street, Oak Park", 3),
        (Role.ADDRESS, "27 Washington St", "27 Wahsington St", 2),
        (Role.ADDRESS, "2712 Washington St", "2713 Washington St", 1),
        (Role.ADDRESS, "27 Washington St", "93 Washington St", 0),
        (Role.NAME, "Chicago Commons Association", "Chicago Commons Asociation", 3),
        (Role.NAME, "Chicago Commons Association", "Hull House", 0),
    ],
)
def test_two_cells_are_alike_to_a_level(role: Role, one: str, other: str, level: int) -> None:
    column = COMPARATORS[role](role, [one, other])
    assert column.levels(np.array([0]), np.array([1])).tolist() == [level]
