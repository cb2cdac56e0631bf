from django.apps import AppConfig


class CommerceConfig(AppConfig):
    name = "commerce"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Registers what trade says of a relationship's health, and the orders on its record."""
        from commerce.measures import MEASURES, ROW_TYPES, SILENT, SOURCES
        from commerce.panels import ORDERS
        from health.registry import measures, outcomes
        from relationships.registry import registry

        for source in SOURCES:
            measures.register_source(source)
        measures.register(*MEASURES)
        measures.register_row_types(*ROW_TYPES)
        outcomes.register(SILENT)
        registry.add_panel(ORDERS)
