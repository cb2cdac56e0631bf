"""Press, declared."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from relationships.kinds import Column, Conflict, Kind, Playbook, PlaybookStep, ScorecardComponent, Stage

RISING = ((0.0, 0.0), (1.0, 100.0))
AS_POINTS = ((0.0, 0.0), (100.0, 100.0))
TONE = ((-0.5, 0.0), (0.0, 50.0), (0.5, 100.0))
RHYTHM = ((1.0, 100.0), (2.0, 50.0), (5.0, 0.0))

PLAYBOOKS = (
    Playbook(
        "enquiry",
        _("Media enquiry"),
        _("A journalist asks, with a deadline."),
        (
            PlaybookStep(_("Confirm the question, the deadline and on or off the record"), 0, "call"),
            PlaybookStep(_("Get the answer from whoever knows, and have it approved"), 0),
            PlaybookStep(_("Answer before the deadline, in their words and ours"), 1, "email"),
            PlaybookStep(_("Read what was printed; ask for a correction where a fact is wrong"), 3),
        ),
    ),
    Playbook(
        "embargo",
        _("News under embargo"),
        _("We share news before it may be printed."),
        (
            PlaybookStep(_("Agree the embargo in writing before anything is sent"), 0, "email"),
            PlaybookStep(_("Send the release to everybody on the list at once"), 1, "email"),
            PlaybookStep(_("Be reachable when the embargo ends"), 2, "call"),
            PlaybookStep(_("Note who printed when, and whether the embargo held"), 4),
        ),
    ),
    Playbook(
        "wrong_story",
        _("A story was wrong"),
        _("Something untrue was printed about us, or a correction was refused."),
        (
            PlaybookStep(_("Write down what is wrong, with the evidence"), 0),
            PlaybookStep(_("Ask for a correction, without threats"), 1, "call"),
            PlaybookStep(_("Meet the editor"), 7, "meeting"),
            PlaybookStep(_("Offer the next story first, so that talk goes on"), 21),
        ),
    ),
)

KIND = Kind(
    slug="press",
    label=_("Press contact"),
    label_plural=_("Press"),
    icon="newspaper",
    colour="press",
    key="n",
    profile="press.Outlet",
    cadence_days=60,
    position=40,
    heading=_("Press & community"),
    has_trade=False,
    party_kinds=("outlet", "person", "organisation"),
    stages=(
        Stage("known", _("Known")),
        Stage("introduced", _("Introduced")),
        Stage("in_touch", _("In touch")),
        Stage("trusted", _("Trusted")),
        Stage("strained", _("Strained")),
    ),
    groups={
        "contact": _("Contact rhythm"),
        "replies": _("Enquiries answered"),
        "promises": _("Promises kept"),
        "problems": _("Complaints and corrections"),
        "voice": _("Tone"),
    },
    components=(
        ScorecardComponent("activity", "contact", "activity", 5, AS_POINTS, 60, 2.0),
        ScorecardComponent("recency", "contact", "recency", 10, RHYTHM, 60, 2.0),
        ScorecardComponent("reciprocity", "contact", "reciprocity", 5, RISING, 120, 2.0),
        ScorecardComponent("our_replies", "replies", "our_latency", 25, AS_POINTS, 120, 2.0),
        ScorecardComponent("their_replies", "replies", "their_latency", 5, AS_POINTS, 120, 2.0),
        ScorecardComponent("promises", "promises", "promise_keeping", 15, RISING, 180),
        ScorecardComponent("problems", "problems", "problems", 20, AS_POINTS, 60, 2.0),
        ScorecardComponent("sentiment", "voice", "sentiment", 15, TONE, 120, 2.0),
    ),
    columns=(
        Column("medium", pgettext_lazy("press", "Medium"), "outlet__medium"),
        Column("reach", _("Reach"), "outlet__reach"),
        Column("beat", _("Beat"), "outlet__beat"),
    ),
    playbooks=PLAYBOOKS,
    conflicts=(
        Conflict(
            "investors",
            _(
                "They report on us and hold shares in us: say nothing that is not public, in either role, and "
                "have the release approved before any talk."
            ),
        ),
        Conflict(
            "customers",
            _(
                "They report on us and buy from us: keep orders and editorial apart; offer nothing for a story."
            ),
        ),
        Conflict(
            "suppliers",
            _("They report on us and are paid by us: mark advertising as such, and leave the editors alone."),
        ),
    ),
)
