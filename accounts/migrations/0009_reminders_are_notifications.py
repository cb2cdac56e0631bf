from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ("accounts", "0008_tokens_for_automation"),
        ("messaging", "0003_keep_who_wanted_no_reminders_by_mail"),
    ]

    # The column itself stays until the next release: the code before this one reads it while this one starts.
    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[migrations.RemoveField(model_name="user", name="reminders_by_mail")]
        )
    ]
