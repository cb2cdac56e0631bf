"""`make run`, for real: ready, stopped without trace, recovered, refused with a sentence."""

import json
import os
import re
import signal
import socket
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from relman.launcher.folders import CHECKOUT
from tests.homes import (
    Run,
    discard,
    environment,
    free_port,
    manage,
    processes_of,
    queried,
    served,
    wait_until_gone,
)


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Run]:
    """A new home on its first run, with a row that must never be lost."""
    run = Run(tmp_path_factory.mktemp("workspace") / "home", free_port())
    try:
        run.wait_until_ready()
        with queried(run.home) as cursor:
            cursor.execute("CREATE TABLE kept (word text)")
            cursor.execute("INSERT INTO kept VALUES ('first')")
        yield run
    finally:
        discard(run.home)


@pytest.fixture
def home(first: Run) -> Path:
    """The same home, at rest."""
    if first.process.poll() is None:
        first.stop()
    return first.home


def kept_words(home: Path) -> list[str]:
    with queried(home) as cursor:
        cursor.execute("SELECT word FROM kept ORDER BY ctid")
        return [word for (word,) in cursor.fetchall()]


def refusal(home: Path, **variables: str) -> str:
    """The sentence with which `make run` declines."""
    done = subprocess.run(
        [sys.executable, "-m", "relman.launcher", "run"],
        cwd=CHECKOUT,
        env=environment(home, DEMO="0", **variables),
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert (done.returncode, done.stdout) == (1, "")
    return done.stderr.strip()


def test_first_start_says_each_step(first: Run) -> None:
    steps = re.findall(r"^  (\w[\w ]{0,12}?) {2,}", first.words, re.MULTILINE)
    assert steps[:6] == ["PostgreSQL", "Valkey", "database", "workspace", "demo", "static files"]
    assert sorted(steps[6:9]) == ["beat", "web", "worker"]
    assert re.search(rf"^Relman is ready: {first.url}$", first.words, re.MULTILINE)
    assert re.search(rf"^  {first.url}/\S+$", first.words, re.MULTILINE), "the address of the set-up page"


def test_it_answers_on_both_names_and_every_part_is_ready(first: Run) -> None:
    for host in ("127.0.0.1", "localhost"):
        assert first.get("/healthz", host) == (200, "ok\n")
    status, body = first.get("/readyz")
    assert (status, {part: state["ok"] for part, state in json.loads(body)["parts"].items()}) == (
        200,
        dict.fromkeys(("database", "migrations", "broker", "worker", "beat"), True),
    )


def test_a_home_runs_once_and_other_homes_beside_it(first: Run, tmp_path: Path) -> None:
    assert refusal(first.home, PORT=str(free_port())) == (
        f"Relman already runs from {first.home}: {first.url} (process {first.process.pid})"
    )
    beside = Run(tmp_path / "beside", free_port())
    try:
        beside.wait_until_ready()
        assert (first.get("/readyz")[0], beside.get("/readyz")[0]) == (200, 200)
        assert beside.stop(signal.SIGTERM) == 0
        assert processes_of(beside.home) == {}
        assert first.get("/readyz")[0] == 200
    finally:
        discard(beside.home)


def test_a_part_that_dies_is_named_by_readyz_and_on_the_console(first: Run) -> None:
    beats = [pid for pid, command in processes_of(first.home).items() if " beat " in command]
    assert len(beats) == 1
    os.kill(beats[0], signal.SIGKILL)
    deadline = time.monotonic() + 300
    while first.get("/readyz")[0] == 200:
        assert time.monotonic() < deadline
        time.sleep(1)
    status, body = first.get("/readyz")
    down = [part for part, state in json.loads(body)["parts"].items() if not state["ok"]]
    assert (status, down) == (503, ["beat"])
    assert "beat          ended by itself (signal 9); see" in first.words


def test_ctrl_c_stops_all_but_what_another_command_still_uses(first: Run) -> None:
    with served(first.home):
        assert first.stop(signal.SIGINT) == 0
        assert "stays until the other command of this home that uses it ends" in first.words
        assert kept_words(first.home) == ["first"]
    assert processes_of(first.home) == {}


def test_a_killed_run_is_recovered_with_nothing_lost(home: Path) -> None:
    second = Run(home, free_port())
    second.wait_until_ready()
    with queried(home) as cursor:
        cursor.execute("INSERT INTO kept VALUES ('before the kill')")
    second.process.kill()
    second.process.wait()
    stray = subprocess.Popen(["/bin/sleep", "60"], env={"RELMAN_PART_OF": str(home)})
    third = Run(home, second.port)
    third.wait_until_ready()
    assert kept_words(home) == ["first", "before the kill"]
    assert stray.wait(timeout=60) == -signal.SIGTERM
    assert "of an earlier run that was cut off" in third.words
    third.process.kill()
    third.process.wait()
    assert wait_until_gone(home) == {}
    assert "was not properly shut down" not in (home / "logs" / "postgres.log").read_text()


def test_a_busy_port_is_named_and_nothing_started(home: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        assert refusal(home, PORT=str(port)) == (
            f"Port {port} is in use by another program. Choose another one: make run PORT={port + 1}"
        )
    assert processes_of(home) == {}


def test_make_run_ends_when_make_is_killed(home: Path) -> None:
    """Its `kill -9` reaches only make; the launcher notices that nobody is left to press Ctrl-C."""
    script = "import subprocess, sys; subprocess.run([sys.executable, '-m', 'relman.launcher', 'run'])"
    make = subprocess.Popen(
        [sys.executable, "-c", script],
        cwd=CHECKOUT,
        env=environment(home, PORT=str(free_port()), DEMO="0", MAKELEVEL="1"),
        stdout=subprocess.DEVNULL,
    )
    while not any(" beat " in command for command in processes_of(home).values()):
        assert make.poll() is None
        time.sleep(0.1)
    make.kill()
    make.wait()
    assert wait_until_gone(home) == {}


def test_no_server_is_started_for_addresses_that_are_set(home: Path, tmp_path: Path) -> None:
    with served(home) as servers:
        done = manage(tmp_path / "bare", "showmigrations", "accounts", **servers.addresses)
        assert (done.returncode, done.stderr) == (0, "")
        assert processes_of(tmp_path / "bare") == {}
    assert not (tmp_path / "bare" / "servers").exists()


def test_every_command_starts_the_servers_it_needs_and_stops_them(home: Path) -> None:
    done = manage(
        home, "shell", "--command", "print(User.objects.filter(is_active=True).count() >= 0)", "-v0"
    )
    assert (done.returncode, done.stdout.strip()) == (0, "True")
    assert processes_of(home) == {}


def test_a_command_on_a_new_home_makes_database_and_workspace_first(tmp_path: Path) -> None:
    path = tmp_path / "new"
    try:
        question = "print(BusinessUnit.objects.count())"
        done = manage(path, "shell", "-v0", "--command", question)
        assert (done.returncode, done.stdout.strip()) == (0, "1"), done.stderr
        assert done.stderr.strip() == "A new home: making its database and workspace."
        assert stat.S_IMODE((path / "secrets" / "secret_key").stat().st_mode) == 0o600
        assert manage(path, "shell", "-v0", "--command", question).stderr == ""
    finally:
        discard(path)


def test_a_command_whose_home_is_refused_says_why(tmp_path: Path) -> None:
    (tmp_path / "home").write_text("a letter")
    done = manage(tmp_path / "home", "migrate")
    assert (done.returncode, done.stderr) == (
        1,
        f"{tmp_path / 'home'} is not a folder, so it cannot be Relman's home.\n",
    )


def test_a_command_that_reads_no_row_starts_nothing(tmp_path: Path) -> None:
    done = manage(tmp_path / "bare", "makemigrations", "--check", "--dry-run")
    assert done.returncode == 0
    assert not (tmp_path / "bare" / "servers").exists()
