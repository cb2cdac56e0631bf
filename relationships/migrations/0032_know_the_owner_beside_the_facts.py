"""Who owns a relationship, kept beside its facts, so that an index can find what of somebody's book needs them."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

FOLLOW = """
CREATE FUNCTION relman_owner_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE relationships_relationshipstate SET owner_id = NEW.owner_id WHERE relationship_id = NEW.id;
    RETURN NULL;
END $$;

CREATE TRIGGER relationships_relationship_owner AFTER UPDATE OF owner_id ON relationships_relationship FOR EACH ROW
WHEN (OLD.owner_id <> NEW.owner_id) EXECUTE FUNCTION relman_owner_changed();
"""
UNFOLLOW = """
DROP TRIGGER relationships_relationship_owner ON relationships_relationship;
DROP FUNCTION relman_owner_changed();
"""
# Whoever adds facts may leave the owner out, as older code does; whoever writes them back as they were may be mistaken.
HOLD = """
CREATE FUNCTION relman_owner_of_state() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.owner_id := COALESCE(
        (SELECT owner_id FROM relationships_relationship WHERE id = NEW.relationship_id), NEW.owner_id);
    RETURN NEW;
END $$;

CREATE TRIGGER relationships_relationshipstate_added BEFORE INSERT ON relationships_relationshipstate FOR EACH ROW
WHEN (NEW.owner_id IS NULL) EXECUTE FUNCTION relman_owner_of_state();

CREATE TRIGGER relationships_relationshipstate_owner BEFORE UPDATE OF owner_id ON relationships_relationshipstate
FOR EACH ROW EXECUTE FUNCTION relman_owner_of_state();
"""
LET_GO = """
DROP TRIGGER relationships_relationshipstate_owner ON relationships_relationshipstate;
DROP TRIGGER relationships_relationshipstate_added ON relationships_relationshipstate;
DROP FUNCTION relman_owner_of_state();
"""


class Migration(migrations.Migration):

    dependencies = [
        ("relationships", "0031_scan_documents_for_viruses"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="relationshipstate",
            name="owner",
            field=models.ForeignKey(
                db_constraint=False, db_index=False, editable=False, null=True,
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.RunSQL(FOLLOW, UNFOLLOW),
        migrations.RunSQL(HOLD, LET_GO),
    ]
