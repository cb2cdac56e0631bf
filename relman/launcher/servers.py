"""Using a home's servers: find them running or have them started, and say where they are."""

import os
import subprocess
import sys
import time
from types import ModuleType

from relman.launcher import keeper
from relman.launcher.folders import CHECKOUT, Home
from relman.launcher.locks import Lock
from relman.launcher.refusals import Refusal

VARIABLES = {"postgres": "DATABASE_URL", "valkey": "REDIS_URL"}


class Servers:
    """The embedded servers that this process uses, those for which no address is set.

    `start` shares them with every other user of the home; `release` leaves them. Whoever leaves last
    has them stopped, also by being killed.
    """

    def __init__(self, home: Home, *, durable: bool = True) -> None:
        self.home = home
        self.durable = durable
        self.embedded = [name for name, variable in VARIABLES.items() if not os.environ.get(variable)]
        self.started: list[str] = []
        self._used: dict[str, Lock] = {}
        self._keepers: dict[str, subprocess.Popen[bytes]] = {}

    @property
    def descriptors(self) -> list[int]:
        """For children that use the servers too and may outlive this process."""
        return [lock.descriptor for lock in self._used.values()]

    @property
    def addresses(self) -> dict[str, str]:
        return {VARIABLES[name]: keeper.SERVERS[name].url(self.home) for name in self.embedded}

    def start(self) -> None:
        """Wait until every embedded server is ready, and tell this process's environment where."""
        self.home.create()
        with Exclusive(self.home, "starting"):
            for name in self.embedded:
                self._use(name)
        os.environ.update(self.addresses)

    def join(self) -> bool:
        """Use the servers only if all of them run already."""
        running = self.home.run.is_dir() and all(self._runs(name) for name in self.embedded)
        if running:
            self.start()
        return running

    def release(self, *, wait: bool = False) -> list[str]:
        """Leave the servers; with `wait`, until they have stopped. Returns those that others still use."""
        names = list(self._used)
        while self._used:
            self._used.popitem()[1].release()
        return [name for name in names if wait and not self._wait_until_stopped(name)]

    def _use(self, name: str) -> None:
        lock = self._used[name] = keeper.used(self.home, name)
        lock.share()  # waits for a keeper that is stopping
        if not self._runs(name):
            self._have_kept(keeper.SERVERS[name])
            self.started.append(name)
            keeper.SERVERS[name].provision(self.home)

    def _runs(self, name: str) -> bool:
        kept = keeper.kept(self.home, name)
        return not kept.is_free() and kept.read() == keeper.READY

    def _have_kept(self, server: ModuleType) -> None:
        log = keeper.open_log(self.home, "keeper")
        durability = "durable" if self.durable else "quick"
        kept = keeper.kept(self.home, server.NAME)
        kept.path.unlink(missing_ok=True)  # the note of an earlier keeper, which is gone
        process = self._keepers[server.NAME] = subprocess.Popen(
            [sys.executable, "-m", "relman.launcher.keeper", server.NAME, str(self.home.path), durability],
            cwd=CHECKOUT,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.PIPE,
            start_new_session=True,
        )
        os.close(log)
        while kept.read() != keeper.READY:
            if process.poll() is not None:
                words = process.stderr.read().decode() if process.stderr else ""
                raise Refusal(
                    words.strip().splitlines()[-1] if words.strip() else f"{server.TITLE} did not start."
                )
            time.sleep(0.02)
        if process.stderr:
            process.stderr.close()

    def _wait_until_stopped(self, name: str) -> bool:
        """False as soon as it is plain that somebody else shares the server."""
        kept, used = keeper.kept(self.home, name), keeper.used(self.home, name)
        deadline = time.monotonic() + keeper.STOPPING_SECONDS
        leaving = time.monotonic()
        while not kept.is_free():
            now = time.monotonic()
            if kept.read() == keeper.STOPPING or used.is_free():
                leaving = now
            if now > deadline or now > leaving + 0.5:
                return False
            time.sleep(0.05)
        if name in self._keepers:
            self._keepers.pop(name).wait()  # it has let go of its lock, so it is all but gone
        return True


class Exclusive:
    """One process at a time in this home for the length of a `with` block."""

    def __init__(self, home: Home, name: str) -> None:
        self._lock = Lock(home.run / f"{name}.lock")

    def __enter__(self) -> None:
        self._lock.acquire()

    def __exit__(self, *_: object) -> None:
        self._lock.release()
