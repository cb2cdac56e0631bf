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


class ErasureBasis(TextChoices):
    """Why somebody is erased."""

    ASKED = "asked", _("The person asked for it")
    WITHDRAWN = "withdrawn", _("Consent was withdrawn and nothing else lets us keep it")
    NOT_NEEDED = "not_needed", _("It is not needed any more")
    UNLAWFUL = "unlawful", _("It should never have been kept")


class ErasureState(TextChoices):
    """Where an erasure stands."""

    REQUESTED = "requested", _("Waits for a second person")
    CONFIRMED = "confirmed", _("Being carried out")
    DONE = "done", _("Done")
    CANCELLED = "cancelled", _("Not done")


class KeptData(TextChoices):
    """What a rule of retention is about, and from when its time counts."""

    TALK = "talk", _("Words of talk, after a relationship closed")
    DOCUMENTS = "documents", _("Documents, after a relationship closed")
    PEOPLE = "people", _("People at organisations, after the last talk with them")
    IMPORTS = "imports", _("Files and held rows of imports, after the import")
    UPLOADS = "uploads", _("Files sent for import and never imported, after they were sent")
