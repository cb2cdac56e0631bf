"""What every test may ask for. The servers are started by the `conftest.py` above this one."""

import gc
from collections.abc import Generator, Iterator
from datetime import UTC, datetime
from importlib import import_module
from typing import TYPE_CHECKING, Any

import pytest
from django.apps import apps
from django.template import Context
from hypothesis import HealthCheck, settings
from pytest_django.live_server_helper import LiveServer
from pytest_django.plugin import DjangoDbBlocker, blocking_manager_key
from xdist.scheduler import LoadFileScheduling

from core.templatetags.steady import SteadyNode
from tests.databases import Copies
from tests.live import Door

if TYPE_CHECKING:
    from accounts.operations.workspace import Workspace

settings.register_profile("unhurried", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("unhurried")  # machines under test are busy

NOW = datetime(2026, 3, 18, 10, 0, tzinfo=UTC)
"""A Wednesday in winter time: the moment at which most tests take place."""

LONGEST = (
    "tests/architecture/test_leaks.py",
    "tests/relman/launcher/test_workspace.py",  # needs no database of the tests, which the other process makes now
    "tests/exchange/test_demo.py",
    "tests/benchmarks/test_bench.py",
    "tests/commerce/test_fits.py",
    "tests/architecture/test_query_budgets.py",
    "tests/architecture/test_new_kind.py",
    "tests/relman/launcher/test_servers.py",
    "tests/architecture/test_migrations.py",
    "tests/browser/test_every_page.py",
    "tests/browser/test_main_job.py",
    "tests/browser/test_quick_log_speed.py",  # types for minutes, which leaves the processors to the others
    "tests/browser/test_first_run.py",
)
"""The files that take most, first of all: begun last, one of them leaves the other process with nothing to do."""

APART = "tests/architecture/test_leaks.py"
"""Its tests share nothing and take minutes: in one process after another they would be what the others wait for."""


class ByFile(LoadFileScheduling):  # type: ignore[misc]  # xdist has no types
    """A file's tests go to one process, but for those of the file whose tests stand apart."""

    def _split_scope(self, nodeid: str) -> str:
        scope: str = super()._split_scope(nodeid)
        return nodeid if scope == APART else scope


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> ByFile | None:
    return ByFile(config, log) if config.getoption("dist") == "loadfile" else None


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    places = {file: place for place, file in enumerate(LONGEST)}
    items.sort(key=lambda item: places.get(item.nodeid.partition("::")[0], len(places)))


def pytest_collection_finish() -> None:
    """Programs and tests stay as long as the process: they are not searched for garbage over and over."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)


SHIPPED = (
    ("relationships", "LinkType", "0002_append_only_and_link_types", "add_link_types"),
    ("relationships", "Purpose", "0022_ask_for_consent_by_purpose", "add_purposes"),
    ("cases", "SlaPolicy", "0002_what_is_owed_by_when", "add_policy"),
)
"""Models with rows of ours from the beginning, and what adds them."""


@pytest.fixture
def now() -> datetime:
    return NOW


@pytest.fixture
def workspace(db: None) -> "Workspace":
    """The default business unit (GBP, Europe/London, GB), its currency and the system actor."""
    from accounts.operations.workspace import ensure_workspace  # noqa: PLC0415  after django.setup()

    return ensure_workspace(now=NOW)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    request: pytest.FixtureRequest,
    django_db_modify_db_settings: None,
    django_db_keepdb: bool,
    django_db_createdb: bool,
) -> Copies | None:
    """Where several processes keep their databases, one of them is made and the others are copies."""
    run = getattr(request.config, "workerinput", {}).get("testrunuid")
    if run is None or not django_db_keepdb:
        return None
    copies = Copies(run, is_new=django_db_createdb)
    with request.getfixturevalue("django_db_blocker").unblock():
        copies.begin()
    return copies


@pytest.fixture(scope="session")
def django_db_setup(
    django_db_modify_db_settings: Copies | None, django_db_setup: None, django_db_blocker: DjangoDbBlocker
) -> None:
    if django_db_modify_db_settings is not None:
        with django_db_blocker.unblock():
            django_db_modify_db_settings.end()


@pytest.fixture(scope="session")
def _door(live_server: LiveServer) -> Door:
    httpd = live_server.thread.httpd
    door = Door(httpd.get_app())
    httpd.set_app(door)
    return door


@pytest.fixture(autouse=True)
def _shut_the_door(request: pytest.FixtureRequest) -> Iterator[None]:
    """Lets the live server finish before a test's tables are emptied, and after its pages are closed."""
    if "live_server" not in request.fixturenames:
        yield
        return
    request.getfixturevalue("transactional_db")  # begun before this fixture, so ended after it
    door = request.getfixturevalue("_door")
    door.open()
    yield
    door.shut()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item: pytest.Item, nextitem: pytest.Item | None) -> Generator[None, None, None]:
    """Forgets what the process keeps of rows, and puts back those that migrations ship: after a test whose database
    was emptied and is used again.
    """
    yield
    import_module("relationships.queries.custom_fields").kept_fields.clear()  # of rows that are rolled back
    marker = item.get_closest_marker("django_db")
    is_gone = nextitem is None and not item.config.getoption("reuse_db")
    if not is_gone and marker and marker.kwargs.get("transaction"):
        with item.config.stash[blocking_manager_key].unblock():
            for app, model, migration, add in SHIPPED:
                if not apps.get_model(app, model).objects.exists():
                    getattr(import_module(f"{app}.migrations.{migration}"), add)(apps, None)


@pytest.fixture(autouse=True, scope="session")
def steady_markup_is_the_same_wherever_it_stands() -> Iterator[None]:
    """Draws what a page takes from memory once more: somebody else's markup would stand on it otherwise."""
    plain = SteadyNode._kept

    def compared(node: SteadyNode, context: Context) -> list[str]:
        kept = plain(node, context)
        assert kept == node._draw(context)
        return kept

    SteadyNode._kept = compared  # type: ignore[assignment,method-assign]  # for these tests
    yield
    SteadyNode._kept = plain  # type: ignore[method-assign]
