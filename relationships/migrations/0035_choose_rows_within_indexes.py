from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """Which rows a list has is found in the index it is sorted by; only these are read from the table."""

    dependencies = [
        ("relationships", "0034_find_what_needs_an_owner"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveIndex(model_name="relationship", name="relationship_list_by_name"),
        migrations.AddIndex(
            model_name="relationship",
            index=models.Index(
                fields=["kind", "party_name", "id"],
                include=["closed_at", "confidentiality", "owner", "team"],
                name="relationship_list_by_name",
            ),
        ),
        migrations.RemoveIndex(model_name="relationshipstate", name="state_list_by_health"),
        migrations.AddIndex(
            model_name="relationshipstate",
            index=models.Index(
                fields=["kind", "health", "relationship"], include=["owner"], name="state_list_by_health"
            ),
        ),
    ]
