"""Two lists, row by row."""

import pytest

from analytics.reconciliation import Mismatch, Sort, reconcile

OURS = [
    {"invoice": "A1", "amount": "100.00", "paid": "yes"},
    {"invoice": "A2", "amount": "50", "paid": " no "},
    {"invoice": "A3", "amount": "7", "paid": "no"},
]
THEIRS = [
    {"invoice": " A2 ", "amount": "55", "paid": "yes"},
    {"invoice": "A1", "amount": "100", "paid": "yes"},
    {"invoice": "A9", "amount": "1", "paid": "no"},
]


def test_what_one_lacks_and_where_they_differ_is_told_by_key() -> None:
    found = reconcile(OURS, THEIRS, key="invoice", columns=["amount", "paid"])
    assert found.agreed == 1
    assert found.mismatches == [
        Mismatch("A2", Sort.DIFFERENT, "amount", "50", "55"),
        Mismatch("A2", Sort.DIFFERENT, "paid", "no", "yes"),
        Mismatch("A3", Sort.ONLY_LEFT),
        Mismatch("A9", Sort.ONLY_RIGHT),
    ]


def test_words_are_compared_as_words_and_what_is_no_number_is_none() -> None:
    rows = [{"k": "1", "v": "NaN"}], [{"k": "1", "v": "nan"}]
    assert [each.sort for each in reconcile(*rows, key="k", columns=["v"]).mismatches] == [Sort.DIFFERENT]
    assert reconcile([{"k": "1"}], [{"k": "1"}], key="k", columns=["v"]).agreed == 1


@pytest.mark.parametrize(
    ("rows", "words"),
    [([{"k": "1"}, {"k": "1 "}], "line 3: “k” 1 is there twice"), ([{"k": " "}], "line 2: “k” is empty")],
)
def test_a_list_without_keys_of_its_own_is_refused_by_line(rows: list[dict[str, str]], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        reconcile(rows, [], key="k", columns=[])
