from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("health", "0012_scores_parts_in_arrays")]

    operations = [
        migrations.RemoveField("relationshipscore", "parts"),
        migrations.RemoveField("scoresnapshot", "parts"),
    ]
