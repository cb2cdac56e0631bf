from django.apps import AppConfig


class RelmanConfig(AppConfig):
    """The project itself, for its tasks and commands; and so that every process knows the Celery app."""

    name = "relman"

    def ready(self) -> None:
        from relman import celery, checks  # noqa: F401  a `shared_task` binds to the app that is loaded
