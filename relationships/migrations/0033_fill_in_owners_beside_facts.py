from django.db import migrations

FILL = """
UPDATE relationships_relationshipstate state SET owner_id = relationship.owner_id
FROM relationships_relationship relationship
WHERE relationship.id = state.relationship_id AND state.owner_id IS NULL
"""


class Migration(migrations.Migration):
    """In a transaction of its own, so that only rows are locked; what changes meanwhile, the triggers see to."""

    dependencies = [("relationships", "0032_know_the_owner_beside_the_facts")]

    operations = [migrations.RunSQL(FILL, migrations.RunSQL.noop)]
