from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ("accounts", "0008_tokens_for_automation"),
        ("messaging", "0003_keep_who_wanted_no_reminders_by_mail"),
    ]

    operations = [migrations.RemoveField(model_name="user", name="reminders_by_mail")]
