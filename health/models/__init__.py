"""Health's tables, one module a concept."""

from health.models.score import RelationshipScore, ScoreSnapshot, ScoringRun
from health.models.scorecard import Component, Scorecard

__all__ = ["Component", "RelationshipScore", "ScoreSnapshot", "Scorecard", "ScoringRun"]
