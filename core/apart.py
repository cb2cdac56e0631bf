"""Heavy work in a process of its own: what it loads, and the memory it grows to, go when it ends."""

import subprocess
import sys

from django.conf import settings

LONGEST = 3000
"""Seconds: the broker gives a task out again after an hour, and the work must not be done twice at once."""


class Failed(Exception):
    """A command that was run apart ended badly or not in time."""


def run_apart(command: str, *arguments: str, seconds: float = LONGEST) -> None:
    """Runs `manage.py command` as a process and waits for it; raises Failed with its last words.

    The process has transactions of its own, so it must be told only of what is committed. One that is not done
    in time is killed, and its transaction with it.
    """
    line = [sys.executable, str(settings.BASE_DIR / "manage.py"), command, *arguments]
    try:
        done = subprocess.run(  # noqa: S603  our own program; the arguments come from our own tasks
            line, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=seconds, check=False
        )
    except subprocess.TimeoutExpired as late:
        raise Failed(f"{command}: not done after {seconds:g} seconds, and ended") from late
    if done.returncode:
        said = done.stderr.strip().splitlines() or ["it said nothing"]
        raise Failed(f"{command}: ended with {done.returncode}: {said[-1]}")
