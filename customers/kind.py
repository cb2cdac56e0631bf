"""Customers, declared."""

from django.utils.translation import gettext_lazy as _

from relationships.kinds import Column, Conflict, Kind, Playbook, PlaybookStep, ScorecardComponent, Stage

RISING = ((0.0, 0.0), (1.0, 100.0))
AS_POINTS = ((0.0, 0.0), (100.0, 100.0))
TONE = ((-0.5, 0.0), (0.0, 50.0), (0.5, 100.0))
RHYTHM = ((1.0, 100.0), (2.0, 50.0), (5.0, 0.0))

PLAYBOOKS = (
    Playbook(
        "win_back",
        _("Win back"),
        _("They have gone quiet or said that they may leave: hear why, put it right, ask for a last chance."),
        (
            PlaybookStep(_("Ask what changed for them, and listen"), 1, "call"),
            PlaybookStep(_("Answer in writing: what we heard and what we will do"), 3, "email"),
            PlaybookStep(_("Meet who decides, with an offer that is fair to both"), 8, "meeting"),
            PlaybookStep(_("Ask whether it is better now"), 20, "call"),
        ),
    ),
    Playbook(
        "after_complaint",
        _("After a complaint"),
        _("Something went badly wrong: own it, tell them the measure, check that it holds."),
        (
            PlaybookStep(_("Call to say that we own it and by when they will know more"), 0, "call"),
            PlaybookStep(_("Tell them the cause and the measure"), 3, "email"),
            PlaybookStep(_("Check that the measure holds for them"), 15, "call"),
        ),
    ),
    Playbook(
        "first_weeks",
        _("First weeks"),
        _("A new customer: make the first orders go well and learn who matters there."),
        (
            PlaybookStep(_("Welcome them and agree how to talk"), 1, "call"),
            PlaybookStep(_("Ask how the first order went"), 5, "call"),
            PlaybookStep(_("Meet the people who use what we deliver"), 15, "visit"),
            PlaybookStep(_("Agree what they expect of the first year"), 30, "meeting"),
        ),
    ),
)

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
    party_kinds=("organisation", "person", "public_body", "outlet"),
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
    playbooks=PLAYBOOKS,
    columns=(Column("segment", _("Segment"), "customer__segment"),),
    conflicts=(
        Conflict(
            "investors",
            _(
                "They buy from us and hold shares in us: prices as for everybody, and no inside word in a sale."
            ),
        ),
    ),
)
