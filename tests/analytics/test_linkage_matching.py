"""Pairs found in small tables made here, of which one knows what is the same."""

import pytest

from analytics.linkage import blocking, weights
from analytics.linkage.decisions import Decision
from analytics.linkage.matching import Match, matched
from analytics.linkage.values import Role
from tests.factories.names import GIVEN, SURNAMES, TOWNS

Table = list[tuple[Role, list[str]]]


def people(count: int = 60) -> Table:
    """So many people who share names and towns, and of the first ten a second row with a slip in each."""
    names = [(GIVEN[n % len(GIVEN)], SURNAMES[n % len(SURNAMES)]) for n in range(count)]
    rows = [
        [
            given,
            surname,
            f"19{40 + n % 50}-0{1 + n % 9}-{10 + n % 17}",
            TOWNS[n % 7],
            f"{given}.{surname}@a.org",
        ]
        for n, (given, surname) in enumerate(names)
    ]
    for given, surname, born, _town, email in rows[:10]:
        rows.append([given, f"{surname}e", born, "", email])
    rows[-1][0], rows[-1][1] = rows[-1][1], rows[-1][0]
    roles = (Role.GIVEN, Role.SURNAME, Role.DATE, Role.PLACE, Role.EMAIL)
    return [(role, [row[n] for row in rows]) for n, role in enumerate(roles)]


def decided(matches: list[Match], decision: Decision) -> list[tuple[int, int]]:
    return [(match.first, match.second) for match in matches if match.decision is decision]


def test_people_written_twice_are_found_and_nobody_else() -> None:
    matches = matched(people())
    assert decided(matches, Decision.SAME) == [(n, 60 + n) for n in range(10)]
    assert decided(matches, Decision.REVIEW) == []


def test_across_two_files_only_pairs_across_are_told() -> None:
    table = people()
    twice = [
        (role, [*cells[:60], cells[60], *cells[60:]]) for role, cells in table
    ]  # the second file has one twice
    assert decided(matched(twice, 60), Decision.SAME) == [
        (0, 60),
        (0, 61),
        *((n, 61 + n) for n in range(1, 10)),
    ]


def test_a_group_too_large_and_a_budget_used_up_bring_nothing_together(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(blocking, "LEAST_BUDGET", 0)
    monkeypatch.setattr(blocking, "PAIRS_PER_RECORD", 1)
    assert decided(matched(people()), Decision.SAME) == [(n, 60 + n) for n in range(10)]
    monkeypatch.setattr(blocking, "PAIRS_PER_RECORD", 0)
    assert matched(people()) == []


def test_branches_and_households_are_for_a_person_to_look_at() -> None:
    shops = [f"Shop {word}" for word in SURNAMES]
    phones = [f"0301234{n * 37:04d}" for n in range(11)]
    streets = [f"{n * 13 + 5} {name} street" for n, name in enumerate(reversed(SURNAMES))]
    table: Table = [
        (Role.NAME, [*shops, *shops]),
        (Role.PHONE, [*phones, *phones]),
        (Role.ADDRESS, [*streets, *streets[:10], "991 elsewhere lane"]),
    ]
    matches = matched(table)
    assert decided(matches, Decision.SAME) == [(n, 11 + n) for n in range(10)]
    assert decided(matches, Decision.REVIEW) == [(10, 21)]


def test_two_that_are_the_same_as_a_third_are_shown() -> None:
    known = ["Farid", "", "1999-01-02", "", "", "030 5550199"]
    whole = ["Farid", "Zimmer", "1999-01-02", "Zwolle", "far.off@c.example", "030 5550199"]
    other = ["", "Zimmer", "", "Zwolle", "far.off@c.example", ""]
    phones = (Role.PHONE, [f"030 {1234567 + n % 60 * 7919}" for n in range(70)])
    columns = zip([*people(), phones], known, whole, other, whole, strict=True)
    table = [(role, [*cells, *values]) for (role, cells), *values in columns]
    matches = matched(table)
    assert decided(matches, Decision.SAME)[10:] == [(70, 71), (70, 73), (71, 72), (71, 73), (72, 73)]
    assert decided(matches, Decision.REVIEW) == [(70, 72)]


def test_two_rows_that_are_equal_are_the_same_even_if_there_is_nothing_to_learn_from() -> None:
    row = ["Ana", "Ruiz", "1971-06-04", "Leeds", "ana@a.org"]
    roles = (Role.GIVEN, Role.SURNAME, Role.DATE, Role.PLACE, Role.EMAIL)
    table = [(role, [cell, cell]) for role, cell in zip(roles, row, strict=True)]
    assert [match.decision for match in matched(table)] == [Decision.SAME]


def test_a_column_that_differs_in_most_doubles_weighs_little(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(weights, "CLOSE_ENOUGH", 0.0)  # so that every round is gone through
    monkeypatch.setattr(weights, "PRIOR_PAIRS", 2.0)
    numbers = [f"{n * 7919 % 99991:05d}" for n in range(70)]
    matches = matched([*people(), (Role.POSTCODE, numbers)])
    assert decided(matches, Decision.SAME) == [(n, 60 + n) for n in range(10)]


def test_a_single_row_has_no_double_and_empty_columns_are_refused() -> None:
    assert matched([(Role.NAME, ["Ruiz"])]) == []
    with pytest.raises(ValueError, match="no column says anything"):
        matched([(Role.NAME, ["", ""])])
