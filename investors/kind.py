"""Investors, declared."""

from django.utils.translation import gettext_lazy as _

from relationships.kinds import Column, Kind, Playbook, PlaybookStep, ScorecardComponent, Stage

RISING = ((0.0, 0.0), (1.0, 100.0))
AS_POINTS = ((0.0, 0.0), (100.0, 100.0))
TONE = ((-0.5, 0.0), (0.0, 50.0), (0.5, 100.0))
RHYTHM = ((1.0, 100.0), (2.0, 50.0), (5.0, 0.0))

PLAYBOOKS = (
    Playbook(
        "meeting",
        _("Investor meeting"),
        _("A meeting with a holder or an analyst is agreed."),
        (
            PlaybookStep(_("Check the quiet period and what is already public"), 0),
            PlaybookStep(_("Brief our side: holding, past questions, open promises"), 1),
            PlaybookStep(_("Hold the meeting; note every question asked"), 5, "meeting"),
            PlaybookStep(_("Answer what stayed open, from public sources only"), 6, "email"),
            PlaybookStep(_("Ask how the answers were received"), 14, "call"),
        ),
    ),
    Playbook(
        "results",
        _("Results round"),
        _("Results are published."),
        (
            PlaybookStep(_("Send the results the moment they are public, to all alike"), 0, "email"),
            PlaybookStep(_("Offer a call, small holders included"), 2, "call"),
            PlaybookStep(_("Write down the questions and where they were answered"), 7),
        ),
    ),
    Playbook(
        "selling",
        _("A holder is selling"),
        _("The register shows that a holder has sold, or they say that they may."),
        (
            PlaybookStep(_("Ask what they miss, and listen"), 1, "call"),
            PlaybookStep(_("Bring what is public on it together"), 4),
            PlaybookStep(_("Offer a meeting with the managing director"), 7, "email"),
            PlaybookStep(_("Look at the register again"), 30),
        ),
    ),
)

KIND = Kind(
    slug="investors",
    label=_("Investor"),
    label_plural=_("Investors"),
    icon="landmark",
    colour="investor",
    key="i",
    profile="investors.Investor",
    cadence_days=90,
    position=30,
    has_trade=False,
    party_kinds=("organisation", "person", "public_body", "outlet"),
    stages=(
        Stage("target", _("Target")),
        Stage("first_talks", _("First talks")),
        Stage("holder", _("Holder")),
        Stage("core", _("Core holder")),
        Stage("reducing", _("Reducing")),
        Stage("former", _("Former holder")),
    ),
    groups={
        "contact": _("Contact rhythm"),
        "replies": _("Questions answered"),
        "promises": _("Promises kept"),
        "problems": _("Concerns"),
        "voice": _("What they say"),
    },
    components=(
        ScorecardComponent("activity", "contact", "activity", 5, AS_POINTS, 90, 2.0),
        ScorecardComponent("recency", "contact", "recency", 15, RHYTHM, 90, 2.0),
        ScorecardComponent("our_replies", "replies", "our_latency", 20, AS_POINTS, 180, 2.0),
        ScorecardComponent("their_replies", "replies", "their_latency", 5, AS_POINTS, 180, 2.0),
        ScorecardComponent("promises", "promises", "promise_keeping", 20, RISING, 180),
        ScorecardComponent("problems", "problems", "problems", 15, AS_POINTS, 60, 2.0),
        ScorecardComponent("sentiment", "voice", "sentiment", 10, TONE, 180, 2.0),
        ScorecardComponent("reciprocity", "voice", "reciprocity", 5, RISING, 180, 2.0),
        ScorecardComponent("breadth", "voice", "breadth", 5, RISING, 360, 2.0),
    ),
    columns=(
        Column("type", _("What they are"), "investor__type"),
        Column("style", _("Style"), "investor__style"),
        Column("shares", _("Shares"), "investor__shares_held", numeric=True, is_filter=False),
    ),
    playbooks=PLAYBOOKS,
)
