from django.db import migrations

NOTED = """
CREATE TRIGGER relationships_customvalue_noted AFTER UPDATE OR DELETE ON relationships_customvalue FOR EACH ROW
WHEN (OLD.id <= NULLIF(current_setting('relman.mark_relationships_customvalue', true), '')::bigint)
EXECUTE FUNCTION relman_note_change('id')
"""


class Migration(migrations.Migration):
    """What imports change of the workspace's own fields is noted as all else, so that it can be taken back."""

    dependencies = [
        ("exchange", "0011_hold_who_was_erased"),
        ("relationships", "0021_fields_and_tags_of_the_workspace"),
    ]

    operations = [
        migrations.RunSQL(NOTED, "DROP TRIGGER relationships_customvalue_noted ON relationships_customvalue")
    ]
