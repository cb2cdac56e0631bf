"""The three processes of the product itself: web, worker and beat."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterable

from relman.launcher.folders import CHECKOUT, Home
from relman.launcher.keeper import log_of, open_log
from relman.launcher.processes import MARK, following
from relman.launcher.servers import Servers

WEB, WORKER, BEAT = "web", "worker", "beat"
STOPPING_ORDER = (WEB, BEAT, WORKER)
MOST_PROCESSES = 8  # of one kind on one machine; the embedded database has 60 connections to give


def processes() -> int:
    """How many web workers and how many task processes: one per core unless `WEB_CONCURRENCY` says more."""
    wanted = os.environ.get("WEB_CONCURRENCY", "")
    return int(wanted) if wanted.isdecimal() else min(len(os.sched_getaffinity(0)), MOST_PROCESSES)


def start_web(servers: Servers, sockets: Iterable[socket.socket]) -> "subprocess.Popen[bytes]":
    descriptors = [opened.fileno() for opened in sockets]
    binds = [argument for number in descriptors for argument in ("--bind", f"fd://{number}")]
    options = ["--workers", str(processes()), "--preload", "--timeout", "60", "--graceful-timeout", "10"]
    logs = ["--access-logfile", "-", "--no-control-socket"]
    return _start(servers, WEB, ["gunicorn", "relman.wsgi", *binds, *options, *logs], descriptors)


def start_worker(servers: Servers) -> "subprocess.Popen[bytes]":
    options = [
        "--concurrency",
        str(processes()),
        "--loglevel",
        "WARNING",
        "--without-gossip",
        "--without-mingle",
    ]
    return _start(servers, WORKER, ["relman.background", "worker", "-O", "fair", *options])


def start_beat(servers: Servers) -> "subprocess.Popen[bytes]":
    return _start(servers, BEAT, ["relman.background", "beat", "--loglevel", "WARNING", "--pidfile="])


def last_words(home: Home, name: str, *, lines: int = 5) -> str:
    """The end of a process's log."""
    return "\n".join(log_of(home, name).read_text(errors="replace").splitlines()[-lines:])


def _start(
    servers: Servers, name: str, module: list[str], descriptors: Iterable[int] = ()
) -> "subprocess.Popen[bytes]":
    """One process in a session of its own, that ends when the launcher does and keeps the servers till then."""
    log = open_log(servers.home, name)
    try:
        return subprocess.Popen(
            [sys.executable, "-m", *module],
            cwd=CHECKOUT,
            env={**os.environ, MARK: str(servers.home.path)},
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            pass_fds=[*servers.descriptors, *descriptors],
            start_new_session=True,
            preexec_fn=following(signal.SIGTERM),  # noqa: PLW1509  the launcher has one thread
        )
    finally:
        os.close(log)
