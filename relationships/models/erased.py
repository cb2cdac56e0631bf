"""Who is not to come back unseen: hashes of what somebody was known by before they were erased."""

from django.db import models

from relationships.enums import ErasedKind


class ErasedIdentity(models.Model):
    """A salted hash of a name, an address or a number of somebody erased; nobody can read it back."""

    kind = models.CharField(max_length=8, choices=ErasedKind.choices)
    digest = models.CharField(max_length=64)
    party_number = models.BigIntegerField(db_index=True)
    erased_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "digest", "party_number"], name="an_identity_is_erased_once"
            )
        ]
