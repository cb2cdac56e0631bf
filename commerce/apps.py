from django.apps import AppConfig


class CommerceConfig(AppConfig):
    name = "commerce"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Registers what trade says of a relationship's health."""
        from commerce.measures import MEASURES, SOURCES
        from health.registry import measures

        for source in SOURCES:
            measures.register_source(source)
        measures.register(*MEASURES)
