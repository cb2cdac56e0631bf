from django.apps import AppConfig


class HealthConfig(AppConfig):
    name = "health"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Registers the measures over the kernel's tables, and how health speaks on the kernel's pages."""
        from health.measures import MEASURES, SOURCES
        from health.panels import STRIP, WHY
        from health.queries.evidence_rows import ROW_TYPES
        from health.queries.words import reason_words
        from health.registry import measures
        from relationships.registry import EventWords, registry

        for source in SOURCES:
            measures.register_source(source)
        measures.register(*MEASURES)
        measures.register_row_types(*ROW_TYPES)
        for panel in (STRIP, WHY):
            registry.add_panel(panel)
        registry.set_reason_words(reason_words)
        registry.add_event_words(
            *(EventWords(verb, "health/events/_moved.html", icon, "health") for verb, icon in EVENTS)
        )


# verb, icon
EVENTS = (
    ("health.status_changed", "activity"),
    ("health.fell", "trending-down"),
    ("health.rose", "trending-up"),
)
