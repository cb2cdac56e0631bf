"""Suppliers and partners, declared."""

from django.utils.translation import gettext_lazy as _

from relationships.kinds import Column, Conflict, Kind, Playbook, PlaybookStep, ScorecardComponent, Stage

RISING = ((0.0, 0.0), (1.0, 100.0))
AS_POINTS = ((0.0, 0.0), (100.0, 100.0))
TONE = ((-0.5, 0.0), (0.0, 50.0), (0.5, 100.0))
RHYTHM = ((1.0, 100.0), (2.0, 50.0), (5.0, 0.0))

PLAYBOOKS = (
    Playbook(
        "delivery_trouble",
        _("Delivery trouble"),
        _("Deliveries come late or short: find the cause together before it becomes a dispute."),
        (
            PlaybookStep(_("Tell them which deliveries failed and what that did to us"), 0, "call"),
            PlaybookStep(_("Meet on the cause; bring our own forecasts and payments"), 5, "meeting"),
            PlaybookStep(_("Agree the plan in writing, with dates for both"), 7, "email"),
            PlaybookStep(_("Compare the deliveries since with the plan"), 30, "call"),
        ),
    ),
    Playbook(
        "we_paid_late",
        _("We paid late"),
        _("We broke our own word on payment: say so first, pay, and stop it happening again."),
        (
            PlaybookStep(_("Call before they do: what went wrong and when the money comes"), 0, "call"),
            PlaybookStep(_("Confirm that the money has arrived"), 5, "call"),
            PlaybookStep(_("Tell them what we changed in our approvals"), 15, "email"),
        ),
    ),
    Playbook(
        "first_order",
        _("First order"),
        _("A new supplier: agree how we work before volume makes mistakes dear."),
        (
            PlaybookStep(_("Agree contacts, forecasts and how to raise a problem"), 1, "meeting"),
            PlaybookStep(_("Go through the first delivery together"), 10, "call"),
            PlaybookStep(_("Decide whether they become a regular source"), 40, "meeting"),
        ),
    ),
)

KIND = Kind(
    slug="suppliers",
    label=_("Supplier"),
    label_plural=_("Suppliers & partners"),
    icon="truck",
    colour="supplier",
    key="s",
    profile="suppliers.Supplier",
    cadence_days=45,
    position=20,
    party_kinds=("organisation", "person", "public_body", "outlet"),
    stages=(
        Stage("candidate", _("Candidate")),
        Stage("approved", _("Approved")),
        Stage("preferred", _("Preferred")),
        Stage("probation", _("On probation")),
        Stage("leaving", _("Leaving")),
    ),
    groups={
        "contact": _("Contact rhythm"),
        "replies": _("Replies"),
        "promises": _("Promises kept"),
        "problems": _("Problems"),
        "voice": _("What they say"),
    },
    components=(
        ScorecardComponent("activity", "contact", "activity", 5, AS_POINTS, 30, 3.0),
        ScorecardComponent("recency", "contact", "recency", 10, RHYTHM, 30, 3.0),
        ScorecardComponent("reciprocity", "contact", "reciprocity", 10, RISING, 90, 2.0),
        ScorecardComponent("our_replies", "replies", "our_latency", 10, AS_POINTS, 90, 2.0),
        ScorecardComponent("their_replies", "replies", "their_latency", 10, AS_POINTS, 90, 2.0),
        ScorecardComponent("promises", "promises", "promise_keeping", 25, RISING, 180),
        ScorecardComponent("problems", "problems", "problems", 20, AS_POINTS, 30, 3.0),
        ScorecardComponent("sentiment", "voice", "sentiment", 10, TONE, 90, 2.0),
    ),
    playbooks=PLAYBOOKS,
    columns=(
        Column("category", _("Provides"), "supplier__category"),
        Column("criticality", _("Critical, 1 to 5"), "supplier__criticality", numeric=True, is_filter=False),
        Column("sole", _("Sole source"), "supplier__is_sole_source", is_filter=False),
    ),
    conflicts=(
        Conflict(
            "customers",
            _(
                "They sell to us and buy from us: bargain in one role at a time, and set nothing off without "
                "both owners."
            ),
        ),
        Conflict(
            "investors",
            _(
                "They sell to us and hold shares in us: no better terms for a holder, no inside word in a deal."
            ),
        ),
    ),
)
