"""Every table as a hash, to tell whether something left the database as it was."""

import hashlib

from django.apps import apps
from django.db import connection

HISTORY = (
    "accounts_auditentry",
    "exchange_importjob",
    "exchange_rememberedlayout",
    "exchange_importrun",
    "exchange_heldrow",
    "exchange_createdrows",
    "exchange_changedrow",
)
"""The security record and the history of imports, which outlive what they tell of."""


def everything(*more: str) -> dict[str, str]:
    """A hash of every row of every table, but those of the audit, the history of imports, and `more`."""
    found = {}
    with connection.cursor() as cursor:
        for model in apps.get_models(include_auto_created=True):
            table = model._meta.db_table
            if model._meta.managed and table not in (*HISTORY, *more):
                cursor.execute(
                    f"SELECT COALESCE(string_agg(t::text, '\n' ORDER BY t::text), '') FROM {table} t"
                )
                found[table] = hashlib.sha256(cursor.fetchone()[0].encode()).hexdigest()
    return found


def differing(before: dict[str, str]) -> list[str]:
    """The tables that are not as they were."""
    after = everything()
    return sorted(table for table in before if before[table] != after[table])
