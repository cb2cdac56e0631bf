"""What the launcher says: one line per step."""

import time


def step(name: str, words: str) -> None:
    print(f"  {name:<14}{words}", flush=True)


class Stopwatch:
    def __init__(self) -> None:
        self._start = time.monotonic()

    def __str__(self) -> str:
        return f"{time.monotonic() - self._start:.1f} s"
