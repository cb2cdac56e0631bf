from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("health", "0010_an_exit_says_when_and_what_is_kept")]

    operations = [
        # compressing the parts took longer than writing them; beside the row they leave it narrow for runs to read
        migrations.RunSQL(
            "ALTER TABLE health_relationshipscore ALTER COLUMN parts SET STORAGE EXTERNAL",
            "ALTER TABLE health_relationshipscore ALTER COLUMN parts SET STORAGE EXTENDED",
        ),
    ]
