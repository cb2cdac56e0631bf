"""Make `.venv` from the hash-locked requirements. A script of its own: it runs before anything is installed.

    python3 relman/launcher/venv.py          what `make run` needs
    python3 relman/launcher/venv.py --dev    and what the tests and checks need

Nothing is installed again while the locks are the same.
"""

from __future__ import annotations  # so that an older Python gets as far as its refusal

import hashlib
import importlib
import os
import shutil
import subprocess
import sys
from typing import NoReturn

OLDEST = (3, 11)
CHECKOUT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
FOLDER = os.path.join(CHECKOUT, ".venv")
PYTHON = os.path.join(FOLDER, "bin", "python")
STAMP = os.path.join(FOLDER, "installed-locks")


def main() -> None:
    dev = "--dev" in sys.argv[1:]
    if os.path.islink(FOLDER):
        return  # somebody's own environment: used as it is
    check_python()
    wanted = [stamp_of("requirements.lock")] + ([stamp_of("requirements-dev.lock")] if dev else [])
    if set(wanted) <= set(read_stamps()) and works():
        return
    print(
        "  environment   installing into .venv, from " + ("both locks" if dev else "requirements.lock"),
        flush=True,
    )
    if not works():
        make()
    # the development lock holds everything of the other, at the same versions
    install("requirements-dev.lock" if dev else "requirements.lock")
    with open(STAMP, "w") as file:
        file.write("\n".join(wanted) + "\n")


def check_python() -> None:
    if sys.version_info < OLDEST:
        have = "{}.{}".format(*sys.version_info[:2])
        refuse(
            "Relman needs Python 3.11 or newer, and this is " + have + ". "
            "Name a newer one, such as: make run PYTHON=python3.12"
        )
    missing = [name for name in ("venv", "ensurepip") if not can_import(name)]
    if missing:
        refuse(
            "This Python has no " + " and no ".join(missing) + " module, which the environment is made with. "
            "On Debian or Ubuntu install it with: apt-get install python3-venv"
        )


def can_import(name: str) -> bool:
    try:
        importlib.import_module(name)
    except ImportError:
        return False
    return True


def stamp_of(lock: str) -> str:
    with open(os.path.join(CHECKOUT, lock), "rb") as file:
        return lock + " " + hashlib.sha256(file.read()).hexdigest()


def read_stamps() -> list[str]:
    if not os.path.exists(STAMP):
        return []
    with open(STAMP) as file:
        return file.read().split("\n")


def works() -> bool:
    """Whether the environment's own Python starts and has pip: not after a removed or renewed Python."""
    try:
        return subprocess.call([PYTHON, "-c", "import pip"], stderr=subprocess.DEVNULL) == 0
    except OSError:
        return False


def make() -> None:
    if os.path.exists(FOLDER):
        if not os.path.exists(STAMP):
            refuse(FOLDER + " was not made by `make .venv` and has no pip. Move it away, then try again.")
        shutil.rmtree(FOLDER)  # ours, and it holds nothing that the locks do not bring
    os.mkdir(FOLDER)
    open(STAMP, "w").close()  # says whose it is, should this be cut off
    if subprocess.call([sys.executable, "-m", "venv", FOLDER]) != 0:
        refuse("The environment could not be made; the reason stands above.")


def install(lock: str) -> None:
    command = [PYTHON, "-m", "pip", "install", "-qq", "--no-deps", "--only-binary=:all:"]
    if subprocess.call([*command, "--require-hashes", "-r", os.path.join(CHECKOUT, lock)]) != 0:
        refuse(
            "The packages of "
            + lock
            + " could not be installed; the reason stands above. Try `make .venv` again."
        )


def refuse(words: str) -> NoReturn:
    sys.exit(words)


if __name__ == "__main__":
    main()
