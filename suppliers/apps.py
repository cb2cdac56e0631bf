from django.apps import AppConfig


class SuppliersConfig(AppConfig):
    name = "suppliers"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Registers the kind with the kernel, and its part of the record."""
        from relationships import kinds
        from relationships.registry import registry
        from suppliers.kind import KIND
        from suppliers.panels import SUPPLY

        kinds.registry.register(KIND)
        registry.add_panel(SUPPLY)
