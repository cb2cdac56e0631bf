from django.apps import AppConfig


class PressConfig(AppConfig):
    name = "press"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Registers the kind with the kernel, and its part of the record."""
        from press.kind import KIND
        from press.panels import DESK
        from relationships import kinds
        from relationships.registry import registry

        kinds.registry.register(KIND)
        registry.add_panel(DESK)
