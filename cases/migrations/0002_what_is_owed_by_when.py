"""The first version of what is owed by when, and messages that nobody changes afterwards.

Targets are minutes of business time; a day of them is eight hours.
"""

from django.db import migrations
from django.utils import timezone

from core.append_only import append_only

HOUR, DAY = 60, 8 * 60
TARGETS = {
    4: {"acknowledge": 15, "first_response": HOUR, "next_response": HOUR, "resolution": 8 * HOUR},
    3: {
        "acknowledge": HOUR,
        "first_response": 4 * HOUR,
        "next_response": 4 * HOUR,
        "resolution": 2 * DAY,
    },
    2: {"acknowledge": 4 * HOUR, "first_response": DAY, "next_response": DAY, "resolution": 5 * DAY},
    1: {"acknowledge": DAY, "first_response": 2 * DAY, "next_response": 2 * DAY, "resolution": 10 * DAY},
}


def add_policy(apps, schema_editor):
    policy = apps.get_model("cases", "SlaPolicy").objects.create(version=1, created_at=timezone.now())
    target = apps.get_model("cases", "SlaTarget")
    target.objects.bulk_create(
        target(policy=policy, severity=severity, clock=clock, minutes=minutes)
        for severity, clocks in TARGETS.items()
        for clock, minutes in clocks.items()
    )


class Migration(migrations.Migration):
    dependencies = [("cases", "0001_initial")]
    operations = [
        append_only("cases_casemessage"),
        migrations.RunPython(add_policy, migrations.RunPython.noop),
    ]
