"""The script that makes `.venv`, in a checkout of its own where nothing can be installed from anywhere."""

import hashlib
import subprocess
import sys
import zipfile
from dataclasses import dataclass
from pathlib import Path

import pytest

from relman.launcher import venv as script

EMPTY_LOCK = "# nothing to install\n"


@dataclass(frozen=True)
class Done:
    code: int
    stdout: str
    stderr: str


class Checkout:
    """A folder with two locks that ask for nothing; the script works on it in this process."""

    def __init__(self, folder: Path, patch: pytest.MonkeyPatch, capture: pytest.CaptureFixture[str]) -> None:
        self.folder = folder
        self.environment = folder / ".venv"
        self._patch = patch
        self._capture = capture
        for lock in ("requirements.lock", "requirements-dev.lock"):
            (folder / lock).write_text(EMPTY_LOCK)
        patch.setenv("PIP_NO_INDEX", "1")
        patch.setattr(script, "CHECKOUT", str(folder))
        patch.setattr(script, "FOLDER", str(self.environment))
        patch.setattr(script, "PYTHON", str(self.environment / "bin" / "python"))
        patch.setattr(script, "STAMP", str(self.environment / "installed-locks"))

    def make(self, *options: str) -> Done:
        self._patch.setattr(sys, "argv", ["venv.py", *options])
        try:
            script.main()
            refusal = ""
        except SystemExit as exit_:
            refusal = str(exit_.code)
        out, err = self._capture.readouterr()
        return Done(1 if refusal else 0, out, err + refusal)


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Checkout:
    return Checkout(tmp_path, monkeypatch, capfd)


def test_environment_is_made_once_and_again_only_when_a_lock_changes(checkout: Checkout) -> None:
    first = checkout.make()
    assert (first.code, first.stdout) == (
        0,
        "  environment   installing into .venv, from requirements.lock\n",
    ), first.stderr
    assert (checkout.environment / "bin" / "python").exists()
    assert (checkout.make().stdout, checkout.make("--dev").stdout) == (
        "",
        "  environment   installing into .venv, from both locks\n",
    )
    assert checkout.make().stdout == ""
    (checkout.folder / "requirements.lock").write_text(EMPTY_LOCK * 2)
    assert checkout.make().stdout == "  environment   installing into .venv, from requirements.lock\n"


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
    checkout: Checkout, monkeypatch: pytest.MonkeyPatch
) -> None:
    wheel = tiny_wheel(checkout.folder)
    monkeypatch.setenv("PIP_FIND_LINKS", str(checkout.folder))
    (checkout.folder / "requirements.lock").write_text(f"thing==1.0 --hash=sha256:{'0' * 64}\n")
    done = checkout.make()
    assert done.code == 1
    assert "THESE PACKAGES DO NOT MATCH THE HASHES" in done.stderr
    assert done.stderr.splitlines()[-1].startswith("The packages of requirements.lock could not be installed")
    installed = checkout.environment / "lib"
    assert list(installed.rglob("thing.py")) == []
    digest = hashlib.sha256(wheel.read_bytes()).hexdigest()
    (checkout.folder / "requirements.lock").write_text(f"thing==1.0 --hash=sha256:{digest}\n")
    assert checkout.make().code == 0
    assert len(list(installed.rglob("thing.py"))) == 1


@pytest.mark.parametrize("module", ["venv", "ensurepip"])
def test_a_missing_venv_module_is_named_and_nothing_made(
    checkout: Checkout, module: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, module, None)
    done = checkout.make()
    assert (done.code, done.stderr) == (
        1,
        f"This Python has no {module} module, which the environment is made with. "
        "On Debian or Ubuntu install it with: apt-get install python3-venv",
    )
    assert not checkout.environment.exists()


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


def test_somebody_elses_environment_is_used_or_refused_but_never_removed(checkout: Checkout) -> None:
    theirs = checkout.folder / "theirs"
    theirs.mkdir()
    checkout.environment.symlink_to(theirs)
    assert (checkout.make().code, list(theirs.iterdir())) == (0, [])
    checkout.environment.unlink()
    checkout.environment.mkdir()
    (checkout.environment / "letter").write_text("mine")
    done = checkout.make()
    assert done.code == 1
    assert "was not made by `make .venv` and has no pip" in done.stderr
    assert (checkout.environment / "letter").read_text() == "mine"


def test_an_environment_whose_python_is_gone_is_made_again(checkout: Checkout) -> None:
    checkout.make()
    for name in ("python", "python3"):
        (checkout.environment / "bin" / name).unlink()
    assert checkout.make().code == 0
    assert subprocess.run([checkout.environment / "bin" / "python", "-c", ""], check=False).returncode == 0
