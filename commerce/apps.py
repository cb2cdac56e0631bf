from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CommerceConfig(AppConfig):
    name = "commerce"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Registers what trade says of a relationship's health, and the orders on its record."""
        from commerce.measures import MEASURES, ROW_TYPES, SILENT, SOURCES
        from commerce.operations.purchases import refresh_facts
        from commerce.panels import ORDERS
        from health.registry import measures, outcomes
        from relationships.enums import Carry
        from relationships.registry import Carried, registry

        for source in SOURCES:
            measures.register_source(source)
        measures.register(*MEASURES)
        measures.register_row_types(*ROW_TYPES)
        outcomes.register(SILENT)
        registry.add_panel(ORDERS)
        lines = (("commerce.OrderLine", "order"),)
        registry.add_carried(
            Carried(
                "commerce.Order",
                "relationship",
                onto=lines,
                blend={"amount": "kept.amount + gone.amount"},
                label=_("Orders"),
            ),
            Carried("commerce.OrderLine", "relationship"),
            Carried("commerce.Payment", "relationship", label=_("Payments")),
            Carried("commerce.PurchaseFact", "relationship", Carry.ASIDE, rewritten=True),
        )
        registry.add_refresher(refresh_facts)
