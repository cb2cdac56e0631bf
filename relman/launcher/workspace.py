"""`make run`: one home's servers and processes, from nothing to ready, and back to nothing."""

import http.client
import json
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from typing import Any

from relman.launcher import keeper, parts
from relman.launcher.addresses import Address
from relman.launcher.commands import prepare
from relman.launcher.console import Stopwatch, step
from relman.launcher.folders import CHECKOUT, Home
from relman.launcher.locks import Lock
from relman.launcher.processes import end, end_all, follow_parent, marked
from relman.launcher.refusals import Refusal
from relman.launcher.servers import Servers

READY_SECONDS = 300
STOPPING = "stopping"
SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Interrupted(BaseException):
    """Ctrl-C, a closed terminal or a polite kill."""


class Workspace:
    def __init__(self, home: Home, address: Address, *, demo: bool) -> None:
        self.home = home
        self.address = address
        self.demo = demo
        self.servers = Servers(home)
        self.lock = Lock(home.run / "launcher.lock")
        self.processes: dict[str, subprocess.Popen[bytes]] = {}
        self.reported: set[str] = set()

    def run(self) -> int:
        """Start, say when ready, and stay until interrupted. Returns the exit code."""
        for number in SIGNALS:
            signal.signal(number, _interrupt)
        if os.environ.get("MAKELEVEL"):
            follow_parent(signal.SIGTERM)  # when make is killed, nobody is left who could press Ctrl-C
        try:
            self._claim_home()
            self._start()
            self._announce()
            return self._watch()
        except Interrupted:
            return 0
        finally:
            for number in SIGNALS:
                signal.signal(number, signal.SIG_IGN)
            self._stop()

    def _claim_home(self) -> None:
        """Be the only launcher of this home, and end what a killed one left."""
        self.home.create()
        patience = 60 if self.lock.read() == STOPPING else 3
        if not self.lock.try_acquire(patience=patience):
            raise Refusal(f"Relman already runs from {self.home.path}: {self.lock.read()}")
        left = marked(self.home.path)
        if left:
            end_all(left, patience=10)
            step("clean-up", f"ended {len(left)} processes of an earlier run that was cut off")

    def _start(self) -> None:
        sockets = self.address.listen()
        self.lock.write(f"{self.address.url} (process {os.getpid()})")
        watch = Stopwatch()
        self.servers.start()
        for name in self.servers.embedded:
            server = keeper.SERVERS[name]
            state = f"started ({watch})" if name in self.servers.started else "was running"
            step(server.TITLE, f"{server.version(self.home)} {state}")
        prepare(self.servers, "--static", "--demo" if self.demo else "--empty")
        self.processes[parts.WEB] = parts.start_web(self.servers, sockets)
        for opened in sockets:
            opened.close()
        self.processes[parts.WORKER] = parts.start_worker(self.servers)
        self.processes[parts.BEAT] = parts.start_beat(self.servers)
        self._await_ready()

    def _await_ready(self) -> None:
        """One line for each process when `/readyz` says that it is ok."""
        watch = Stopwatch()
        deadline = time.monotonic() + READY_SECONDS
        waiting = {parts.WEB: "answers", parts.WORKER: "takes work", parts.BEAT: "sends what is due"}
        answer: dict[str, Any] = {}
        while not answer.get("ready"):
            for name, process in self.processes.items():
                if process.poll() is not None:
                    raise Refusal(f"{name} did not start:\n{parts.last_words(self.home, name)}")
            if time.monotonic() > deadline:
                raise Refusal(f"Not ready after {READY_SECONDS} seconds: {_reasons(answer)}")
            time.sleep(0.2)
            answer = self._ask() or answer
            fine = {part for part, state in answer.get("parts", {}).items() if state["ok"]}
            fine |= {parts.WEB} if answer else set()
            for name in [name for name in waiting if name in fine]:
                step(name, f"{waiting.pop(name)} ({watch})")

    def _ask(self) -> dict[str, Any] | None:
        """The answer of `/readyz`, None while nothing answers."""
        host = (os.environ.get("ALLOWED_HOSTS") or "localhost").split(",")[0]
        request = urllib.request.Request(self.address.probe, headers={"Host": host})  # noqa: S310  http by construction
        try:
            with urllib.request.urlopen(request, timeout=10) as response:  # noqa: S310  as above
                answer: dict[str, Any] = json.load(response)
        except urllib.error.HTTPError as error:
            if error.code != http.HTTPStatus.SERVICE_UNAVAILABLE:
                raise Refusal(f"{self.address.probe} answered {error.code} {error.reason}.") from error
            answer = json.load(error)
        except (OSError, http.client.HTTPException):
            return None
        return answer

    def _announce(self) -> None:
        print(f"\nRelman is ready: {self.address.url}\n", flush=True)
        if self.home.sign_ins.exists():
            print("Sign in as one of the demo workspace's people:")
            for line in self.home.sign_ins.read_text().splitlines():
                role, address, password = line.split("\t")
                print(f"  {role:<22}{address:<34}{password}")
        else:
            self._offer_setup()
        print("\nCtrl-C stops everything.", flush=True)

    def _offer_setup(self) -> None:
        """The one-time address of the set-up page, where the workspace has no administrator."""
        command = [sys.executable, str(CHECKOUT / "manage.py"), "setup_link"]
        said = subprocess.run(command, capture_output=True, text=True, check=False)
        if said.returncode:
            print(said.stderr, file=sys.stderr)
        elif said.stdout.strip():
            print("Make the first administrator's account here, once:")
            print(f"  {said.stdout.strip()}")

    def _watch(self) -> int:
        """Say what ends by itself. Without the web application nothing useful is left."""
        while self.processes[parts.WEB].poll() is None:
            for name in (parts.WORKER, parts.BEAT):
                code = self.processes[name].poll()
                if code is not None:
                    self._report(
                        name, f"ended by itself ({_ending(code)}); see {keeper.log_of(self.home, name)}"
                    )
            for name in self.servers.embedded:
                if keeper.kept(self.home, name).is_free():
                    self._report(name, f"ended by itself; see {keeper.log_of(self.home, name)}")
            time.sleep(0.5)
        step(parts.WEB, f"ended by itself:\n{parts.last_words(self.home, parts.WEB)}")
        return 1

    def _report(self, name: str, words: str) -> None:
        if name not in self.reported:
            self.reported.add(name)
            step(name, f"{words}\n{'':<16}/readyz says so too. Ctrl-C, then `make run`, starts it again.")

    def _stop(self) -> None:
        """Web and beat first, then the worker, then the servers that nobody else uses."""
        if self.processes:
            print("\nStopping …", flush=True)
        try:
            self.lock.write(STOPPING)
        except RuntimeError:  # another launcher has the home
            return
        for name in parts.STOPPING_ORDER:
            if name in self.processes:
                end(self.processes[name], signal.SIGTERM, signal.SIGQUIT, patience=20)
        end_all(marked(self.home.path), patience=5)
        for name in self.servers.release(wait=True):
            step(name, "stays until the other command of this home that uses it ends")
        self.lock.write("")
        self.lock.release()


def _interrupt(*_: object) -> None:
    raise Interrupted


def _ending(code: int) -> str:
    return f"signal {-code}" if code < 0 else f"exit code {code}"


def _reasons(answer: dict[str, Any]) -> str:
    parts_that_wait = [state["why"] for state in answer.get("parts", {}).values() if not state["ok"]]
    return " ".join(parts_that_wait) or "the web application does not answer."
