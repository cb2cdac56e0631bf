"""Health's tables, one module a concept."""

from health.models.alert import Alert, RuleRetirement, ScoreWatch
from health.models.override import ScoreOverride
from health.models.score import RelationshipScore, ScoreSnapshot, ScoringRun
from health.models.scorecard import Component, Scorecard

__all__ = [
    "Alert",
    "Component",
    "RelationshipScore",
    "RuleRetirement",
    "ScoreOverride",
    "ScoreSnapshot",
    "ScoreWatch",
    "Scorecard",
    "ScoringRun",
]
