"""`manage.py`: each command with the home's servers found or started, and a new home made usable first."""

import os
import subprocess
import sys
from collections.abc import Callable

from relman.launcher import programs
from relman.launcher.folders import CHECKOUT, Home
from relman.launcher.refusals import Refusal
from relman.launcher.servers import Exclusive, Servers

WITHOUT_SERVERS = frozenset(
    {
        *("help", "version", "check", "diffsettings", "startapp", "startproject"),
        *("collectstatic", "findstatic", "texts"),
        *("dedupe", "dedupe-report", "mail-report"),
        *("makemigrations", "squashmigrations", "optimizemigration", "lintmigrations"),
    }
)
"""Commands that read no row. They use servers that run already, and start none."""


def needs_servers(arguments: list[str]) -> bool:
    """Whether a command line may read or write a row. `check` does so only with `--database`."""
    if not arguments or {"-h", "--help", "--version"} & set(arguments):
        return False
    if arguments[0] == "check":
        return any(argument.startswith("--database") for argument in arguments)
    return arguments[0] not in WITHOUT_SERVERS


def run_with_servers(execute: Callable[[list[str]], None], arguments: list[str]) -> None:
    """Run one command line of Django; servers started for it are stopped after it."""
    servers = Servers(Home.from_environment())
    if not servers.embedded:
        execute(arguments)
        return
    try:
        if needs_servers(arguments[1:]):
            servers.start()
            offer_programs(servers)
            prepare_new(servers)
        else:
            servers.join()
        execute(arguments)
    except Refusal as refusal:
        sys.exit(str(refusal))
    finally:
        servers.release(wait=bool(servers.started))


def prepare_new(servers: Servers) -> None:
    """Migrate a new home's database and give it its workspace, once."""
    if "postgres" not in servers.embedded or servers.home.prepared.exists():
        return
    with Exclusive(servers.home, "preparing"):
        if not servers.home.prepared.exists():
            print("A new home: making its database and workspace.", file=sys.stderr)
            prepare(servers, "--quiet")


def prepare(servers: Servers, *options: str) -> None:
    """Run the project's `prepare` command, whose lines go to our output; remember that it went well."""
    command = [sys.executable, str(CHECKOUT / "manage.py"), "prepare", *options]
    if subprocess.run(command, check=False).returncode:
        raise Refusal("The workspace could not be prepared; the reason stands above. Nothing was removed.")
    if "postgres" in servers.embedded:
        servers.home.prepared.touch()


def offer_programs(servers: Servers) -> None:
    """Let `dbshell` find psql on a machine that has no PostgreSQL of its own."""
    if "postgres" in servers.embedded:
        os.environ["PATH"] += os.pathsep + str(programs.postgres(servers.home.account))
