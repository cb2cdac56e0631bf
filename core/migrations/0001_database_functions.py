"""What every app's tables lean on: extensions, text folding for search, and the append-only guard."""

from django.contrib.postgres.operations import TrigramExtension, UnaccentExtension
from django.db import migrations

FOLD = """
CREATE FUNCTION relman_fold(value text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT
AS $$ SELECT lower(public.unaccent('public.unaccent'::regdictionary, value)) $$;
"""

# A row may not be deleted, and of its columns only those named as trigger arguments may change.
# An operation that is entitled to more says so for its own transaction: SET LOCAL relman.unlock = 'erase'.
APPEND_ONLY = """
CREATE FUNCTION relman_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    before jsonb;
    after jsonb;
BEGIN
    IF current_setting('relman.unlock', true) IN ('erase', 'merge', 'revert_import', 'remove_sample') THEN
        RETURN COALESCE(NEW, OLD);
    END IF;
    IF TG_OP = 'UPDATE' THEN
        before := to_jsonb(OLD) - TG_ARGV::text[];
        after := to_jsonb(NEW) - TG_ARGV::text[];
        IF before = after THEN
            RETURN NEW;
        END IF;
    END IF;
    RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'check_violation';
END $$;
"""


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        TrigramExtension(),
        UnaccentExtension(),
        migrations.RunSQL(FOLD, "DROP FUNCTION relman_fold(text)"),
        migrations.RunSQL(APPEND_ONLY, "DROP FUNCTION relman_append_only()"),
    ]
