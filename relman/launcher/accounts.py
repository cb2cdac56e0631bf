"""The unprivileged account that PostgreSQL and Valkey run as when root starts them."""

import os
import pwd
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import TypedDict

from relman.launcher.refusals import Refusal

NAME = "relman"
FALLBACKS = ("postgres", "nobody")
SYSTEM_PATH = "/usr/sbin:/sbin:/usr/bin:/bin"


class Privileges(TypedDict, total=False):
    """Arguments of `subprocess.Popen` that drop root before a program starts."""

    user: int
    group: int
    extra_groups: list[int]


@dataclass(frozen=True)
class Account:
    name: str
    uid: int
    gid: int

    @property
    def privileges(self) -> Privileges:
        return {"user": self.uid, "group": self.gid, "extra_groups": []}

    def may_enter(self, folder: Path) -> bool:
        """Whether this account itself can change into the folder, asked by doing it."""
        return self._succeeds(["/bin/sh", "-c", 'cd "$1"', "sh", str(folder)])

    def may_start(self, program: Path) -> bool:
        """Whether this account can start the program with every library that it loads."""
        return self._succeeds([str(program), "--version"])

    def _succeeds(self, command: list[str]) -> bool:
        try:
            return (
                subprocess.run(
                    command,
                    cwd="/",
                    env={"PATH": SYSTEM_PATH},
                    capture_output=True,
                    check=False,
                    **self.privileges,
                ).returncode
                == 0
            )
        except PermissionError:
            return False


def of(uid: int) -> Account:
    entry = pwd.getpwuid(uid)
    return Account(entry.pw_name, entry.pw_uid, entry.pw_gid)


def unprivileged() -> Account | None:
    """The account for servers when this process is root; None when it is not root and needs none.

    Makes the system user `relman` where it can; a system without `useradd` lends one of its own.
    """
    if os.geteuid() != 0:
        return None
    if _find(NAME) is None:
        _create()
    for name in (NAME, *FALLBACKS):
        account = _find(name)
        if account is not None:
            return account
    raise Refusal(
        "Relman was started as root and found no unprivileged user for PostgreSQL. "
        f"Create one (useradd --system {NAME}), or start Relman as an ordinary user."
    )


def _find(name: str) -> Account | None:
    try:
        entry = pwd.getpwnam(name)
    except KeyError:
        return None
    return Account(entry.pw_name, entry.pw_uid, entry.pw_gid) if entry.pw_uid else None


def _create() -> None:
    useradd = shutil.which("useradd", path=SYSTEM_PATH)
    if useradd:
        options = ["--system", "--user-group", "--no-create-home", "--home-dir", "/var/lib/relman"]
        subprocess.run(
            [useradd, *options, "--shell", "/usr/sbin/nologin", NAME], capture_output=True, check=False
        )
