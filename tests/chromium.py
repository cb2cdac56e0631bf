"""Finds a Chromium for the browser tests, installs Debian's as root, or says what to do.

`python -m tests.chromium` prints the one that the browser tests will use.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


class NoChromium(Exception):
    """The browser tests cannot run; the message says how they could."""


def find() -> Path:
    """`CHROMIUM`, then the system's, then Playwright's own. Raises `NoChromium` where there is none."""
    named = os.environ.get("CHROMIUM")
    if named:
        path = shutil.which(named)
        if path is None:
            raise NoChromium(f"CHROMIUM is {named!r}, which is no program here.")
        return Path(path)
    for name in NAMES:
        if path := shutil.which(name):
            return Path(path)
    own = playwrights_own()
    if own is None:
        raise NoChromium(
            "No Chromium was found. Install one (Debian: apt-get install chromium; elsewhere: "
            ".venv/bin/playwright install chromium), or name one: make test CHROMIUM=/path/to/chromium"
        )
    return own


def playwrights_own() -> Path | None:
    """The newest Chromium that Playwright downloaded for this user."""
    cache = Path(os.environ.get("PLAYWRIGHT_BROWSERS_PATH") or Path.home() / ".cache" / "ms-playwright")
    programs = [path for path in cache.glob("chromium-*/chrome-linux*/chrome") if os.access(path, os.X_OK)]
    return max(programs, key=lambda path: int(path.parts[-3].removeprefix("chromium-")), default=None)


def install_as_root() -> bool:
    """Debian's own package, where root may install it and none is there."""
    if os.geteuid() != 0 or shutil.which("apt-get") is None or os.environ.get("CHROMIUM"):
        return False
    print("No Chromium was found: installing Debian's.", flush=True)
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    commands = (["apt-get", "update", "-qq"], ["apt-get", "install", "-y", "-qq", "chromium"])
    return all(
        subprocess.run(command, env=quiet, stdin=subprocess.DEVNULL, check=False).returncode == 0
        for command in commands
    )


def main() -> None:
    try:
        print(f"Browser: {find()}")
    except NoChromium as absence:
        if not install_as_root():
            sys.exit(str(absence))
        print(f"Browser: {find()}")


if __name__ == "__main__":
    main()
