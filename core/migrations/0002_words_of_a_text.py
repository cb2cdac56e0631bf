"""The words of a text, as the search finds them: without case, accents and punctuation."""

from django.db import migrations

# Only the beginning of a very long text is read: PostgreSQL refuses a word list above one megabyte, and a call
# with a long transcript must be logged all the same. Not in plain SQL, which would be put in its place in each
# query: the planner would then take it for cheap, and read whole tables where an index answers.
WORDS = r"""
CREATE FUNCTION relman_words(title text, value text) RETURNS tsvector
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE STRICT COST 1000
AS $$ BEGIN
    RETURN to_tsvector('pg_catalog.simple'::regconfig,
        translate(public.relman_fold(left(title || ' ' || value, 50000)), '@./\_:-''’', '         '));
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("core", "0001_database_functions")]
    operations = [migrations.RunSQL(WORDS, "DROP FUNCTION relman_words(text, text)")]
