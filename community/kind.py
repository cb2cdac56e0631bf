"""Municipalities, authorities and the public around us, declared."""

from django.utils.translation import gettext_lazy as _

from relationships.kinds import Column, Conflict, Kind, Playbook, PlaybookStep, ScorecardComponent, Stage

RISING = ((0.0, 0.0), (1.0, 100.0))
AS_POINTS = ((0.0, 0.0), (100.0, 100.0))
TONE = ((-0.5, 0.0), (0.0, 50.0), (0.5, 100.0))
RHYTHM = ((1.0, 100.0), (2.0, 50.0), (5.0, 0.0))

PLAYBOOKS = (
    Playbook(
        "concern",
        _("A concern is raised"),
        _("Somebody around us raises a concern."),
        (
            PlaybookStep(_("Acknowledge it within five days, to the people who raised it"), 1, "call"),
            PlaybookStep(_("Find out what is behind it, on the spot"), 5, "visit"),
            PlaybookStep(_("Promise a measure with a date, or say why there is none"), 10, "meeting"),
            PlaybookStep(_("Tell those who raised it first, then everybody"), 12, "email"),
            PlaybookStep(_("Report back on what was done"), 40, "email"),
        ),
    ),
    Playbook(
        "project",
        _("A project is planned"),
        _("We plan something that the neighbours will notice."),
        (
            PlaybookStep(_("Write down whom it touches, and how"), 0),
            PlaybookStep(_("Tell them before it is in the papers"), 3, "meeting"),
            PlaybookStep(_("Hold an open evening; write down every question"), 14, "meeting"),
            PlaybookStep(_("Answer every question in writing"), 24, "email"),
            PlaybookStep(_("Say at the start of the work who is to be called"), 30, "email"),
        ),
    ),
    Playbook(
        "new_term",
        _("A new term begins"),
        _("Those who speak for the body were elected or named anew."),
        (
            PlaybookStep(_("Draw the people map anew"), 3),
            PlaybookStep(_("Introduce ourselves with what was promised and what was kept"), 14, "meeting"),
            PlaybookStep(_("Agree how often to meet"), 20, "call"),
        ),
    ),
)

KIND = Kind(
    slug="community",
    label=_("Community body"),
    label_plural=_("Community"),
    icon="hand-heart",
    colour="community",
    key="y",
    profile="community.Body",
    cadence_days=90,
    position=50,
    heading=_("Press & community"),
    has_trade=False,
    party_kinds=("public_body", "organisation", "person"),
    stages=(
        Stage("known", _("Known")),
        Stage("in_dialogue", _("In dialogue")),
        Stage("working_together", _("Working together")),
        Stage("partner", _("Partner")),
        Stage("in_dispute", _("In dispute")),
    ),
    groups={
        "contact": _("Contact rhythm"),
        "replies": _("Answers"),
        "promises": _("Promises kept"),
        "problems": _("Concerns"),
        "voice": _("What they say"),
    },
    components=(
        ScorecardComponent("activity", "contact", "activity", 5, AS_POINTS, 90, 2.0),
        ScorecardComponent("recency", "contact", "recency", 10, RHYTHM, 90, 2.0),
        ScorecardComponent("reciprocity", "contact", "reciprocity", 5, RISING, 180, 2.0),
        ScorecardComponent("our_replies", "replies", "our_latency", 10, AS_POINTS, 180, 2.0),
        ScorecardComponent("their_replies", "replies", "their_latency", 5, AS_POINTS, 180, 2.0),
        ScorecardComponent("promises", "promises", "promise_keeping", 30, RISING, 270),
        ScorecardComponent("problems", "problems", "problems", 20, AS_POINTS, 60, 2.0),
        ScorecardComponent("sentiment", "voice", "sentiment", 10, TONE, 180, 2.0),
        ScorecardComponent("breadth", "voice", "breadth", 5, RISING, 360, 2.0),
    ),
    columns=(
        Column("type", _("What they are"), "body__type"),
        Column("area", _("Area"), "body__area"),
        Column("stance", _("Stands"), "body__stance"),
    ),
    playbooks=PLAYBOOKS,
    conflicts=(
        Conflict(
            "customers",
            _(
                "They decide about us and buy from us: prices as for everybody, no gifts, and nothing about "
                "permits in a talk about orders."
            ),
            party_kinds=("public_body",),
        ),
        Conflict(
            "suppliers",
            _(
                "They decide about us and we pay them: have every order approved by somebody who is not in "
                "talks with them."
            ),
            party_kinds=("public_body",),
        ),
        Conflict(
            "investors",
            _("They speak for the neighbours and hold shares: say nothing to them that is not public."),
        ),
    ),
)
