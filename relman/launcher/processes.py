"""Starting, recognising and ending processes. What `/proc` tells is used where there is a `/proc`."""

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path

PR_SET_PDEATHSIG = 1
MARK = "RELMAN_PART_OF"
"""Environment variable that a web, worker or beat process and its children carry: the home they serve."""

_libc = ctypes.CDLL(None) if sys.platform == "linux" else None


def follow_parent(number: signal.Signals) -> None:
    """Have the kernel send this process a signal when its parent ends, even by `kill -9`."""
    if _libc is not None:
        _libc.prctl(PR_SET_PDEATHSIG, int(number), 0, 0, 0)


def following(number: signal.Signals) -> Callable[[], None]:
    """A `preexec_fn` that ties the child to this process by `number`."""
    parent = os.getpid()

    def tie() -> None:
        follow_parent(number)
        if os.getppid() != parent:  # it ended before the tie was made
            os._exit(1)

    return tie


def alive(pid: int) -> bool:
    """Whether a process runs; one that has ended and only waits for its parent's notice does not."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return _stat(pid)[1:2] != ["Z"]


def name_of(pid: int) -> str:
    """The program's short name, empty where it runs no more or cannot be known."""
    name, *state = _stat(pid) or ["", "Z"]
    return "" if state == ["Z"] else name


def _stat(pid: int) -> list[str]:
    """Name and state letter from `/proc`, nothing where there is none."""
    try:
        name, rest = Path(f"/proc/{pid}/stat").read_text().split("(", 1)[1].rsplit(")", 1)
    except OSError:
        return []
    return [name, rest.split()[0]]


def marked(home: Path) -> list[int]:
    """Processes of an earlier run of this home, by the mark in their environment."""
    mark = f"{MARK}={home}".encode()
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            environment = (entry / "environ").read_bytes().split(b"\0")
        except OSError:
            continue
        if mark in environment and int(entry.name) != os.getpid():
            found.append(int(entry.name))
    return sorted(found)


def end_all(pids: Iterable[int], *, patience: float) -> None:
    """Ask processes to end, wait, and kill what remains."""
    waiting = list(pids)
    for number in (signal.SIGTERM, signal.SIGKILL):
        for pid in waiting:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, number)
        deadline = time.monotonic() + patience
        while waiting and time.monotonic() < deadline:
            waiting = [pid for pid in waiting if alive(pid)]
            time.sleep(0.05)


def end(process: subprocess.Popen[bytes], *signals: signal.Signals, patience: float) -> None:
    """Send each signal in turn, with `patience` seconds after each, and at last kill."""
    for number in (*signals, signal.SIGKILL):
        if process.poll() is not None:
            return
        process.send_signal(number)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(timeout=patience)
