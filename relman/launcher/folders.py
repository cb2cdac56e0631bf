"""The home: what lies where, with which mode, and for whom.

    <home>/secrets/   generated passwords and the secret key, mode 0600
    <home>/run/       locks of this home
    <home>/logs/      one file per process
    <home>/files/     documents, written by the web application
    <home>/static/    collected static files
    <home>/servers/   the embedded servers' data, theirs alone (a link, where they could not enter the home)

The mode of a folder that exists is never changed.
"""

import hashlib
import os
import re
import secrets
import stat
import tempfile
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from relman.launcher import accounts
from relman.launcher.accounts import Account
from relman.launcher.refusals import Refusal

CHECKOUT = Path(__file__).resolve().parents[2]
SYSTEM_FOLDER = Path("/var/lib/relman")
SOCKET_PATH_LIMIT = 107
"""Bytes that the path of a unix socket may have on Linux, its closing NUL not counted."""
LONGEST_SOCKET_NAME = ".s.PGSQL.5432.lock"


@dataclass(frozen=True)
class Home:
    path: Path

    @classmethod
    def from_environment(cls) -> "Home":
        return cls(Path(os.environ.get("RELMAN_HOME") or CHECKOUT / "var").absolute())

    @property
    def secrets(self) -> Path:
        return self.path / "secrets"

    @property
    def run(self) -> Path:
        return self.path / "run"

    @property
    def logs(self) -> Path:
        return self.path / "logs"

    @property
    def sign_ins(self) -> Path:
        return self.path / "demo-sign-ins"

    @property
    def prepared(self) -> Path:
        """Marks a data folder whose database was migrated and given its workspace."""
        return self.servers / "prepared"

    def create(self) -> None:
        """Make what is missing. Existing folders stay as they are."""
        if not str(self.path).isprintable():
            raise Refusal(f"The home's path {str(self.path)!r} holds a character that cannot be printed.")
        try:
            self.path.mkdir(parents=True, exist_ok=True)
            for folder, mode in ((self.secrets, 0o700), (self.run, 0o700), (self.logs, 0o755)):
                folder.mkdir(mode=mode, exist_ok=True)
        except FileExistsError as error:
            raise Refusal(f"{error.filename} is not a folder, so it cannot be Relman's home.") from error

    def secret(self, name: str, *, data: Path) -> str:
        """A generated password, made the first time. `data` is what it was given to."""
        path = self.secrets / name
        if path.exists():
            return path.read_text().strip()
        if data.exists():
            raise Refusal(f"{path} is missing, but {data} was made with it. Put the file back.")
        value = secrets.token_urlsafe(32)
        write_private(path, value)
        return value

    @cached_property
    def account(self) -> Account | None:
        """Who the servers run as: the owner of their data, else an unprivileged account if this is root."""
        place = self.path / "servers"
        if os.geteuid() == 0 and place.exists() and place.stat().st_uid != 0:
            return accounts.of(place.stat().st_uid)
        return accounts.unprivileged()

    @cached_property
    def servers(self) -> Path:
        """The servers' own folder, made the first time, without links in its path."""
        place = self.path / "servers"
        if place.is_symlink():
            return self._follow(place)
        if place.is_dir():
            if self.account is not None and not self.account.may_enter(place):
                raise Refusal(
                    f"The servers run as {self.account.name}, who may not enter {place}: the home was "
                    "moved below a folder that only root may enter. Move it back, or open that folder."
                )
            return place.resolve()
        if self.account is None or self.account.may_enter(self.path):
            give(place, self.account)
            return place.resolve()
        target = self._new_system_folder()
        give(target, self.account)
        (target / "home").write_text(str(self.path))
        place.symlink_to(target)
        return target

    @cached_property
    def sockets(self) -> Path:
        """The folder of the servers' sockets: beside their data, or a short private one if that is too long."""
        beside = self.servers / "run"
        longest = os.fsencode(beside / LONGEST_SOCKET_NAME)
        if len(longest) <= SOCKET_PATH_LIMIT and re.fullmatch(r"[\w./-]+", str(beside), re.ASCII):
            if not beside.exists():
                give(beside, self.account)
            return beside
        link = self.run / "sockets"
        owner = self.account.uid if self.account else os.geteuid()
        if link.is_symlink() and is_private(link.readlink(), owner):
            return link.readlink()
        link.unlink(missing_ok=True)
        short = Path(tempfile.mkdtemp(prefix="relman-", dir="/tmp"))
        if self.account is not None:
            os.chown(short, self.account.uid, self.account.gid)
        link.symlink_to(short)
        return short

    def _follow(self, link: Path) -> Path:
        target = link.readlink()
        if not target.is_dir():
            raise Refusal(f"{link} points to {target}, which is gone. Put it back, or take the link away.")
        note = target / "home"
        owner = Path(note.read_text()) if note.exists() else self.path
        if owner != self.path:
            other = owner / "servers"
            if other.is_symlink() and other.readlink() == target:
                raise Refusal(f"{self.path} is a copy of {owner}: both would use the data in {target}.")
            note.write_text(str(self.path))
        return target

    def _new_system_folder(self) -> Path:
        """A name that is stable for this home; data that a deleted home left behind is not touched."""
        make_public(SYSTEM_FOLDER)
        words = re.sub(r"[^a-z0-9]+", "-", "-".join(self.path.parts[-2:]).lower()).strip("-")
        digest = hashlib.sha256(os.fsencode(self.path)).hexdigest()[:10]
        name = f"{words[:40]}-{digest}"
        earlier = len(list(SYSTEM_FOLDER.glob(f"{name}*")))
        return SYSTEM_FOLDER / (f"{name}-{earlier + 1}" if earlier else name)


def give(folder: Path, account: Account | None) -> None:
    """Make a folder that only the servers may enter."""
    folder.mkdir(mode=0o700)
    if account is not None:
        os.chown(folder, account.uid, account.gid)


def make_public(folder: Path) -> None:
    """Make a folder, where it is missing, that every user may enter, whatever this process's umask."""
    if not folder.exists():
        make_public(folder.parent)
        folder.mkdir(exist_ok=True)
        folder.chmod(0o755)


def is_private(folder: Path, owner: int) -> bool:
    try:
        status = folder.lstat()
    except OSError:
        return False
    return stat.S_ISDIR(status.st_mode) and status.st_uid == owner and not status.st_mode & 0o077


def write_private(path: Path, words: str, account: Account | None = None) -> None:
    """Write a file that only its owner may read; readers see the old or the new one, never half."""
    descriptor, draft = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    with os.fdopen(descriptor, "w") as file:
        file.write(words)
        if account is not None:
            os.fchown(file.fileno(), account.uid, account.gid)
    Path(draft).replace(path)
