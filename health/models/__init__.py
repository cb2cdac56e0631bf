"""Health's tables, one module a concept."""

from health.models.override import ScoreOverride
from health.models.score import RelationshipScore, ScoreSnapshot, ScoringRun
from health.models.scorecard import Component, Scorecard

__all__ = ["Component", "RelationshipScore", "ScoreOverride", "ScoreSnapshot", "Scorecard", "ScoringRun"]
