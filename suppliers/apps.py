from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SuppliersConfig(AppConfig):
    name = "suppliers"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Registers the kind with the kernel, and its part of the record."""
        from health.registry import Indispensable, indispensable
        from relationships import kinds
        from relationships.registry import registry
        from suppliers.kind import KIND
        from suppliers.panels import PAYMENTS, SUPPLY

        kinds.registry.register(KIND)
        indispensable.register(
            Indispensable("suppliers", _("it is our only source"), path="supplier__is_sole_source")
        )
        registry.add_panel(SUPPLY)
        registry.add_panel(PAYMENTS)
