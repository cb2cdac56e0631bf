"""One database is made by the migrations; each further process of the tests copies it.

The first process that needs one makes its own, as ever, and leaves a copy in which nobody works; the others wait
for it and start from it. The copy stays with the databases: a later run that reuses them, with more processes, has
the further ones from it.
"""

import fcntl
import os
from contextlib import ExitStack
from pathlib import Path

from django.db import connection
from psycopg2 import sql


class Copies:
    """What a process does before and after its database is made, alone among the processes; `run` is theirs."""

    def __init__(self, run: str, *, is_new: bool) -> None:
        self.run = run
        self.is_new = is_new
        self.held = ExitStack()
        ours = connection.settings_dict["TEST"]["NAME"] or f"test_{connection.settings_dict['NAME']}"
        self.name = f"{ours.rpartition('_gw')[0]}_copied"

    def begin(self) -> None:
        """Waits for the others; has the database begin as the copy, where that is of this run or still fits."""
        place = Path(os.environ["RELMAN_HOME"]) / "copied-database"
        self.note = self.held.enter_context(place.open("a+"))
        fcntl.flock(self.note, fcntl.LOCK_EX)
        self.note.seek(0)
        was_made_by = self.note.read()
        self.is_copied = was_made_by == self.run or (not self.is_new and self._is_there())
        if self.is_copied:
            connection.settings_dict["TEST"]["TEMPLATE"] = self.name

    def end(self) -> None:
        """Copies a new database, before anything is in it that the migrations have not put there."""
        if self.is_new and not self.is_copied:
            made = connection.settings_dict["NAME"]
            connection.close()
            with connection._nodb_cursor() as cursor:  # type: ignore[attr-defined]  # as Django's own copying does
                name = sql.Identifier(self.name)
                cursor.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(name))
                cursor.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(name, sql.Identifier(made)))
            self.note.truncate(0)
            self.note.write(self.run)
            self.note.flush()
        self.held.close()

    def _is_there(self) -> bool:
        with connection._nodb_cursor() as cursor:  # type: ignore[attr-defined]  # as Django's own copying does
            cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [self.name])
            return cursor.fetchone() is not None
