"""File locks that the kernel gives back when their holder ends, however it ends."""

import fcntl
import os
import time
from pathlib import Path


class Lock:
    """An advisory lock on a small file.

    The lock belongs to the open file, so a child that inherits the descriptor keeps it held after its
    parent has died: a lock that is free proves that holder and descendants are gone.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._descriptor: int | None = None

    @property
    def descriptor(self) -> int:
        if self._descriptor is None:
            raise RuntimeError(f"{self.path} is not locked")
        return self._descriptor

    def share(self) -> None:
        """Wait until no one holds it alone, and hold it together with others."""
        self._take(fcntl.LOCK_SH)

    def acquire(self) -> None:
        """Wait until no one else holds it, and hold it alone."""
        self._take(fcntl.LOCK_EX)

    def try_acquire(self, *, patience: float = 0) -> bool:
        """Hold it alone if that is possible within `patience` seconds."""
        deadline = time.monotonic() + patience
        while True:
            try:
                self._take(fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                if time.monotonic() >= deadline:
                    return False
                time.sleep(0.05)
            else:
                return True

    def release(self) -> None:
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None

    def is_free(self) -> bool:
        """Whether nobody, this process included, holds it."""
        probe = Lock(self.path)
        free = probe.try_acquire()
        probe.release()
        return free

    def write(self, words: str) -> None:
        """Leave a note for others in the file; only the holder does."""
        os.ftruncate(self.descriptor, 0)
        os.pwrite(self.descriptor, words.encode(), 0)

    def read(self) -> str:
        return self.path.read_text() if self.path.exists() else ""

    def _take(self, operation: int) -> None:
        if self._descriptor is not None:
            raise RuntimeError(f"{self.path} is already locked here")
        descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(descriptor, operation)
        except BaseException:
            os.close(descriptor)
            raise
        self._descriptor = descriptor
