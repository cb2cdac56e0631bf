from django.apps import AppConfig


class OversightConfig(AppConfig):
    name = "oversight"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Tells the audit log how to say what this app records in it."""
        from accounts.registry import registry
        from oversight.ui import AUDIT_WORDS

        registry.add_audit_words(AUDIT_WORDS)
