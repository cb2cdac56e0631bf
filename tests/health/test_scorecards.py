"""A scorecard is drafted, checked, put into force and retired; what is wrong is named by component."""

from dataclasses import replace
from math import inf, nan

import pytest
from django.utils.translation import override

from accounts.operations.workspace import Workspace
from core.refusals import Conflict, Invalid, NotAllowed
from health.models import Scorecard
from health.operations.scorecards import (
    activate_scorecard,
    component_problems,
    draft_scorecard,
    ensure_scorecards,
    install_default,
    validate_scorecard,
)
from health.registry import measures
from relationships import kinds
from relationships.kinds import ScorecardComponent
from tests.factories import make_business_unit, make_relationship, make_user
from tests.health.evidence import NOW, only, put

pytestmark = pytest.mark.django_db

GOOD = only("activity")


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"measure": "luck"}, "There is no measure “luck”."),
        ({"weight": 0.0}, "The weight must be from 0.001 to 1,000,000, not 0."),
        ({"weight": 1_000_001.0}, "The weight must be from 0.001 to 1,000,000, not 1000001."),
        ({"weight": nan}, "The weight must be from 0.001 to 1,000,000, not nan."),
        ({"weight": inf}, "The weight must be from 0.001 to 1,000,000, not inf."),
        ({"half_life_days": 0.009}, "The half-life must be from 0.01 to 1,000,000 days, not 0.009."),
        ({"min_evidence": 2e9}, "The least evidence must be from 0.001 to 1,000,000, not 2e+09."),
        (
            {"curve": tuple((float(x), 9.0) for x in range(51))},
            "The curve may have at most 50 corners.",
        ),
        (
            {"curve": ((-1.0, 0.0), (1.1e9, 9.0))},
            "The curve must lie between -1,000,000,000 and 1,000,000,000.",
        ),
        ({"curve": ((0.0, 0.0),)}, "The curve needs at least two corners [x, points]."),
        (
            {"curve": ((0.0, 0.0), (0.0, 9.0))},
            "The curve's x must rise from corner to corner; corner 2 does not.",
        ),
        (
            {"curve": ((0.0, 0.0), (1.0, 101.0))},
            "The curve's points must lie between 0 and 100; corner 2 does not.",
        ),
        ({"curve": ((0.0, 0.0), (1.0,))}, "Corner 2 of the curve is not two finite numbers."),
        ({"curve": ((0.0, 0.0), (1.0, 9.0), (2.0, 3.0))}, "The curve must only rise or only fall."),
    ],
)
def test_a_component_that_cannot_be_is_named(
    workspace: Workspace, changed: dict[str, object], words: str
) -> None:
    wrong = replace(GOOD, key="contacts", **changed)  # type: ignore[arg-type]
    with pytest.raises(Invalid) as refused:
        draft_scorecard(actor=workspace.system_actor, kind="suppliers", components=[GOOD, wrong], now=NOW)
    assert refused.value.errors == {"contacts": [words]}
    assert Scorecard.objects.count() == 0


def test_a_refused_number_stands_as_the_language_writes_numbers() -> None:
    with override("de"):
        assert component_problems(replace(GOOD, weight=0.0005)) == {
            "weight": ["Das Gewicht muss zwischen 0,001 und 1.000.000 liegen, nicht bei 0,0005."]
        }


def test_what_is_wrong_with_the_whole_is_named_too(workspace: Workspace) -> None:
    with pytest.raises(Invalid) as refused:
        draft_scorecard(
            actor=workspace.system_actor, kind="martians", components=[], now=NOW, coverage_threshold=0
        )
    assert refused.value.errors == {
        "kind": ["There is no kind “martians”."],
        "coverage_threshold": ["The coverage must be above 0 and at most 1."],
        "components": ["A scorecard needs at least one component."],
    }
    with pytest.raises(Invalid) as refused:
        draft_scorecard(actor=workspace.system_actor, kind="suppliers", components=[GOOD, GOOD], now=NOW)
    assert refused.value.errors == {"activity": ["Two components have this key."]}


