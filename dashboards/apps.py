from django.apps import AppConfig


class DashboardsConfig(AppConfig):
    name = "dashboards"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Says what becomes of a relationship's sums and decisions when it goes into another."""
        from relationships.enums import Carry
        from relationships.registry import Carried, registry

        registry.add_carried(
            Carried("dashboards.HealthCell", "relationship", Carry.FORGET),
            Carried("dashboards.PromiseCell", "relationship", Carry.FORGET),
            Carried("dashboards.BriefDecision", "relationship"),
            Carried("dashboards.OutsideIssue_parties", "party"),
        )
