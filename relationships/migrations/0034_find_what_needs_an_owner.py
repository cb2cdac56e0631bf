import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """After the transaction that wrote the owners: older ones could not use an index made in it."""

    dependencies = [
        ("relationships", "0033_fill_in_owners_beside_facts"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterField(
            model_name="relationshipstate",
            name="owner",
            field=models.ForeignKey(
                db_constraint=False, db_index=False, editable=False, on_delete=django.db.models.deletion.PROTECT,
                related_name="+", to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddIndex(
            model_name="relationshipstate",
            index=models.Index(
                fields=["owner", "relationship"], condition=models.Q(("open_problems__gt", 0)),
                name="state_problems_by_owner",
            ),
        ),
        migrations.AddIndex(
            model_name="relationshipstate",
            index=models.Index(
                fields=["owner", "health_change", "relationship"], condition=models.Q(("health_change__lte", -1)),
                name="state_dropped_by_owner",
            ),
        ),
        # Nobody asks for falls but those of somebody's book.
        migrations.RemoveIndex(model_name="relationshipstate", name="state_dropped"),
    ]
