"""Heavy work in a process of its own: what it loads, and the memory it grows to, go when it ends."""

import json
import os
import subprocess
import sys
from typing import IO, Any

from django.conf import settings
from django.core.files import File

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


def read_apart(module: str, *arguments: str, source: "IO[Any] | File[Any]", seconds: float) -> dict[str, str]:
    """What `python -m module` says, as JSON, about the open file that it is given as its standard input.

    The process is told nothing of us: neither our settings nor where our database is. Raises TimeoutError when it
    is not done in time and was ended, and Failed when it ended badly.
    """
    known = {name: os.environ[name] for name in ("PATH", "LANG", "LD_LIBRARY_PATH") if name in os.environ}
    try:
        done = subprocess.run(  # noqa: S603  our own module; the arguments come from our own operations
            [sys.executable, "-m", module, *arguments],
            cwd=settings.BASE_DIR,
            env={**known, "PYTHONDONTWRITEBYTECODE": "1", "PYTHONIOENCODING": "utf-8"},
            stdin=source.fileno(),
            capture_output=True,
            timeout=seconds,
            check=False,
        )
    except subprocess.TimeoutExpired as late:
        raise TimeoutError(f"{module}: not done after {seconds:g} seconds, and ended") from late
    if done.returncode:
        raise Failed(f"{module}: ended with {done.returncode}")
    told: dict[str, str] = json.loads(done.stdout)
    return told
