"""Our own people, declared: a relationship of employer and employee, open to the two sides of it and to HR."""

from django.utils.translation import gettext_lazy as _

from accounts.enums import Permission
from relationships.kinds import (
    Column,
    Conflict,
    Kind,
    Playbook,
    PlaybookStep,
    ScorecardComponent,
    Sight,
    Stage,
)

RISING = ((0.0, 0.0), (1.0, 100.0))
AS_POINTS = ((0.0, 0.0), (100.0, 100.0))
TONE = ((-0.5, 0.0), (0.0, 50.0), (0.5, 100.0))
RHYTHM = ((1.0, 100.0), (2.0, 50.0), (5.0, 0.0))

THEMSELVES = frozenset({Permission.VIEW_RELATIONSHIPS, Permission.LOG_INTERACTIONS})
MANAGER = THEMSELVES | {Permission.MANAGE_COMMITMENTS, Permission.MANAGE_FOLLOW_UPS}

PLAYBOOKS = (
    Playbook(
        "welcome",
        _("Welcome"),
        _("Somebody starts to work here."),
        (
            PlaybookStep(_("Place, access and a colleague to turn to are ready"), 0),
            PlaybookStep(_("Talk at the end of the first week"), 5, "meeting"),
            PlaybookStep(_("Talk after a month: what was promised, what is missing"), 30, "meeting"),
            PlaybookStep(_("Look back on ninety days together"), 90, "meeting"),
        ),
    ),
    Playbook(
        "grievance",
        _("A grievance is raised"),
        _("Somebody says that they are treated badly, or that a promise was not kept."),
        (
            PlaybookStep(
                _("Thank them, write it down in their words, and have them agree to it"), 0, "meeting"
            ),
            PlaybookStep(_("Hear the others"), 4, "meeting"),
            PlaybookStep(_("Decide, and say why"), 10, "meeting"),
            PlaybookStep(_("Ask whether it is better now"), 40, "meeting"),
        ),
    ),
    Playbook(
        "leaving",
        _("Somebody may leave"),
        _("A one-to-one or the health of the relationship says so."),
        (
            PlaybookStep(_("Ask openly, without a promise that cannot be kept"), 1, "meeting"),
            PlaybookStep(_("Agree one thing that changes within a month"), 5, "meeting"),
            PlaybookStep(_("Check that it changed"), 30, "meeting"),
        ),
    ),
)

KIND = Kind(
    slug="staff",
    label=_("Employee"),
    label_plural=_("Staff"),
    icon="id-card",
    colour="staff",
    key="f",
    profile="staff.Employee",
    cadence_days=14,
    position=60,
    heading=_("Our people"),
    has_trade=False,
    party_kinds=("person",),
    stages=(
        Stage("joining", _("Joining")),
        Stage("settled", _("Settled")),
        Stage("growing", _("Growing")),
        Stage("away", _("On leave")),
        Stage("leaving", _("Leaving")),
        Stage("left", _("Left")),
    ),
    groups={
        "contact": _("One-to-ones"),
        "replies": _("Answers"),
        "promises": _("Promises kept"),
        "problems": _("Grievances"),
        "voice": _("What they say"),
    },
    components=(
        ScorecardComponent("activity", "contact", "activity", 5, AS_POINTS, 30, 2.0),
        ScorecardComponent("recency", "contact", "recency", 20, RHYTHM, 30, 2.0),
        ScorecardComponent("reciprocity", "contact", "reciprocity", 10, RISING, 90, 2.0),
        ScorecardComponent("our_replies", "replies", "our_latency", 10, AS_POINTS, 90, 2.0),
        ScorecardComponent("promises", "promises", "promise_keeping", 25, RISING, 180),
        ScorecardComponent("problems", "problems", "problems", 20, AS_POINTS, 60, 2.0),
        ScorecardComponent("sentiment", "voice", "sentiment", 10, TONE, 90, 2.0),
    ),
    columns=(
        Column("department", _("Department"), "employee__department"),
        Column("employment", _("Employment"), "employee__employment"),
        Column("worksite", _("Works at"), "employee__worksite"),
    ),
    playbooks=PLAYBOOKS,
    conflicts=(
        Conflict(
            "suppliers",
            _(
                "They work here and sell to us: somebody else orders, and their offers are compared with others."
            ),
        ),
        Conflict(
            "customers",
            _(
                "They work here and buy from us: prices as for all staff, and somebody else decides on complaints."
            ),
        ),
        Conflict(
            "investors",
            _(
                "They work here and hold shares: mind the insider list and the quiet period before they trade."
            ),
        ),
        Conflict(
            "press",
            _("They work here and publish: agree what is said in whose name."),
        ),
        Conflict(
            "community",
            _("They work here and speak for the neighbours: they step aside where both meet."),
        ),
    ),
    sight=Sight(roles=frozenset({"hr"}), people={"owner": MANAGER, "employee__user": THEMSELVES}),
)
