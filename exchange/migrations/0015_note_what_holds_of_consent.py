from django.db import migrations

NOTED = """
CREATE TRIGGER relationships_consentstanding_noted AFTER UPDATE OR DELETE ON relationships_consentstanding FOR EACH ROW
WHEN (OLD.id <= NULLIF(current_setting('relman.mark_relationships_consentstanding', true), '')::bigint)
EXECUTE FUNCTION relman_note_change('id')
"""


class Migration(migrations.Migration):
    """What an import of contacts changes of somebody's consent is noted as all else, so that it can be taken back."""

    dependencies = [
        ("exchange", "0014_let_imports_go_after_a_time"),
        ("relationships", "0022_ask_for_consent_by_purpose"),
    ]

    operations = [
        migrations.RunSQL(
            NOTED, "DROP TRIGGER relationships_consentstanding_noted ON relationships_consentstanding"
        )
    ]
