"""Folding a name took two microseconds, four fifths of them for calling a function in SQL.

PostgreSQL writes such a function out in the query only where nothing in it is less settled than it says of itself, and
`unaccent` says of itself that it is. Names of plain letters, most of them, have no accents to take away: they are
folded by what is written out, in a third of the time. The others are left to a function of its own, whose price also
keeps the planner from taking the whole for cheap. The nothing at the end says that nothing comes of nothing, which no
CASE does: what is joined to be narrowed by its text can then be looked for first.
"""

from django.db import migrations

QUICK = """
CREATE FUNCTION relman_fold_accents(value text) RETURNS text
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE STRICT COST 100
AS $$ BEGIN RETURN lower(public.unaccent('public.unaccent'::regdictionary, value)); END $$;

CREATE OR REPLACE FUNCTION relman_fold(value text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
AS $$ SELECT CASE WHEN octet_length(value) = length(value) THEN lower(value)
                  ELSE public.relman_fold_accents(value) END || left(value, 0) $$;
"""
SLOW = """
CREATE OR REPLACE FUNCTION relman_fold(value text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT
AS $$ SELECT lower(public.unaccent('public.unaccent'::regdictionary, value)) $$;

DROP FUNCTION relman_fold_accents(text);
"""
# What an index folds is the same as before; sessions that are open have it in mind as it was written before, would not
# know it again in a query, and read it anew when something about the index changes.
LOOK_AGAIN = """
DO $$ DECLARE place record; BEGIN
    FOR place IN
        SELECT indexrelid::regclass AS name, number FROM pg_index, unnest(indkey::int2[]) WITH ORDINALITY AS keys (key, number)
        WHERE key = 0 AND pg_get_indexdef(indexrelid) LIKE '%relman_fold(%'
    LOOP
        EXECUTE format('ALTER INDEX %s ALTER COLUMN %s SET STATISTICS -1', place.name, place.number);
    END LOOP;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("core", "0002_words_of_a_text")]
    operations = [migrations.RunSQL(QUICK, SLOW), migrations.RunSQL(LOOK_AGAIN, LOOK_AGAIN)]
