"""A real Chromium, real workspaces to point it at, and the count that `make test` ends with."""

import os
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright
from xdist.scheduler import LoadScopeScheduling

from accounts.models import User
from tests.chromium import find
from tests.homes import Run, discard, free_port

QUIET = [
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
    *("--no-first-run", "--disable-gpu", "--disable-quic"),
]
AXE = (Path(__file__).parents[1] / "vendor" / "axe" / "axe.min.js").read_text()
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
SIZES = {"desktop": {"width": 1440, "height": 900}, "phone": {"width": 390, "height": 844}}
ON_THE_DEMO = ("tests/browser/test_every_page.py", "tests/browser/test_main_job.py")
outcomes: Counter[str] = Counter()


class ByWorkspace(LoadScopeScheduling):  # type: ignore[misc]  # xdist has no types
    """The tests on the demo workspace, which are the most, go to one process at once; it alone builds one."""

    def _split_scope(self, nodeid: str) -> str:
        return "demo" if nodeid.startswith(ON_THE_DEMO) else nodeid


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> ByWorkspace:
    return ByWorkspace(config, log)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One browser for all tests; each opens a context of its own."""
    alone = ["--no-sandbox"] if os.geteuid() == 0 else []  # its sandbox refuses root
    expect.set_options(timeout=20_000)  # a busy machine is slow, not wrong
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # Playwright's loop runs in the thread of the tests
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find(), args=[*QUIET, *alone])
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def demo_workspace(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Run]:
    """The demo workspace as `make run` starts it; its sign-ins are in `home / "demo-sign-ins"`."""
    yield from _run(tmp_path_factory, demo=True)


@pytest.fixture(scope="session")
def empty_workspace(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Run]:
    """A workspace started with `DEMO=0`; its output holds the address of the set-up page."""
    yield from _run(tmp_path_factory, demo=False)


def _run(folders: pytest.TempPathFactory, *, demo: bool) -> Iterator[Run]:
    run = Run(folders.mktemp("browser") / "home", free_port(), demo=demo)
    try:
        run.wait_until_ready(seconds=600)
        yield run
    finally:
        if run.process.poll() is None:
            run.stop()
        discard(run.home)


Visit = Callable[..., Page]


@pytest.fixture
def visit(chromium: Browser, live_server: Any) -> Iterator[Visit]:
    """Opens a path as a signed-in user; afterwards no page may have broken the policy or failed."""
    contexts: list[BrowserContext] = []
    faults: list[str] = []

    def visit_(user: User, path: str, size: str = "desktop", theme: str = "light", **options: Any) -> Page:
        client = Client()
        client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
        cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
        touch = {"has_touch": True, "is_mobile": True} if size == "phone" else {}
        context = chromium.new_context(viewport=SIZES[size], color_scheme=theme, **touch, **options)  # type: ignore[arg-type]  # as Playwright names them
        contexts.append(context)
        context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url}])
        page = context.new_page()
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("console", lambda said: faults.append(said.text) if "Security Policy" in said.text else None)
        page.goto(f"{live_server.url}{path}")
        return page

    yield visit_
    for context in contexts:
        context.close()
    assert faults == []


def axe(page: Page) -> list[list[str]]:
    """Rule and markup of every finding. Axe itself writes styles: open the page with `bypass_csp`."""
    page.evaluate(
        "() => Promise.all(document.getAnimations().filter(a => a.effect.getTiming().iterations !== Infinity)"
        ".map(a => a.finished.catch(() => null)))"
    )  # what is still fading in has no colours to judge
    session = page.context.new_cdp_session(page)
    session.send("Runtime.evaluate", {"expression": AXE})
    found: list[list[str]] = page.evaluate(
        "rules => axe.run(document, {runOnly: rules}).then(result =>"
        " result.violations.flatMap(v => v.nodes.map(n => [v.id, n.html.slice(0, 200)])))",
        RULES,
    )
    return found


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    if report.when == "call" or not report.passed:
        outcomes[report.outcome] += 1


def pytest_sessionfinish(session: pytest.Session) -> None:
    """A browser test that did not run has shown nothing, so a run with one is no success."""
    if _counts(session.config) and (outcomes["skipped"] or not outcomes["passed"]):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_unconfigure(config: pytest.Config) -> None:
    if _counts(config):
        failed = f", {outcomes['failed']} failed" if outcomes["failed"] else ""
        print(f"browser: {outcomes['passed']} passed, {outcomes['skipped']} skipped{failed}")


def _counts(config: pytest.Config) -> bool:
    """Of several processes the one that hears of every test."""
    return config.option.markexpr == "browser" and not hasattr(config, "workerinput")
