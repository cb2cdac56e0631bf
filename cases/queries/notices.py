"""What notifications of cases are about, in words for those who may know of them."""

from django.db.models import F, Value
from django.db.models.functions import Concat, Greatest

from cases.models import Case
from messaging.registry import Subject
from relationships.queries.notices import at, in_relationship

CASE = Subject(
    Case.objects.visible_to,
    at("/cases/%d/"),
    in_relationship(
        Concat(F("ref"), Value(" "), F("subject")),
        confidentiality=Greatest("relationship__confidentiality", "confidentiality"),
    ),
)
