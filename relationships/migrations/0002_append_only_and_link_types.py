"""What the database itself holds: history is not rewritten, and two parties can be these things to each other."""

from django.db import migrations

from core.append_only import append_only

LINK_TYPES = [
    ("employs", "employs", "works for", False),
    ("decides_for", "decides for", "is decided for by", False),
    ("influences", "influences", "is influenced by", False),
    ("gatekeeps", "guards access to", "is reached through", False),
    ("uses", "uses the services of", "is used by", False),
    ("owns", "owns", "is owned by", False),
    ("subsidiary_of", "is a subsidiary of", "is the parent of", False),
    ("reports_to", "reports to", "manages", False),
    ("covers_beat", "covers", "is covered by", False),
    ("advises", "advises", "is advised by", False),
    ("partner_of", "is a partner of", "is a partner of", True),
    ("competes_with", "competes with", "competes with", True),
    ("knows", "knows", "knows", True),
    ("same_household", "shares a household with", "shares a household with", True),
]


def add_link_types(apps, schema_editor):
    apps.get_model("relationships", "LinkType").objects.bulk_create(
        apps.get_model("relationships", "LinkType")(slug=slug, forward=forward, reverse=reverse, is_symmetric=both)
        for slug, forward, reverse, both in LINK_TYPES
    )


class Migration(migrations.Migration):
    dependencies = [("relationships", "0001_initial")]
    operations = [
        append_only(
            "relationships_interaction",
            "superseded_at",
            "problem_closed_at",
            "problem_closed_by_id",
            "problem_closed_reason",
        ),
        append_only("relationships_interaction_people"),
        append_only("relationships_event"),
        append_only("relationships_valueentry"),
        append_only("relationships_renegotiation"),
        append_only(
            "relationships_commitment",
            "what",
            "person_id",
            "current_due_date",
            "owner_id",
            "materiality",
            "state",
            "missed_at",
            "delivered_at",
            "delivered_by_id",
            "evidence",
            "confirmed_at",
            "confirmed_by_id",
            "withdrawn_at",
            "withdrawn_by_id",
            "withdrawn_reason",
        ),
        migrations.RunPython(add_link_types, migrations.RunPython.noop),
    ]
