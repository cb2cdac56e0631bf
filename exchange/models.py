"""What was imported and what was not: one row a run, and one row for every line that was kept aside."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from accounts.models import BusinessUnit
from exchange.enums import Dataset, HeldReason, Wanted
from exchange.querysets import HeldRowQuerySet, ImportRunQuerySet
from relationships.models import Party


class ImportJob(models.Model):
    """A file on its way in: what somebody says of it, what is wanted with it, and how far that is.

    `settings` are a mapping as it is written in JSON; `layout` is what was found of the file, with samples.
    """

    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    dataset = models.CharField(max_length=16, choices=Dataset.choices)
    kind = models.CharField(max_length=32, blank=True)
    name = models.CharField(max_length=300, help_text="What the file is called.")
    file = models.FileField(upload_to="imports/", max_length=200, help_text="The table, as text of rows.")
    original = models.FileField(
        upload_to="imports/",
        max_length=200,
        blank=True,
        db_default="",
        help_text="What was sent, where that is no text of rows.",
    )
    size = models.PositiveBigIntegerField(help_text="In bytes.")
    sha256 = models.CharField(max_length=64)
    layout = models.JSONField(default=dict)
    settings = models.JSONField(default=dict)
    created_at = models.DateTimeField()
    wanted = models.CharField(max_length=8, choices=Wanted.choices, blank=True)
    queued_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    finished_at = models.DateTimeField(null=True, blank=True)
    told = models.CharField(max_length=200, blank=True, help_text="How far it is, in words.")
    refusal = models.TextField(blank=True)
    trial = models.JSONField(null=True, blank=True, help_text="The report of the last trial run.")

    class Meta:
        indexes = [
            models.Index(
                fields=["queued_at", "id"],
                condition=Q(queued_at__isnull=False, finished_at=None),
                name="import_job_waiting",
            )
        ]

    @property
    def is_working(self) -> bool:
        """Whether it waits for a worker or is being carried out."""
        return self.queued_at is not None and self.finished_at is None


class RememberedLayout(models.Model):
    """How files with a certain header were read last time, so that the next one is read so too."""

    dataset = models.CharField(max_length=16, choices=Dataset.choices)
    kind = models.CharField(max_length=32, blank=True)
    signature = models.CharField(max_length=64, help_text="SHA-256 of the header's titles.")
    columns = models.JSONField(help_text="Our field to the column's number.")
    styles = models.JSONField(help_text="Date format, decimal sign and currency.")
    used_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["dataset", "kind", "signature"], name="a_layout_is_remembered_once"
            )
        ]


class ImportRun(models.Model):
    """One import that was carried out: from which files, by which mapping, and its report."""

    dataset = models.CharField(max_length=16, choices=Dataset.choices)
    source = models.CharField(max_length=40)
    kind = models.CharField(max_length=32, blank=True, help_text="Empty where the rows belong to none.")
    business_unit = models.ForeignKey(
        BusinessUnit, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    job = models.OneToOneField(
        ImportJob, on_delete=models.SET_NULL, null=True, blank=True, related_name="run"
    )
    mapping = models.JSONField(help_text="The mapping as it was used.")
    labels = models.JSONField(default=list, help_text="For each file: our field to the file's header.")
    files = models.JSONField(help_text="Name, size in bytes and SHA-256 of each file.")
    report = models.JSONField()
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    imported_at = models.DateTimeField()
    revert_wanted_at = models.DateTimeField(null=True, blank=True)
    revert_wanted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    reverted_at = models.DateTimeField(null=True, blank=True)
    reversal = models.JSONField(null=True, blank=True, help_text="What reverting did, or why it could not.")
    purged_at = models.DateTimeField(
        null=True,
        blank=True,
        help_text="When a rule of retention took its file, its held rows and the values before.",
    )

    objects = ImportRunQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["-imported_at", "-id"], name="import_run_newest")]
        constraints = [
            models.CheckConstraint(
                condition=Q(revert_wanted_at=None, revert_wanted_by=None)
                | Q(revert_wanted_at__isnull=False, revert_wanted_by__isnull=False),
                name="a_reversal_is_wanted_by_somebody",
            )
        ]


class CreatedRows(models.Model):
    """Rows of one table that an import made: every id from `first` to `last`."""

    run = models.ForeignKey(ImportRun, on_delete=models.CASCADE, related_name="created_rows")
    table_name = models.CharField(max_length=63)
    first = models.BigIntegerField()
    last = models.BigIntegerField()


class ChangedRow(models.Model):
    """A row that was there before an import: what of it the import changed, from what, to what.

    `after` is empty for a row that the import took away; `before` is then the whole of it. Of a row that it added
    under the number of something there before, `before` is `{}`.
    """

    run = models.ForeignKey(ImportRun, on_delete=models.CASCADE, related_name="changed_rows")
    table_name = models.CharField(max_length=63)
    row_id = models.BigIntegerField()
    before = models.JSONField()
    after = models.JSONField(null=True)

    class Meta:
        indexes = [models.Index(fields=["table_name", "row_id"], name="changed_row_by_row")]


class HeldRow(models.Model):
    """A line of a file that was not imported, as it was, with what is wrong with it.

    The same line of the same source is held once, however often its file comes; `resolved_at` is set when it
    was imported after all.
    """

    run = models.ForeignKey(ImportRun, on_delete=models.CASCADE, related_name="held_rows")
    dataset = models.CharField(max_length=16, choices=Dataset.choices)
    source = models.CharField(max_length=40)
    row_key = models.CharField(max_length=64, help_text="SHA-256 of the row's values.")
    occurrence = models.PositiveIntegerField(default=1)
    file = models.CharField(max_length=300)
    row = models.PositiveIntegerField(help_text="Counted from 1, as a spreadsheet shows it.")
    column = models.CharField(max_length=200, blank=True)
    value = models.TextField(blank=True)
    reason = models.CharField(max_length=24, choices=HeldReason.choices)
    amount = models.DecimalField(max_digits=24, decimal_places=2, null=True)
    cells = models.JSONField(help_text="The whole row, header to cell.")
    resolved_at = models.DateTimeField(null=True, blank=True)

    objects = HeldRowQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["run", "id"], condition=Q(resolved_at=None), name="held_row_open_by_run")
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["dataset", "source", "row_key", "occurrence"], name="a_row_is_held_once"
            )
        ]


class ImportedRow(models.Model):
    """What a source last said under a reference: when it says the same again, people's edits since then stand."""

    dataset = models.CharField(max_length=16, choices=Dataset.choices)
    source = models.CharField(max_length=40)
    ref = models.CharField(max_length=120)
    values_key = models.CharField(max_length=64, help_text="SHA-256 of the row's values.")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["dataset", "source", "ref"], name="a_source_says_one_thing_of_a_reference"
            )
        ]


