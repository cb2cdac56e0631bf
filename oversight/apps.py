from django.apps import AppConfig


class OversightConfig(AppConfig):
    name = "oversight"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Says its verbs in the audit log, and what becomes of what was asked for a person who goes into another."""
        from accounts.registry import registry
        from oversight.ui import AUDIT_WORDS
        from relationships.enums import Carry
        from relationships.registry import Carried
        from relationships.registry import registry as kernel

        registry.add_audit_words(AUDIT_WORDS)
        kernel.add_carried(
            Carried("oversight.Erasure", "party"),
            Carried("oversight.LegalHold", "party"),
            Carried("oversight.SubjectExport", "party", Carry.ASIDE),
        )
