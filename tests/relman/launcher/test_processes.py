"""Recognising and ending processes, and the locks that outlive them."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from relman.launcher.locks import Lock
from relman.launcher.processes import MARK, alive, end, end_all, marked, name_of

STUBBORN = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('on', flush=True); time.sleep(60)"


def stubborn() -> "subprocess.Popen[bytes]":
    """A process that does not listen when it is asked to end."""
    process = subprocess.Popen([sys.executable, "-c", STUBBORN], stdout=subprocess.PIPE)
    assert process.stdout is not None
    assert process.stdout.readline() == b"on\n"
    return process


def test_a_process_that_does_not_listen_is_killed() -> None:
    process = stubborn()
    end(process, signal.SIGTERM, patience=0.2)
    assert process.wait() == -signal.SIGKILL
    end(process, signal.SIGTERM, patience=0.2)  # it has ended already


def test_of_several_each_is_asked_and_the_stubborn_killed() -> None:
    processes = [stubborn(), subprocess.Popen(["/bin/sleep", "60"])]
    end_all([process.pid for process in processes] + [2**22 - 1], patience=0.5)
    assert [process.wait() for process in processes] == [-signal.SIGKILL, -signal.SIGTERM]


def test_a_process_that_has_ended_unnoticed_is_not_alive() -> None:
    process = subprocess.Popen(["/bin/true"])
    while name_of(process.pid):
        time.sleep(0.01)
    assert Path(f"/proc/{process.pid}").exists()
    assert not alive(process.pid)
    process.wait()
    assert not alive(process.pid)
    assert alive(os.getpid())


def test_a_home_knows_its_own_processes_by_their_mark(tmp_path: Path) -> None:
    mine = subprocess.Popen(["/bin/sleep", "60"], env={MARK: str(tmp_path)})
    other = subprocess.Popen(["/bin/sleep", "60"], env={MARK: f"{tmp_path}-other"})
    try:
        assert marked(tmp_path) == [mine.pid]
    finally:
        for process in (mine, other):
            process.kill()
            process.wait()


def test_a_lock_is_held_until_the_last_heir_has_ended(tmp_path: Path) -> None:
    lock = Lock(tmp_path / "lock")
    lock.acquire()
    heir = subprocess.Popen(["/bin/sleep", "60"], pass_fds=[lock.descriptor])
    lock.release()
    assert not lock.is_free()
    assert not lock.try_acquire(patience=0.1)
    heir.kill()
    heir.wait()
    assert lock.is_free()


def test_sharers_exclude_a_single_holder_and_no_other(tmp_path: Path) -> None:
    first, second, alone = (Lock(tmp_path / "lock") for _ in range(3))
    first.share()
    second.share()
    assert not alone.try_acquire()
    first.release()
    assert not alone.try_acquire()
    second.release()
    assert alone.try_acquire()


def test_a_lock_carries_a_note_and_is_taken_once(tmp_path: Path) -> None:
    lock = Lock(tmp_path / "lock")
    assert lock.read() == ""
    lock.acquire()
    lock.write("ready for all")
    lock.write("done")
    assert lock.read() == "done"
    with pytest.raises(RuntimeError, match="already locked here"):
        lock.acquire()
    lock.release()
    with pytest.raises(RuntimeError, match="is not locked"):
        lock.write("too late")
