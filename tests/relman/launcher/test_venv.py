"""The script that makes `.venv`, in a checkout of its own where nothing can be installed from anywhere."""

import hashlib
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from relman.launcher import venv as script

EMPTY_LOCK = "# nothing to install\n"


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A checkout with the script and two locks that ask for nothing."""
    (tmp_path / "relman" / "launcher").mkdir(parents=True)
    shutil.copy(script.__file__, tmp_path / "relman" / "launcher" / "venv.py")
    for lock in ("requirements.lock", "requirements-dev.lock"):
        (tmp_path / lock).write_text(EMPTY_LOCK)
    return tmp_path


def make(checkout: Path, *options: str, blocked: str = "") -> "subprocess.CompletedProcess[str]":
    """Run the script; `blocked` names a module that this Python pretends not to have."""
    guard = checkout / "guard"
    guard.mkdir(exist_ok=True)
    (guard / "sitecustomize.py").write_text(
        "import sys\n"
        "class Guard:\n"
        "    def find_spec(self, name, path=None, target=None):\n"
        f"        if name == {blocked!r}: raise ModuleNotFoundError(name)\n"
        "sys.meta_path.insert(0, Guard())\n"
        if blocked
        else ""
    )
    return subprocess.run(
        [sys._base_executable, "relman/launcher/venv.py", *options],  # type: ignore[attr-defined]
        cwd=checkout,
        env={**os.environ, "PYTHONPATH": str(guard), "PIP_NO_INDEX": "1"},
        capture_output=True,
        text=True,
        check=False,
    )


def test_environment_is_made_once_and_again_only_when_a_lock_changes(checkout: Path) -> None:
    first = make(checkout)
    assert (first.returncode, first.stdout) == (
        0,
        "  environment   installing into .venv, from requirements.lock\n",
    ), first.stderr
    assert (checkout / ".venv" / "bin" / "python").exists()
    assert (make(checkout).stdout, make(checkout, "--dev").stdout) == (
        "",
        "  environment   installing into .venv, from both locks\n",
    )
    assert make(checkout).stdout == ""
    (checkout / "requirements.lock").write_text(EMPTY_LOCK * 2)
    assert make(checkout).stdout == "  environment   installing into .venv, from requirements.lock\n"


def tiny_wheel(folder: Path) -> Path:
    """A package `thing` 1.0 of one empty module."""
    path = folder / "thing-1.0-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as wheel:
        wheel.writestr("thing.py", "")
        wheel.writestr("thing-1.0.dist-info/METADATA", "Metadata-Version: 2.1\nName: thing\nVersion: 1.0\n")
        wheel.writestr(
            "thing-1.0.dist-info/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        )
        wheel.writestr("thing-1.0.dist-info/RECORD", "thing.py,,\n")
    return path


def test_only_a_package_with_the_locked_hash_is_installed(
    checkout: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wheel = tiny_wheel(checkout)
    monkeypatch.setenv("PIP_FIND_LINKS", str(checkout))
    (checkout / "requirements.lock").write_text(f"thing==1.0 --hash=sha256:{'0' * 64}\n")
    done = make(checkout)
    assert done.returncode == 1
    assert "THESE PACKAGES DO NOT MATCH THE HASHES" in done.stderr
    assert done.stderr.splitlines()[-1].startswith("The packages of requirements.lock could not be installed")
    installed = checkout / ".venv" / "lib"
    assert list(installed.rglob("thing.py")) == []
    digest = hashlib.sha256(wheel.read_bytes()).hexdigest()
    (checkout / "requirements.lock").write_text(f"thing==1.0 --hash=sha256:{digest}\n")
    assert make(checkout).returncode == 0
    assert len(list(installed.rglob("thing.py"))) == 1


@pytest.mark.parametrize("module", ["venv", "ensurepip"])
def test_a_missing_venv_module_is_named_and_nothing_made(checkout: Path, module: str) -> None:
    done = make(checkout, blocked=module)
    assert (done.returncode, done.stderr) == (
        1,
        f"This Python has no {module} module, which the environment is made with. "
        "On Debian or Ubuntu install it with: apt-get install python3-venv\n",
    )
    assert not (checkout / ".venv").exists()


def test_an_old_python_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "version_info", (3, 9, 2))
    with pytest.raises(SystemExit) as refusal:
        script.check_python()
    assert str(refusal.value) == (
        "Relman needs Python 3.11 or newer, and this is 3.9. "
        "Name a newer one, such as: make run PYTHON=python3.12"
    )


def test_the_script_is_understood_by_an_old_python() -> None:
    """It must get as far as its refusal."""
    compile(Path(script.__file__).read_text(), "venv.py", "exec", dont_inherit=True)
    source = Path(script.__file__).read_text()
    assert "match " not in source
    assert ":=" not in source
    assert "from __future__ import annotations" in source


def test_somebody_elses_environment_is_used_or_refused_but_never_removed(checkout: Path) -> None:
    theirs = checkout / "theirs"
    theirs.mkdir()
    (checkout / ".venv").symlink_to(theirs)
    assert (make(checkout).returncode, list(theirs.iterdir())) == (0, [])
    (checkout / ".venv").unlink()
    (checkout / ".venv").mkdir()
    (checkout / ".venv" / "letter").write_text("mine")
    done = make(checkout)
    assert done.returncode == 1
    assert "was not made by `make .venv` and has no pip" in done.stderr
    assert (checkout / ".venv" / "letter").read_text() == "mine"


def test_an_environment_whose_python_is_gone_is_made_again(checkout: Path) -> None:
    make(checkout)
    for name in ("python", "python3"):
        (checkout / ".venv" / "bin" / name).unlink()
    assert make(checkout).returncode == 0
    assert subprocess.run([checkout / ".venv" / "bin" / "python", "-c", ""], check=False).returncode == 0
