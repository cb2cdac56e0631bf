from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CommunityConfig(AppConfig):
    name = "community"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Registers the kind with the kernel, and its part of the record."""
        from community.kind import KIND
        from community.panels import STANDING
        from health.registry import Indispensable, indispensable
        from relationships import kinds
        from relationships.registry import registry

        kinds.registry.register(KIND)
        indispensable.register(Indispensable("community", _("we live in their community")))
        registry.add_panel(STANDING)
