from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class StaffConfig(AppConfig):
    name = "staff"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Registers the kind with the kernel, and its part of the record."""
        from health.registry import Indispensable, indispensable
        from relationships import kinds
        from relationships.registry import registry
        from staff.kind import KIND
        from staff.panels import EMPLOYMENT

        kinds.registry.register(KIND)
        indispensable.register(Indispensable("staff", _("they work here")))
        registry.add_panel(EMPLOYMENT)
