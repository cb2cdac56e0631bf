from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AutomationConfig(AppConfig):
    name = "automation"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Tells the audit log how to say what this app records in it."""
        from accounts.registry import registry

        registry.add_audit_words(AUDIT_WORDS)


AUDIT_WORDS = {
    "webhook_created": _("Webhook made"),
    "webhook_changed": _("Webhook changed"),
    "webhook_removed": _("Webhook removed"),
    "webhook_switched": _("Webhook switched on or off"),
    "webhook_secret_rotated": _("Webhook secret replaced"),
    "webhook_disabled": _("Webhook switched off because it failed"),
    "webhook_replayed": _("Webhook deliveries asked for again"),
}
