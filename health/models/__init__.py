"""Health's tables, one module a concept."""

from health.models.alert import Alert, RuleRetirement, ScoreWatch
from health.models.calibration import CalibrationRun, ScoreOutcome
from health.models.override import ScoreOverride
from health.models.proposal import BenefitLine, LookBack, Proposal
from health.models.review import Review
from health.models.score import RelationshipScore, ScoreBasis, ScoreSnapshot, ScoringRun
from health.models.scorecard import Component, Scorecard

__all__ = [
    "Alert",
    "BenefitLine",
    "CalibrationRun",
    "Component",
    "LookBack",
    "Proposal",
    "RelationshipScore",
    "Review",
    "RuleRetirement",
    "ScoreBasis",
    "ScoreOutcome",
    "ScoreOverride",
    "ScoreSnapshot",
    "ScoreWatch",
    "Scorecard",
    "ScoringRun",
]
