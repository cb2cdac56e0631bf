"""Customers, declared."""

from django.utils.translation import gettext_lazy as _

from relationships.kinds import Column, Kind, ScorecardComponent, Stage

RISING = ((0.0, 0.0), (1.0, 100.0))
AS_POINTS = ((0.0, 0.0), (100.0, 100.0))
TONE = ((-0.5, 0.0), (0.0, 50.0), (0.5, 100.0))
RHYTHM = ((1.0, 100.0), (2.0, 50.0), (5.0, 0.0))

KIND = Kind(
    slug="customers",
    label=_("Customer"),
    label_plural=_("Customers"),
    icon="building-2",
    colour="customer",
    key="c",
    profile="customers.Customer",
    cadence_days=30,
    position=10,
    stages=(
        Stage("prospect", _("Prospect")),
        Stage("onboarding", _("Onboarding")),
        Stage("active", _("Active")),
        Stage("renewing", _("Renewing")),
        Stage("lapsed", _("Lapsed")),
    ),
    groups={
        "contact": _("Contact rhythm"),
        "replies": _("Replies and promises"),
        "problems": _("Complaints"),
        "voice": _("What they say"),
        "business": _("Business both ways"),
    },
    components=(
        ScorecardComponent("activity", "contact", "activity", 5, AS_POINTS, 30, 3.0),
        ScorecardComponent("recency", "contact", "recency", 8, RHYTHM, 30, 3.0),
        ScorecardComponent("reciprocity", "contact", "reciprocity", 7, RISING, 90, 2.0),
        ScorecardComponent("our_replies", "replies", "our_latency", 10, AS_POINTS, 90, 2.0),
        ScorecardComponent("their_replies", "replies", "their_latency", 5, AS_POINTS, 90, 2.0),
        ScorecardComponent("promises", "replies", "promise_keeping", 15, RISING, 180),
        ScorecardComponent("problems", "problems", "problems", 20, AS_POINTS, 30, 3.0),
        ScorecardComponent("sentiment", "voice", "sentiment", 10, TONE, 90, 2.0),
        ScorecardComponent("breadth", "voice", "breadth", 5, RISING, 180, 3.0),
        ScorecardComponent("alive", "business", "alive", 10, RISING, 180),
        ScorecardComponent("value", "business", "value", 5, RISING, 180),
    ),
    columns=(Column("segment", _("Segment"), "customer__segment"),),
)
