from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from automation.enums import RULE_SAYS, WEBHOOK_OFF, EndpointEnd
from messaging.registry import Text


class AutomationConfig(AppConfig):
    name = "automation"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Tells the audit log how to say what this app records in it, and merges what becomes of its rows."""
        from accounts.registry import registry
        from automation.queries.webhooks import ENDPOINTS
        from messaging.enums import Channel
        from messaging.registry import Topic
        from messaging.registry import registry as notices
        from relationships.registry import Carried
        from relationships.registry import registry as kernel

        registry.add_audit_words(AUDIT_WORDS)
        notices.add_topics(
            Topic(RULE_SAYS, _("A rule tells you"), "zap", Channel.MAIL, position=40),
            Topic(WEBHOOK_OFF, SWITCHED_OFF, "share-2", Channel.MAIL, position=41, stages=WHY_OFF),
        )
        notices.add_subject("webhookendpoint", ENDPOINTS)
        kernel.add_carried(
            Carried("automation.RuleRun", "relationship"), Carried("automation.SentForm", "relationship")
        )


SWITCHED_OFF = _("A webhook was switched off")
WHY_OFF: dict[str, Text] = {
    EndpointEnd.FAILING: _("A webhook was switched off: it answered nothing useful for days"),
    EndpointEnd.GONE: _("A webhook was switched off: it answered that it is gone for good"),
}

AUDIT_WORDS = {
    "webhook_created": _("Webhook made"),
    "webhook_changed": _("Webhook changed"),
    "webhook_removed": _("Webhook removed"),
    "webhook_switched": _("Webhook switched on or off"),
    "webhook_secret_rotated": _("Webhook secret replaced"),
    "webhook_disabled": _("Webhook switched off because it failed"),
    "rule_created": _("Rule made"),
    "rule_changed": _("Rule changed"),
    "rule_switched": _("Rule switched on or off"),
    "web_form_created": _("Web form made"),
    "web_form_changed": _("Web form changed"),
    "web_form_switched": _("Web form switched on or off"),
    "webhook_replayed": _("Webhook deliveries asked for again"),
}
