"""Who is out there: parties, how to reach them, and how they belong together."""

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import F, Func, Q, TextField
from django.utils.translation import gettext_lazy as _

from accounts.enums import Confidentiality
from relationships.enums import ContactPointKind, PartyKind, Stance
from relationships.querysets import PartyLinkQuerySet, PartyQuerySet


class Fold(Func):
    """Lower case without accents, as the search index stores it."""

    function = "relman_fold"
    output_field = TextField()


class Bare(Func):
    """Letters and digits alone, in capitals: two spellings of one registration number are equal in it."""

    template = "upper(regexp_replace(%(expressions)s, '[^[:alnum:]]', '', 'g'))"
    output_field = TextField()


class Words(Func):
    """The words of two texts as the search index stores them: without case, accents and punctuation."""

    function = "relman_words"
    output_field = SearchVectorField()


class Party(models.Model):
    """One row per real-world party, whatever it is to us; what it is to us are its relationships."""

    kind = models.CharField(max_length=16, choices=PartyKind.choices)
    name = models.CharField(max_length=200)
    legal_name = models.CharField(max_length=200, blank=True)
    job_title = models.CharField(max_length=120, blank=True)
    sector = models.CharField(max_length=80, blank=True)
    place = models.CharField(max_length=120, blank=True)
    country = models.CharField(max_length=2, blank=True)
    time_zone = models.CharField(max_length=64, blank=True)
    locale = models.CharField(max_length=16, blank=True)
    about = models.TextField(blank=True)
    confidentiality = models.PositiveSmallIntegerField(
        choices=Confidentiality.choices, default=Confidentiality.INTERNAL
    )
    version = models.PositiveIntegerField(default=1, help_text=_("Counts edits; a stale form is refused."))
    is_sample = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    objects = PartyQuerySet.as_manager()

    class Meta:
        indexes = [
            GinIndex(OpClass(Fold("name"), name="gin_trgm_ops"), name="party_name_search"),
            models.Index(OpClass(Fold("name"), name="text_pattern_ops"), name="party_name_beginning"),
            GinIndex(
                OpClass(Fold("legal_name"), name="gin_trgm_ops"),
                condition=~Q(legal_name=""),
                name="party_legal_name_search",
            ),
        ]
        constraints = [
            models.CheckConstraint(condition=~Q(name=""), name="a_party_has_a_name"),
            models.CheckConstraint(condition=Q(kind__in=PartyKind.values), name="a_party_has_a_known_kind"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_person(self) -> bool:
        """Whether this is one human being."""
        return self.kind == PartyKind.PERSON


class PartyIdentifier(models.Model):
    """A number or code by which others know the party: company register, VAT, LEI, a source's own key.

    Of the scheme `REGISTRATION` two may be equal: registers of two countries give the same numbers, and whoever
    says that a party is another one than the one with this number is believed, and noted.
    """

    REGISTRATION = "registration"

    party = models.ForeignKey(Party, on_delete=models.CASCADE, related_name="identifiers")
    scheme = models.CharField(max_length=40)
    value = models.CharField(max_length=120)

    class Meta:
        indexes = [
            models.Index(Bare("value"), condition=Q(scheme="registration"), name="registration_lookup"),
            models.Index(OpClass(Bare("value"), name="text_pattern_ops"), name="identifier_search"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["scheme", "value"],
                condition=~Q(scheme="registration"),
                name="an_identifier_names_one_party",
            )
        ]


class ContactPoint(models.Model):
    """A way to reach a party, as written and in its normal form (E.164, lower-case address)."""

    party = models.ForeignKey(Party, on_delete=models.CASCADE, related_name="contact_points")
    kind = models.CharField(max_length=8, choices=ContactPointKind.choices)
    value = models.CharField(max_length=320)
    normalised = models.CharField(max_length=320)
    label = models.CharField(max_length=60, blank=True)
    is_preferred = models.BooleanField(default=False)
    do_not_use_since = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["kind", "normalised"], name="contact_point_lookup"),
            GinIndex(OpClass("normalised", name="gin_trgm_ops"), name="contact_point_search"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["party", "kind", "normalised"], name="a_contact_point_once_per_party"
            ),
            models.UniqueConstraint(
                fields=["party", "kind"],
                condition=Q(is_preferred=True),
                name="one_preferred_contact_point_per_kind",
            ),
        ]


class LinkType(models.Model):
    """What two parties can be to each other, named in both directions."""

    slug = models.SlugField(max_length=40, unique=True)
    forward = models.CharField(
        max_length=80, help_text=_("“employs”: how the first party stands to the second.")
    )
    reverse = models.CharField(max_length=80, help_text=_("“works for”: how the second stands to the first."))
    is_symmetric = models.BooleanField(default=False)
    is_sensitive = models.BooleanField(default=False)
    retired_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.forward


class PartyLink(models.Model):
    """Two parties belong together in some way, from a day until a day."""

    source_party = models.ForeignKey(Party, on_delete=models.CASCADE, related_name="links_out")
    target_party = models.ForeignKey(Party, on_delete=models.CASCADE, related_name="links_in")
    type = models.ForeignKey(LinkType, on_delete=models.PROTECT, related_name="links")
    since_date = models.DateField(null=True, blank=True)
    until_date = models.DateField(null=True, blank=True)
    strength = models.PositiveSmallIntegerField(default=3)
    influence = models.PositiveSmallIntegerField(default=0)
    stance = models.CharField(max_length=10, choices=Stance.choices, blank=True)
    origin = models.CharField(max_length=80, blank=True, help_text=_("How we know."))
    note = models.CharField(max_length=400, blank=True)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    objects = PartyLinkQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["target_party", "type"], name="party_link_reverse")]
        constraints = [
            models.CheckConstraint(
                condition=~Q(source_party=F("target_party")), name="a_party_is_not_linked_to_itself"
            ),
            models.CheckConstraint(
                condition=Q(until_date=None) | Q(since_date=None) | Q(until_date__gte=F("since_date")),
                name="a_link_ends_after_it_starts",
            ),
            models.CheckConstraint(condition=Q(strength__range=(1, 5)), name="link_strength_is_1_to_5"),
            models.CheckConstraint(condition=Q(influence__range=(0, 5)), name="link_influence_is_0_to_5"),
            models.UniqueConstraint(
                fields=["source_party", "target_party", "type"],
                condition=Q(until_date=None),
                name="one_open_link_per_pair_and_type",
            ),
        ]
