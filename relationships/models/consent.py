"""What a person lets us do: for which purpose, on which channel, and by what it can be shown."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from relationships.enums import ConsentChannel, ConsentDoor, ConsentState, LawfulBasis
from relationships.models.interaction import Interaction
from relationships.models.party import Party
from relationships.models.record import Document


class Purpose(models.Model):
    """Something that we write to or about people for, with what in law lets us."""

    slug = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=80)
    basis = models.CharField(max_length=20, choices=LawfulBasis.choices)
    what = models.CharField(max_length=400, blank=True, help_text=_("What is done, in a sentence."))
    retired_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.name


class PurposeWording(models.Model):
    """The words by which people were asked, version by version; those that were used are never changed."""

    purpose = models.ForeignKey(Purpose, on_delete=models.PROTECT, related_name="wordings")
    version = models.PositiveSmallIntegerField()
    text = models.TextField()
    written_at = models.DateTimeField()
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["purpose", "version"], name="a_wording_has_its_own_version")
        ]

    def __str__(self) -> str:
        return _("Version %(number)d") % {"number": self.version}


class Consent(models.Model):
    """One thing that a person said, or that lapsed, with its proof. Append-only: what holds now is the standing."""

    party = models.ForeignKey(Party, on_delete=models.CASCADE, related_name="consents")
    purpose = models.ForeignKey(Purpose, on_delete=models.PROTECT, related_name="consents")
    channel = models.CharField(
        max_length=8, choices=ConsentChannel.choices, blank=True, help_text=_("Empty: every channel.")
    )
    state = models.CharField(max_length=9, choices=ConsentState.choices)
    door = models.CharField(max_length=9, choices=ConsentDoor.choices)
    said_at = models.DateTimeField(help_text=_("When the person said it."))
    evidence = models.CharField(max_length=400, blank=True)
    wording = models.ForeignKey(
        PurposeWording, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    document = models.ForeignKey(Document, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    interaction = models.ForeignKey(
        Interaction, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    expires_at = models.DateTimeField(null=True, blank=True)
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["party", "-id"], name="consent_by_party")]
        constraints = [
            models.CheckConstraint(
                condition=Q(expires_at=None) | Q(state="given"), name="only_what_was_given_lapses"
            )
        ]


class ConsentStanding(models.Model):
    """What holds now for a person, a purpose and a channel, and the statement that made it so."""

    party = models.ForeignKey(Party, on_delete=models.CASCADE, related_name="consent_standings")
    purpose = models.ForeignKey(Purpose, on_delete=models.PROTECT, related_name="+")
    channel = models.CharField(max_length=8, choices=ConsentChannel.choices)
    state = models.CharField(max_length=9, choices=ConsentState.choices)
    consent = models.ForeignKey(Consent, on_delete=models.CASCADE, related_name="standings")
    said_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["purpose", "channel", "state", "party"], name="consent_standing_list"),
            models.Index(
                fields=["expires_at", "id"],
                condition=Q(expires_at__isnull=False, state="given"),
                name="consent_to_lapse",
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["party", "purpose", "channel"], name="one_standing_per_person_purpose_and_channel"
            )
        ]
