"""`python -m relman.background worker …` and `… beat …`: what `celery --app relman` does, with the same options.

Celery's own program loads every command that it has before it runs one. Among them is an interactive shell, whose
9 MB neither the worker nor beat ever needs.
"""

import sys
from importlib import import_module

from celery.bin.base import CLIContext

from relman.celery import app

COMMANDS = ("worker", "beat")


def main(arguments: list[str]) -> None:
    """Runs one command until it is told to stop, and exits."""
    name, *options = arguments or [""]
    if name not in COMMANDS:
        sys.exit(f"Say what is to run: {' or '.join(COMMANDS)}.")
    sys.argv = ["-m", "relman.background", *arguments]  # a worker that is hung up starts itself anew by these
    command = getattr(import_module(f"celery.bin.{name}"), name)
    context = CLIContext(app=app, no_color=False, workdir=None)
    command.main(options, prog_name=name, obj=context, auto_envvar_prefix=f"CELERY_{name.upper()}")


if __name__ == "__main__":
    main(sys.argv[1:])
