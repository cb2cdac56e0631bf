"""The keeper: a small process that holds one embedded server for as long as somebody uses it.

Whoever uses the home's servers shares the lock `<server>.used`; the kernel gives it back however they
end. The keeper tries now and then to hold that lock alone: when it can, nobody is left, and it stops the
server in order and ends. If the keeper itself is killed, the kernel asks the server to stop. The server
inherits the lock `<server>.lives`, so that the next keeper knows when the last one's server is gone.
"""

import os
import signal
import subprocess
import sys
import time
import traceback
from pathlib import Path
from types import ModuleType

from relman.launcher import postgres, valkey
from relman.launcher.folders import Home
from relman.launcher.locks import Lock
from relman.launcher.processes import end, following
from relman.launcher.refusals import Refusal

SERVERS: dict[str, ModuleType] = {server.NAME: server for server in (postgres, valkey)}
STARTING_SECONDS = 600  # a large database may take minutes to recover
STOPPING_SECONDS = 60
LARGEST_LOG = 10_000_000

READY, STOPPING = "ready", "stopping"


def used(home: Home, name: str) -> Lock:
    return Lock(home.run / f"{name}.used")


def kept(home: Home, name: str) -> Lock:
    """Held by the keeper, with its state as the note in the file."""
    return Lock(home.run / f"{name}.kept")


def lives(home: Home, name: str) -> Lock:
    return Lock(home.run / f"{name}.lives")


def log_of(home: Home, name: str) -> Path:
    return home.logs / f"{name}.log"


def open_log(home: Home, name: str) -> int:
    """A descriptor that appends to the log; a large one is set aside first."""
    path = log_of(home, name)
    if path.exists() and path.stat().st_size > LARGEST_LOG:
        path.replace(path.with_suffix(".log.1"))
    return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o640)


class Keeper:
    def __init__(self, home: Home, name: str, *, durable: bool) -> None:
        self.home = home
        self.server = SERVERS[name]
        self.durable = durable
        self.kept = kept(home, name)
        self.lives = lives(home, name)
        self.used = used(home, name)
        self.asked_to_stop = False

    def keep(self) -> None:
        """Start the server, say so in the lock's note, and stop it when nobody uses it."""
        if not self.kept.try_acquire(patience=5):
            raise Refusal(f"{self.server.TITLE} of {self.home.path} is kept by another process.")
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, self._stop)
        self._see_off_orphan()
        self.server.prepare(self.home, durable=self.durable)
        log = log_of(self.home, self.server.NAME)
        written = log.stat().st_size if log.exists() else 0
        process = self._start()
        self._await_ready(process, log, written)
        self.kept.write(READY)
        while process.poll() is None and not self.asked_to_stop and not self.used.try_acquire():
            time.sleep(0.2)
        self.kept.write(STOPPING)
        end(process, *self.server.END_SIGNALS, patience=STOPPING_SECONDS)

    def _stop(self, *_: object) -> None:
        self.asked_to_stop = True

    def _see_off_orphan(self) -> None:
        """Wait for a server whose keeper was killed; it was asked to stop, and is asked again."""
        if not self.lives.try_acquire(patience=5):
            pid = self.server.orphan(self.home)
            if pid is not None:
                os.kill(pid, self.server.END_SIGNALS[0])
            if not self.lives.try_acquire(patience=STOPPING_SECONDS):
                raise Refusal(
                    f"An earlier {self.server.TITLE} of {self.home.path}"
                    f"{f' (process {pid})' if pid else ''} does not stop. End it, then try again."
                )

    def _start(self) -> "subprocess.Popen[bytes]":
        log = open_log(self.home, self.server.NAME)
        account = self.home.account
        try:
            return subprocess.Popen(
                self.server.command(self.home),
                cwd=self.home.servers,
                env={**postgres.clean_environment(), **self.server.environment(self.home)},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                pass_fds=[self.lives.descriptor],
                preexec_fn=following(self.server.END_SIGNALS[0]),  # noqa: PLW1509  this process has one thread
                **(account.privileges if account else {}),
            )
        finally:
            os.close(log)

    def _await_ready(self, process: "subprocess.Popen[bytes]", log: Path, written: int) -> None:
        """Wait; where the server ends instead, its own words from byte `written` of the log say why."""
        deadline = time.monotonic() + STARTING_SECONDS
        while not self.server.is_ready(self.home, process.pid):
            if process.poll() is not None:
                reason = self.server.complaint(log.read_bytes()[written:].decode(errors="replace"))
                raise Refusal(
                    f"{self.server.TITLE} did not start{f': {reason}' if reason else ''} (see {log})."
                )
            if time.monotonic() > deadline or self.asked_to_stop:
                end(process, *self.server.END_SIGNALS, patience=STOPPING_SECONDS)
                raise Refusal(f"{self.server.TITLE} was not ready in time (see {log}).")
            time.sleep(0.05)


def main() -> None:
    """`python -m relman.launcher.keeper NAME HOME durable|quick`; a refusal is the last thing it prints."""
    name, path, durability = sys.argv[1:]
    try:
        Keeper(Home(Path(path)), name, durable=durability == "durable").keep()
    except Refusal as refusal:
        sys.exit(str(refusal))
    except Exception as error:  # the log gets the trace, the person who waits gets a sentence
        traceback.print_exc(file=sys.stdout)
        sys.exit(f"{SERVERS[name].TITLE} could not be kept running: {error}")


if __name__ == "__main__":
    main()
