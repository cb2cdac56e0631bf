from django.apps import AppConfig


class SuppliersConfig(AppConfig):
    name = "suppliers"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Registers the kind with the kernel."""
        from relationships import kinds
        from suppliers.kind import KIND

        kinds.registry.register(KIND)
