from django.apps import AppConfig


class HealthConfig(AppConfig):
    name = "health"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Registers the measures over the kernel's tables."""
        from health.measures import MEASURES, SOURCES
        from health.registry import measures

        for source in SOURCES:
            measures.register_source(source)
        measures.register(*MEASURES)