def test_a_version_goes_from_draft_over_validated_to_active_and_retires_the_one_before(
    workspace: Workspace,
) -> None:
    actor = workspace.system_actor
    relationship = make_relationship("suppliers")
    put(relationship, 3)
    first = install_default(actor=actor, kind="suppliers", now=NOW)
    second = draft_scorecard(actor=actor, kind="suppliers", components=[GOOD], now=NOW)

    with pytest.raises(Conflict) as refused:
        activate_scorecard(actor=actor, scorecard=second, now=NOW)
    assert refused.value.allowed == ["validate", "retire"]
    assert validate_scorecard(actor=actor, scorecard=second, now=NOW) == 1
    activate_scorecard(actor=actor, scorecard=second, now=NOW)

    first.refresh_from_db()
    assert (first.version, first.status, first.retired_at) == (1, "retired", NOW)
    assert (second.version, second.status, second.activated_by) == (2, "active", actor)


def test_a_draft_that_went_bad_is_refused_when_it_is_checked(workspace: Workspace) -> None:
    draft = draft_scorecard(actor=workspace.system_actor, kind="suppliers", components=[GOOD], now=NOW)
    draft.components.update(measure="gone", curve=[[1, 2], ["a", "b"]])
    draft.components.update(curve=[[1, 2]])
    with pytest.raises(Invalid) as refused:
        validate_scorecard(actor=workspace.system_actor, scorecard=draft, now=NOW)
    assert refused.value.errors == {
        "activity": ["There is no measure “gone”.", "The curve needs at least two corners [x, points]."]
    }


def test_only_people_who_configure_health_may_change_it(workspace: Workspace) -> None:
    with pytest.raises(NotAllowed):
        draft_scorecard(actor=make_user("representative"), kind="suppliers", components=[GOOD], now=NOW)
    drafted = draft_scorecard(actor=make_user("executive"), kind="suppliers", components=[GOOD], now=NOW)
    with pytest.raises(NotAllowed):
        validate_scorecard(actor=make_user("auditor"), scorecard=drafted, now=NOW)
    with pytest.raises(NotAllowed):
        activate_scorecard(actor=make_user("auditor"), scorecard=drafted, now=NOW)


def test_a_business_unit_may_have_its_own(workspace: Workspace) -> None:
    actor, unit = workspace.system_actor, make_business_unit()
    install_default(actor=actor, kind="suppliers", now=NOW)
    own = draft_scorecard(actor=actor, kind="suppliers", components=[GOOD], now=NOW, business_unit=unit)
    validate_scorecard(actor=actor, scorecard=own, now=NOW)
    activate_scorecard(actor=actor, scorecard=own, now=NOW)

    active = Scorecard.objects.filter(kind="suppliers", status="active").order_by("id")
    assert list(active.values_list("business_unit", "version")) == [(None, 1), (unit.pk, 1)]


def test_every_kind_whose_measures_exist_gets_its_scorecard_once(workspace: Workspace) -> None:
    measured = [
        kind
        for kind in kinds.registry
        if kind.components and all(part.measure in measures for part in kind.components)
    ]
    installed = [ensure_scorecards(actor=workspace.system_actor, now=NOW) for _ in range(2)]

    assert [scorecard.kind for scorecard in installed[0]] == [kind.slug for kind in measured]
    assert installed[1] == []
    assert installed[0][0].components.count() == len(measured[0].components)


def test_an_unknown_kind_has_no_default(workspace: Workspace) -> None:
    with pytest.raises(Invalid):
        install_default(actor=workspace.system_actor, kind="martians", now=NOW)


def test_components_keep_the_order_and_numbers_of_the_kind(workspace: Workspace) -> None:
    install_default(actor=workspace.system_actor, kind="suppliers", now=NOW)
    stored = Scorecard.objects.get().components.order_by("position")
    assert [
        ScorecardComponent(
            c.key, c.group, c.measure, c.weight, tuple(map(tuple, c.curve)), c.half_life_days, c.min_evidence
        )
        for c in stored
    ] == list(kinds.registry.get("suppliers").components)
