from django.db import migrations


def keep(apps, schema_editor):
    """Who had switched mails about promises off goes on without them; My day and the centre tell of them."""
    users = apps.get_model("accounts", "User").objects.filter(reminders_by_mail=False)
    choices = apps.get_model("messaging", "NotificationChoice").objects
    choices.bulk_create(
        [choices.model(user_id=pk, channels={"reminder": "centre"}) for pk in users.values_list("pk", flat=True)]
    )


class Migration(migrations.Migration):

    dependencies = [
        ("accounts", "0008_tokens_for_automation"),
        ("messaging", "0002_tell_people_of_what_concerns_them"),
    ]

    operations = [migrations.RunPython(keep, migrations.RunPython.noop)]
