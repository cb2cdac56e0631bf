"""Fields that the made-up workspace added by itself, as much asked for as a kind's own columns."""

from datetime import datetime

from django.db import connection

from relationships.enums import CustomType
from relationships.models import CustomChoice, CustomField

GRADES = ("A", "B", "C", "D")
WORTH = """
INSERT INTO relationships_customvalue (field_id, relationship_id, place, number)
SELECT %(field)s, id, 0, (hashint8(id)::bigint + 2147483648) %% 5000000 / 100.0 FROM relationships_relationship
WHERE kind = %(kind)s AND hashint8(id) %% 10 <> 0
"""
"""Nine in ten have an amount, of which no two neighbours are alike."""
GRADE = """
INSERT INTO relationships_customvalue (field_id, relationship_id, place, choice_id)
SELECT %(field)s, id, 0, (%(choices)s::bigint[])[1 + abs(hashint8(id + 1) %% 4)] FROM relationships_relationship
WHERE kind = %(kind)s
"""


def write_own_fields(kind: str, now: datetime) -> None:
    """Adds `worth`, an amount, and `grade`, one of four choices, with their values, to a kind."""
    worth = CustomField.objects.create(
        kind=kind, key="worth", label="Worth", type=CustomType.MONEY, unit="GBP", position=1, created_at=now
    )
    grade = CustomField.objects.create(
        kind=kind, key="grade", label="Grade", type=CustomType.CHOICE, position=2, created_at=now
    )
    choices = CustomChoice.objects.bulk_create(
        CustomChoice(field=grade, key=label.lower(), label=label, position=position)
        for position, label in enumerate(GRADES, 1)
    )
    with connection.cursor() as cursor:
        cursor.execute(WORTH, {"field": worth.pk, "kind": kind})
        cursor.execute(GRADE, {"field": grade.pk, "kind": kind, "choices": [choice.pk for choice in choices]})
