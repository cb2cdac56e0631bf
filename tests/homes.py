"""Throwaway homes: real servers in a folder of their own, with nothing of the tests' own environment."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg2

from relman.launcher import postgres
from relman.launcher.folders import CHECKOUT, Home
from relman.launcher.servers import Servers

OURS = ("DATABASE_URL", "REDIS_URL", "RELMAN_HOME", "DJANGO_SETTINGS_MODULE", "PORT", "BIND", "MAKELEVEL")


def environment(home: Path, **more: str) -> dict[str, str]:
    bare = {name: value for name, value in os.environ.items() if name not in OURS}
    return {**bare, "RELMAN_HOME": str(home), **more}


def manage(home: Path, *arguments: str, **more: str) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "manage.py", *arguments]
    return subprocess.run(
        command, cwd=CHECKOUT, env=environment(home, **more), capture_output=True, text=True, check=False
    )


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def processes_of(home: Path) -> dict[int, str]:
    """Number → command line of every process that names the home, or carries it in its environment."""
    found = {}
    places = [f"{home}{end}" for end in ("/", " ")] + [f"{(home / 'servers').resolve()}/"]
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            command = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
            variables = (entry / "environ").read_bytes().split(b"\0")
        except OSError:
            continue
        named = any(place in command for place in places)
        if int(entry.name) != os.getpid() and (named or f"RELMAN_PART_OF={home}".encode() in variables):
            found[int(entry.name)] = command
    return found


def wait_until_gone(home: Path, seconds: float = 120) -> dict[int, str]:
    """What is left of the home's processes after at most `seconds`."""
    deadline = time.monotonic() + seconds
    while processes_of(home) and time.monotonic() < deadline:
        time.sleep(0.1)
    return processes_of(home)


def kill_all(home: Path) -> None:
    """What a power cut does: nobody gets to say goodbye."""
    while left := processes_of(home):
        for pid in left:
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                continue
        time.sleep(0.05)


def discard(home: Path) -> None:
    """End everything of a home and remove it, with what root keeps for it elsewhere."""
    kill_all(home)
    place = home / "servers"
    if place.is_symlink():
        shutil.rmtree(place.readlink())
    shutil.rmtree(home, ignore_errors=True)


@contextmanager
def served(home: Path) -> Iterator[Servers]:
    """The home's servers, used by this process and left at the end."""
    before = {name: os.environ.pop(name, None) for name in ("DATABASE_URL", "REDIS_URL")}
    servers = Servers(Home(home), durable=True)
    try:
        servers.start()
        yield servers
    finally:
        servers.release(wait=True)
        for name, value in before.items():
            os.environ.pop(name, None)
            if value is not None:
                os.environ[name] = value


@contextmanager
def queried(home: Path) -> "Iterator[psycopg2.extensions.cursor]":
    """A cursor of the application's own role on running servers."""
    connection = psycopg2.connect(postgres.url(Home(home)))
    connection.autocommit = True
    try:
        with connection.cursor() as cursor:
            yield cursor
    finally:
        connection.close()


class Run:
    """`make run` of a home, as the process that make starts."""

    def __init__(self, home: Path, port: int, *, demo: bool = False, **more: str) -> None:
        self.home = home
        self.port = port
        self.output = home.with_name(f"{home.name}-output")
        with self.output.open("w") as file:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "relman.launcher", "run"],
                cwd=CHECKOUT,
                env=environment(home, PORT=str(port), DEMO="1" if demo else "0", **more),
                stdin=subprocess.DEVNULL,
                stdout=file,
                stderr=subprocess.STDOUT,
            )

    @property
    def url(self) -> str:
        return f"http://localhost:{self.port}"

    @property
    def words(self) -> str:
        return self.output.read_text()

    def wait_until_ready(self, seconds: float = 300) -> None:
        deadline = time.monotonic() + seconds
        while "Ctrl-C stops everything" not in self.words:
            assert self.process.poll() is None, self.words
            assert time.monotonic() < deadline, self.words
            time.sleep(0.1)

    def get(self, path: str, host: str = "127.0.0.1") -> tuple[int, str]:
        try:
            with urllib.request.urlopen(f"http://{host}:{self.port}{path}", timeout=60) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()

    def stop(self, number: signal.Signals = signal.SIGINT) -> int:
        self.process.send_signal(number)
        return self.process.wait(timeout=180)
