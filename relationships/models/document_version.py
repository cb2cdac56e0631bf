"""A document as it was and is: every content that it has had, numbered from 1."""

from django.conf import settings
from django.db import models

from relationships.models.record import Document
from relationships.querysets import DocumentVersionQuerySet


class DocumentVersion(models.Model):
    """One content of a document: who brought it, when, and why. The newest one is what the document shows.

    Whoever may know of the document may know of all of them.
    """

    document = models.ForeignKey(Document, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    name = models.CharField(max_length=200)
    content_type = models.CharField(max_length=120)
    size_bytes = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    file = models.FileField(upload_to="documents/")
    reason = models.CharField(max_length=400, blank=True)
    uploaded_at = models.DateTimeField()
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    objects = DocumentVersionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["document", "number"], name="a_version_of_a_document_has_its_own_number"
            )
        ]
        indexes = [models.Index(fields=["sha256"], name="document_version_by_content")]

    def __str__(self) -> str:
        return self.name