class ContactCard(models.Model):
    """What came with a party's card and has no field of ours, kept as it was: it goes out again with the card."""

    party = models.OneToOneField(
        Party, on_delete=models.CASCADE, primary_key=True, related_name="contact_card"
    )
    properties = models.JSONField(help_text="Lines of vCard 3.0, unfolded.")
    addresses = models.JSONField(help_text="Postal addresses as we write them, each with its seven parts.")
    imported_at = models.DateTimeField()


class DuplicateCandidate(models.Model):
    """Two parties that may be one, until somebody says that they are not: that is remembered, whatever comes later."""

    first = models.ForeignKey(Party, on_delete=models.CASCADE, related_name="+")
    second = models.ForeignKey(Party, on_delete=models.CASCADE, related_name="+")
    score = models.FloatField(help_text="How likely they are one, 0 to 1.")
    found_at = models.DateTimeField()
    dismissed_at = models.DateTimeField(null=True, blank=True)
    dismissed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        indexes = [
            models.Index(
                F("score").desc(), "id", condition=Q(dismissed_at=None), name="duplicate_candidate_likeliest"
            )
        ]
        constraints = [
            models.UniqueConstraint(fields=["first", "second"], name="two_parties_are_candidates_once"),
            models.CheckConstraint(condition=Q(first__lt=F("second")), name="the_earlier_candidate_is_first"),
            models.CheckConstraint(
                condition=Q(dismissed_at=None, dismissed_by=None)
                | Q(dismissed_at__isnull=False, dismissed_by__isnull=False),
                name="a_candidate_is_dismissed_by_somebody",
            ),
        ]
