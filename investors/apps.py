from django.apps import AppConfig


class InvestorsConfig(AppConfig):
    name = "investors"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Registers the kind with the kernel, and its part of the record."""
        from investors.kind import KIND
        from investors.panels import HOLDING
        from relationships import kinds
        from relationships.registry import registry

        kinds.registry.register(KIND)
        registry.add_panel(HOLDING)
