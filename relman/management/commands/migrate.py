"""`manage.py migrate`, which makes anew only the model that an operation changes.

Django makes anew every model that hangs together with the changed one, at each of some six hundred operations;
here all of them hang together, so that was nine tenths of what making a database took.
"""

from typing import Any

from django.core.management.commands import migrate
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.state import ProjectState


class GrowingState(ProjectState):
    """The models between two operations, where those that did not change stay as they were made.

    They refer to a changed model as it was before. Its table and its keys are still those: an operation that
    changes them has all models made anew, as one that runs Python does by itself where `is_delayed`.
    """

    def clone(self) -> "GrowingState":
        plain = super().clone()
        copied = GrowingState(plain.models, plain.real_apps)
        copied.is_delayed = plain.is_delayed
        if "apps" in plain.__dict__:
            copied.apps = plain.apps
        return copied

    def reload_model(self, app_label: str, model_name: str, delay: bool = False) -> None:
        if "apps" not in self.__dict__:
            return
        if delay or model_name not in self.apps.all_models[app_label]:
            self.is_delayed = True
            parent: Any = super()  # whose inside the stubs do not know
            parent._reload({(app_label, model_name)})
        else:
            self._forget()

    def reload_models(self, models: Any, delay: bool = True) -> None:
        self._forget()

    def alter_model_options(self, *given: Any, **named: Any) -> None:
        """Options name the table as well."""
        self._forget()
        super().alter_model_options(*given, **named)

    def add_field(
        self, app_label: str, model_name: str, name: str, field: Any, preserve_default: Any
    ) -> None:
        """A new field that points to another model changes its own alone."""
        made = self.__dict__.pop("apps", None)
        super().add_field(app_label, model_name, name, field, preserve_default)
        if made is not None:
            self.apps = made
            self.reload_model(app_label, model_name, delay=True)

    def _forget(self) -> None:
        self.__dict__.pop("apps", None)


class GrowingExecutor(MigrationExecutor):
    def _migrate_all_forwards(
        self, state: ProjectState, plan: Any, full_plan: Any, fake: bool, fake_initial: bool
    ) -> ProjectState:
        growing = GrowingState(state.models, state.real_apps)
        parent: Any = super()
        done: ProjectState = parent._migrate_all_forwards(growing, plan, full_plan, fake, fake_initial)
        return done


class Command(migrate.Command):
    def handle(self, *args: Any, **options: Any) -> None:
        setattr(migrate, "MigrationExecutor", GrowingExecutor)  # noqa: B010  the stubs do not know it is there
        super().handle(*args, **options)
