from django.apps import AppConfig


class CommunityConfig(AppConfig):
    name = "community"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Registers the kind with the kernel, and its part of the record."""
        from community.kind import KIND
        from community.panels import STANDING
        from relationships import kinds
        from relationships.registry import registry

        kinds.registry.register(KIND)
        registry.add_panel(STANDING)
