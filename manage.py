#!/usr/bin/env python
"""Django's command line, with the home's own servers found or started first."""

import os
import sys


def main() -> None:
    """Run one management command; servers started for it are stopped after it."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "relman.settings")
    from relman.launcher.commands import run_with_servers

    def execute(arguments: list[str]) -> None:
        from django.core.management import execute_from_command_line

        execute_from_command_line(arguments)

    run_with_servers(execute, sys.argv)


if __name__ == "__main__":
    main()
