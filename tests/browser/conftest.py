"""A real Chromium, real workspaces to point it at, and the count that `make test` ends with."""

import os
from collections import Counter
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.chromium import find
from tests.homes import Run, discard, free_port

QUIET = [
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
    *("--no-first-run", "--disable-gpu", "--disable-quic"),
]
outcomes: Counter[str] = Counter()


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One browser for all tests; each opens a context of its own."""
    alone = ["--no-sandbox"] if os.geteuid() == 0 else []  # its sandbox refuses root
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
        run.wait_until_ready(seconds=300)
        yield run
    finally:
        if run.process.poll() is None:
            run.stop()
        discard(run.home)


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
    return bool(config.option.markexpr == "browser")
