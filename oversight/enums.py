"""The words of oversight."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Book(TextChoices):
    """Where what was done is written down: the security record, or the timelines of relationships."""

    SECURITY = "security", _("Access and settings")
    RELATIONSHIPS = "relationships", _("Relationships")


class Format(TextChoices):
    """As what the record leaves the workspace."""

    CSV = "csv", "CSV"
    LINES = "jsonl", _("JSON, one entry a line")
