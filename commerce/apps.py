from django.apps import AppConfig


class CommerceConfig(AppConfig):
    name = "commerce"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Registers what trade says of a relationship's health, and the orders on its record."""
        from commerce.measures import MEASURES, ROW_TYPES, SOURCES
        from commerce.panels import ORDERS
        from health.registry import measures
        from relationships.registry import registry

        for source in SOURCES:
            measures.register_source(source)
        measures.register(*MEASURES)
        measures.register_row_types(*ROW_TYPES)
        registry.add_panel(ORDERS)
