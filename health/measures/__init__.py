"""The measures over the kernel's own tables, one module a subject."""

from health.measures.contact import ACTIVITY, BREADTH, RECENCY, RECIPROCITY
from health.measures.outcomes import ENDED
from health.measures.replies import OUR_LATENCY, SENTIMENT, THEIR_LATENCY
from health.measures.sources import CHANNELS, ENGAGED, GAPS, PROMISES, TALK
from health.measures.trust import PROBLEMS, PROMISE_KEEPING, THEIR_PROMISES

__all__ = ["ENDED", "MEASURES", "SOURCES"]

SOURCES = (TALK, ENGAGED, CHANNELS, GAPS, PROMISES)
MEASURES = (
    ACTIVITY,
    RECENCY,
    RECIPROCITY,
    OUR_LATENCY,
    THEIR_LATENCY,
    SENTIMENT,
    PROMISE_KEEPING,
    THEIR_PROMISES,
    PROBLEMS,
    BREADTH,
)
