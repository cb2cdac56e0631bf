from django.apps import AppConfig


class CustomersConfig(AppConfig):
    name = "customers"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Registers the kind with the kernel."""
        from customers.kind import KIND
        from relationships import kinds

        kinds.registry.register(KIND)
