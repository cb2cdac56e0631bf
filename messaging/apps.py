from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MessagingConfig(AppConfig):
    name = "messaging"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from django.core import checks

        from accounts.registry import registry
        from messaging.checks import check_mail_server, check_sender

        registry.add_audit_words(AUDIT_WORDS)
        checks.register(check_mail_server)
        checks.register(check_sender)


AUDIT_WORDS = {
    "address_suppressed": _("Address gets no more mail"),
    "suppression_lifted": _("Address gets mail again"),
}
