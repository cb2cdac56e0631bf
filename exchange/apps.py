from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ExchangeConfig(AppConfig):
    name = "exchange"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Tells the audit log how to say what this app records in it."""
        from accounts.registry import registry

        registry.add_audit_words(AUDIT_WORDS)


AUDIT_WORDS = {
    "import_run": _("Import run"),
    "contacts_exported": _("Contacts exported"),
    "sample_removed": _("Sample data removed"),
}
