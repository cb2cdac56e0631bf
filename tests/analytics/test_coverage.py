"""Coverage of ranges: the share inside, with Wilson's interval."""

import pytest

from analytics.coverage import coverage


@pytest.mark.parametrize(
    ("inside", "compared", "low", "high"),
    [(8, 10, 0.4902, 0.9433), (0, 10, 0.0, 0.2775), (10, 10, 0.7225, 1.0), (15, 148, 0.0624, 0.1605)],
)
def test_the_interval_is_wilsons(inside: int, compared: int, low: float, high: float) -> None:
    """The last row is Newcombe's (Statistics in Medicine 17, 1998, table I)."""
    found = coverage(inside, compared)
    assert found is not None
    assert (found.share, round(found.low, 4), round(found.high, 4)) == (inside / compared, low, high)


def test_ranges_are_too_narrow_only_beyond_doubt() -> None:
    assert [coverage(inside, 10).is_too_narrow for inside in (0, 3, 6, 10)] == [True, True, False, False]  # type: ignore[union-attr]  # compared


def test_nothing_compared_says_nothing_and_nonsense_is_refused() -> None:
    assert coverage(0, 0) is None
    for inside in (-1, 3):
        with pytest.raises(ValueError, match="cannot lie inside"):
            coverage(inside, 2)
