from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from health.enums import ReviewState, Tells
from messaging.enums import Channel
from messaging.registry import Topic
from relationships.enums import Carry
from relationships.registry import Carried


class HealthConfig(AppConfig):
    name = "health"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Registers the measures over the kernel's tables, and how health speaks on the kernel's pages."""
        from accounts.enums import Permission
        from accounts.registry import registry as access
        from health.measures import ENDED, MEASURES, SOURCES
        from health.panels import PANELS
        from health.queries.evidence_rows import ROW_TYPES
        from health.queries.words import reason_words
        from health.registry import measures, outcomes
        from relationships.registry import EventWords, Place, registry

        for source in SOURCES:
            measures.register_source(source)
        measures.register(*MEASURES)
        outcomes.register(ENDED)
        measures.register_row_types(*ROW_TYPES)
        for panel in PANELS:
            registry.add_panel(panel)
        for url, label, icon, position in PLACES:
            registry.add_place(Place(label, url, icon, position=position))
        registry.add_place(
            Place(
                _("Scorecards"),
                "/administration/scorecards/",
                "scale",
                Permission.CONFIGURE_HEALTH,
                position=50,
            )
        )
        registry.set_reason_words(reason_words)
        registry.add_carried(*CARRIED)
        access.add_audit_words(AUDIT_WORDS)
        self._add_notices()
        registry.add_event_words(
            *(EventWords(verb, template, icon, "health") for verb, template, icon in EVENTS)
        )

    def _add_notices(self) -> None:
        """Says what people are told of, and what that is about."""
        from health.queries.notices import SUBJECTS
        from messaging.registry import registry

        registry.add_topics(*TOPICS)
        for subject_type, subject in SUBJECTS.items():
            registry.add_subject(subject_type, subject)


# address, label, icon, position
PLACES = (
    ("/alerts/", _("Alerts"), "bell", 20),
    ("/proposals/", _("Proposals"), "scale", 30),
    ("/reviews/", _("Reviews"), "clipboard-list", 40),
)

CARRIED = (
    Carried("health.ScoreWatch", "relationship"),
    Carried("health.Alert", "relationship", label=_("Alerts")),
    Carried("health.ScoreOutcome", "relationship"),
    Carried("health.ScoreOverride", "relationship"),
    Carried("health.Proposal", "relationship", label=_("Proposals")),
    Carried("health.RelationshipScore", "relationship"),
    Carried("health.ScoreSnapshot", "relationship", Carry.ASIDE),
    Carried("health.Review", "relationship", prefer=("state", tuple(ReviewState.values)), label=_("Reviews")),
)
"""What names a relationship, for a merge."""

# verb, template, icon
EVENTS = (
    ("health.status_changed", "health/events/_moved.html", "activity"),
    ("health.fell", "health/events/_moved.html", "trending-down"),
    ("health.rose", "health/events/_moved.html", "trending-up"),
    ("health.override_set", "health/events/_override.html", "scale"),
    ("health.override_ended", "health/events/_override.html", "scale"),
    ("health.review_moved", "health/events/_review_moved.html", "clipboard-list"),
    ("health.proposal_moved", "health/events/_proposal_moved.html", "scale"),
    ("health.proposal_compared", "health/events/_proposal_compared.html", "scale"),
    ("health.alert_moved", "health/events/_alert_moved.html", "bell"),
)

TOPICS = (
    Topic(Tells.ALERT, _("An alert about a relationship of yours"), "bell", Channel.DIGEST, 20),
    Topic(Tells.REVIEW, _("A review is due"), "clipboard-list", Channel.DIGEST, 21),
    Topic(Tells.APPROVAL, _("Something waits for your approval"), "scale", Channel.MAIL, 22),
    Topic(Tells.APPROVED, _("What you asked for was approved"), "circle-check", Channel.CENTRE, 23),
)

AUDIT_WORDS = {
    "alert_rule_retired": _("Alert rule retired"),
    "alert_rule_reinstated": _("Alert rule put in force"),
    "health_override_set": _("Health judged by hand"),
    "health_override_withdrawn": _("Judgement of health withdrawn"),
    "scorecard_drafted": _("Scorecard drafted"),
    "scorecard_edited": _("Draft of a scorecard changed"),
    "scorecard_validated": _("Scorecard checked"),
    "scorecard_activated": _("Scorecard put into force"),
    "scorecard_retired": _("Scorecard retired"),
}
