"""What may be registered: whitelisted SQL with typed numbers, once, over sources that exist."""

from dataclasses import replace

import pytest

from health.measures import ACTIVITY, MEASURES, TALK
from health.queries.evidence_rows import ROW_TYPES
from health.registry import MeasureRegistry, Reading, Source, bare_literals, measures


def test_no_registered_measure_hands_a_bare_number_to_exp() -> None:
    found = {m.key: bare_literals(" ".join((m.sql, m.prior_sql, *m.sums.values()))) for m in measures}
    assert found == {m.key: [] for m in measures}


@pytest.mark.parametrize(
    ("sql", "found"),
    [
        ("exp(-0.0231 * age)", ["0.0231"]),
        ("exp(-0.0231::float8 * age)", []),
        ("SELECT 2.5 + ln( greatest(a1, 3) ) + power(2 ::float8, x9)", ["3"]),
        ("EXP(1e-3 * (b + 4::float8))", ["1e-3"]),
        ("exp(7", ["7"]),
    ],
)
def test_the_lint_finds_bare_numbers_and_only_those(sql: str, found: list[str]) -> None:
    assert bare_literals(sql + " ") == found


def test_a_measure_with_a_bare_number_in_exp_is_refused() -> None:
    with pytest.raises(ValueError, match=r"measure 'activity' has bare numbers in exp\(\) or ln\(\): 0.5"):
        replace(ACTIVITY, sql="SELECT exp(0.5 * value)")


def test_a_measure_takes_only_the_parameters_that_exist() -> None:
    with pytest.raises(ValueError, match="unknown parameters: password"):
        replace(ACTIVITY, prior_sql="SELECT %(password)s")


def test_a_measure_sums_over_a_source_that_it_reads() -> None:
    with pytest.raises(ValueError, match="measure 'activity' sums over 'promises', which is not among its"):
        replace(ACTIVITY, over="promises")


def test_a_key_is_taken_once_and_sources_come_first() -> None:
    registry = MeasureRegistry()
    with pytest.raises(ValueError, match="reads unknown sources: talk"):
        registry.register(ACTIVITY)
    registry.register_source(TALK)
    registry.register_source(TALK)
    registry.register(ACTIVITY)
    registry.register(ACTIVITY)
    assert [measure.key for measure in registry] == ["activity"]
    with pytest.raises(ValueError, match="two sources of evidence are called 'talk'"):
        registry.register_source(Source("talk", "SELECT 1"))
    with pytest.raises(ValueError, match="two measures are called 'activity'"):
        registry.register(replace(ACTIVITY, unit="metres"))


def test_a_type_of_evidence_rows_is_registered_once() -> None:
    registry = MeasureRegistry()
    registry.register_row_types(*ROW_TYPES)
    registry.register_row_types(*ROW_TYPES)
    assert list(registry.row_types()) == ["interaction", "commitment", "party", "channel"]
    with pytest.raises(ValueError, match="two types of evidence rows are called 'channel'"):
        registry.register_row_types(replace(ROW_TYPES[3], visible=ROW_TYPES[0].visible))


def test_the_kernels_measures_are_registered() -> None:
    assert all(measures.get(measure.key) is measure for measure in MEASURES)
    assert measures.source("talk") is TALK


def test_a_missing_fact_is_nothing() -> None:
    assert Reading(1.0, 1.0, {"here": 2, "empty": None}).fact("here") == 2.0
    assert Reading(1.0, 1.0, {"empty": None}).fact("empty") == 0.0
    assert Reading(1.0, 1.0).fact("gone") == 0.0
