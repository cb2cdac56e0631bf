"""Cases: what somebody raised with us, what was said since, and the clocks by which it is answered."""

from datetime import datetime

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.enums import Confidentiality
from accounts.models import Team
from cases.enums import (
    CHANNELS,
    CaseRemark,
    CaseSeverity,
    CaseState,
    CaseType,
    CauseResult,
    ClockType,
    MessageSort,
    QuestionState,
)
from cases.querysets import CaseMessageQuerySet, CaseQuerySet, ClockQuerySet, QuestionQuerySet
from relationships.models import Interaction, Party, Relationship

ENDED = ["closed", "withdrawn", "duplicate", "rejected"]


class CaseYear(models.Model):
    """The last number that a year gave to a case. Numbers have no gaps: who takes one locks the row."""

    year = models.PositiveSmallIntegerField(primary_key=True)
    last_number = models.PositiveIntegerField()


class Case(models.Model):
    """One thing that somebody raised with us. Who raised it is the relationship's party, and a person of theirs."""

    ref = models.CharField(max_length=20, unique=True)
    type = models.CharField(max_length=10, choices=CaseType.choices)
    channel = models.CharField(max_length=8, choices=CHANNELS)
    relationship = models.ForeignKey(Relationship, on_delete=models.PROTECT, related_name="cases")
    person = models.ForeignKey(Party, on_delete=models.PROTECT, null=True, blank=True, related_name="cases")
    subject = models.CharField(max_length=200)
    severity = models.PositiveSmallIntegerField(choices=CaseSeverity.choices, default=CaseSeverity.MEDIUM)
    concerns_safety = models.BooleanField(default=False)
    remedy_sought = models.CharField(max_length=300, blank=True)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="cases")
    team = models.ForeignKey(Team, on_delete=models.PROTECT, null=True, blank=True, related_name="cases")
    state = models.CharField(max_length=20, choices=CaseState.choices, default=CaseState.NEW)
    cycle = models.PositiveSmallIntegerField(default=1, help_text=_("One more with each reopening."))
    confidentiality = models.PositiveSmallIntegerField(
        choices=Confidentiality.choices, default=Confidentiality.INTERNAL
    )
    cause_result = models.CharField(max_length=5, choices=CauseResult.choices, blank=True)
    cause = models.TextField(blank=True)
    outcome = models.TextField(blank=True, help_text=_("What was decided, as they were told."))
    ended_reason = models.CharField(max_length=400, blank=True)
    duplicate_of = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="duplicates"
    )
    follows = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="followed_by"
    )
    next_due_at = models.DateTimeField(
        null=True, blank=True, help_text=_("When the first of its running clocks is due.")
    )
    version = models.PositiveIntegerField(default=1)
    opened_at = models.DateTimeField()
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects = CaseQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["next_due_at", "id"], condition=Q(closed_at=None), name="case_open_by_due"),
            models.Index(
                fields=["owner", "next_due_at", "id"], condition=Q(closed_at=None), name="case_open_by_owner"
            ),
            models.Index(fields=["opened_at", "id"], name="case_by_opening"),
            models.Index(fields=["relationship", "closed_at"], name="case_by_relationship"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=CaseState.values), name="a_case_has_a_known_state"),
            models.CheckConstraint(
                condition=Q(severity__in=CaseSeverity.values), name="a_case_has_a_known_severity"
            ),
            models.CheckConstraint(
                condition=Q(closed_at=None, closed_by=None) & ~Q(state__in=ENDED)
                | Q(closed_at__isnull=False, closed_by__isnull=False, state__in=ENDED),
                name="an_ended_case_was_ended_by_someone",
            ),
            models.CheckConstraint(
                condition=~Q(cause_result="found") | ~Q(cause=""), name="a_known_cause_is_told"
            ),
            models.CheckConstraint(
                condition=~Q(state="duplicate") | Q(duplicate_of__isnull=False),
                name="a_double_names_the_other_case",
            ),
            models.CheckConstraint(
                condition=Q(duplicate_of=None) | ~Q(duplicate_of=F("id")),
                name="a_case_is_no_double_of_itself",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.ref} {self.subject}"

    @property
    def is_open(self) -> bool:
        """Whether somebody still has to do with it."""
        return self.closed_at is None


class CaseMessage(models.Model):
    """One thing said in a case. Append-only.

    What was said between them and us is a contact like every other, kept as an interaction; a note to ourselves
    is kept here alone.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="messages")
    sort = models.CharField(max_length=6, choices=MessageSort.choices)
    cycle = models.PositiveSmallIntegerField()
    talk = models.OneToOneField(
        Interaction, on_delete=models.PROTECT, null=True, blank=True, related_name="case_message"
    )
    body = models.TextField(blank=True)
    at = models.DateTimeField()
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    objects = CaseMessageQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["case", "at", "id"], name="case_message_by_time")]
        constraints = [
            models.CheckConstraint(
                condition=Q(sort="note", talk=None) & ~Q(body="")
                | Q(sort__in=["theirs", "ours"], talk__isnull=False, body=""),
                name="what_is_said_in_a_case_is_a_talk_or_a_note",
            )
        ]

    @property
    def text(self) -> str:
        """The words, wherever they are kept."""
        return self.body if self.talk is None else self.talk.body


class SlaPolicy(models.Model):
    """One version of what we owe by when. A new version never changes an old one; without a maker it came with us."""

    LONGEST_REASON = 400

    version = models.PositiveIntegerField(unique=True)
    reason = models.CharField(max_length=LONGEST_REASON, blank=True, db_default="")
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    retired_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["retired_at"],
                condition=Q(retired_at=None),
                nulls_distinct=False,
                name="one_sla_policy_holds",
            )
        ]


class SlaTarget(models.Model):
    """How many minutes of business time a clock may take for a severity."""

    policy = models.ForeignKey(SlaPolicy, on_delete=models.PROTECT, related_name="targets")
    severity = models.PositiveSmallIntegerField(choices=CaseSeverity.choices)
    clock = models.CharField(max_length=16, choices=ClockType.choices)
    minutes = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["policy", "severity", "clock"], name="one_target_per_policy_severity_and_clock"
            ),
            models.CheckConstraint(condition=Q(minutes__gt=0), name="a_target_is_positive"),
        ]


class CaseClock(models.Model):
    """One promise of time in a case: it runs, stands while it is paused, and ends stopped or cancelled.

    `elapsed_seconds` is of business time, and right for the moment at which the clock last stood or ended; while it
    runs, `due_at` says the rest. `next_mark_at` is when it next has something to tell: at half, three quarters and
    nine tenths of its target, and when that is reached.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="clocks")
    type = models.CharField(max_length=16, choices=ClockType.choices)
    cycle = models.PositiveSmallIntegerField()
    policy = models.ForeignKey(SlaPolicy, on_delete=models.PROTECT, related_name="+")
    target_minutes = models.PositiveIntegerField()
    started_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True, blank=True, help_text=_("None while it is paused."))
    elapsed_seconds = models.PositiveIntegerField(default=0)
    next_mark_at = models.DateTimeField(null=True, blank=True)
    marked_percent = models.PositiveSmallIntegerField(default=0)
    stopped_at = models.DateTimeField(null=True, blank=True)
    cancelled_at = models.DateTimeField(null=True, blank=True)
    breached_at = models.DateTimeField(null=True, blank=True, help_text=_("A breach stays counted."))

    objects = ClockQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(
                fields=["next_mark_at", "id"],
                condition=Q(next_mark_at__isnull=False),
                name="case_clock_by_mark",
            ),
            models.Index(fields=["case", "cycle"], name="case_clock_by_case"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["case", "type"],
                condition=Q(stopped_at=None, cancelled_at=None),
                name="one_open_clock_per_case_and_type",
            ),
            models.CheckConstraint(condition=Q(target_minutes__gt=0), name="a_clock_has_a_positive_target"),
            models.CheckConstraint(
                condition=Q(stopped_at=None) | Q(cancelled_at=None),
                name="a_clock_is_stopped_or_cancelled_not_both",
            ),
            models.CheckConstraint(
                condition=Q(next_mark_at=None) | Q(stopped_at=None, cancelled_at=None, due_at__isnull=False),
                name="only_a_running_clock_has_a_next_mark",
            ),
        ]

    @property
    def is_open(self) -> bool:
        """Whether it still runs or is paused."""
        return self.stopped_at is None and self.cancelled_at is None


class ClockPause(models.Model):
    """A stretch in which a clock stood, half-open: its last moment counts again."""

    clock = models.ForeignKey(CaseClock, on_delete=models.CASCADE, related_name="pauses")
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(max_length=20, choices=CaseState.choices)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["clock"], condition=Q(ended_at=None), name="one_open_pause_per_clock"
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None) | Q(ended_at__gte=F("started_at")),
                name="a_pause_ends_after_it_starts",
            ),
        ]


class Question(models.Model):
    """One question that was put to us in a case, and how it was answered, or why it cannot be.

    Those that were found in a text are proposed until somebody says that they are questions. It is due with the
    clock that waits for the answer to what it was asked in, and stays so when that answer leaves it open.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="questions")
    message = models.ForeignKey(
        CaseMessage, on_delete=models.PROTECT, null=True, blank=True, related_name="asks"
    )
    text = models.CharField(max_length=500)
    asked_by = models.ForeignKey(
        Party, on_delete=models.PROTECT, null=True, blank=True, related_name="case_questions"
    )
    asked_at = models.DateTimeField()
    clock = models.ForeignKey(
        CaseClock, on_delete=models.PROTECT, null=True, blank=True, related_name="questions"
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="case_questions"
    )
    state = models.CharField(max_length=10, choices=QuestionState.choices, default=QuestionState.PROPOSED)
    answered_in = models.ForeignKey(
        CaseMessage, on_delete=models.PROTECT, null=True, blank=True, related_name="answers"
    )
    reason = models.CharField(max_length=400, blank=True)
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    noted_at = models.DateTimeField()
    noted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    objects = QuestionQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(
                fields=["asked_at", "id"],
                condition=Q(state__in=["proposed", "open"]),
                name="question_unanswered_by_age",
            ),
            models.Index(
                fields=["owner", "asked_at"],
                condition=Q(state__in=["proposed", "open"]),
                name="question_unanswered_by_owner",
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    state__in=["proposed", "open"], settled_at=None, settled_by=None, answered_in=None
                )
                | Q(state="answered", settled_at__isnull=False, settled_by__isnull=False)
                & Q(answered_in__isnull=False)
                | Q(state__in=["impossible", "set_aside"], settled_at__isnull=False, settled_by__isnull=False)
                & Q(answered_in=None),
                name="a_settled_question_was_settled_by_someone",
            ),
            models.CheckConstraint(
                condition=~Q(state="impossible") | ~Q(reason=""),
                name="a_question_without_an_answer_says_why",
            ),
        ]

    def __str__(self) -> str:
        return self.text

    @property
    def relationship(self) -> Relationship:
        """The one in which it was asked."""
        return self.case.relationship

    @property
    def due_at(self) -> datetime | None:
        """By when it is to be answered."""
        return self.clock.due_at if self.clock else None


class CaseOrigin(models.Model):
    """Where a case that came out of a file comes from, and what the file says of it besides."""

    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="origin")
    source = models.CharField(max_length=40)
    ref = models.CharField(max_length=180, help_text="Its number in the source, or what tells its row.")
    is_numbered = models.BooleanField(default=False, help_text="Whether the source numbers its cases.")
    state_said = models.CharField(max_length=200, blank=True, help_text="Its state in the file's words.")
    said_in_time = models.BooleanField(null=True, blank=True)
    product = models.CharField(max_length=200, blank=True)
    subproduct = models.CharField(max_length=200, blank=True)
    theme = models.CharField(max_length=200, blank=True)
    subtheme = models.CharField(max_length=200, blank=True)
    place = models.CharField(max_length=200, blank=True)
    passed_on_at = models.DateTimeField(null=True, blank=True)
    acknowledged_at = models.DateTimeField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    remarks = ArrayField(
        models.CharField(max_length=20, choices=CaseRemark.choices), default=list, blank=True
    )
    values_key = models.CharField(max_length=64, blank=True, help_text="SHA-256 of the row's values.")

    objects = CaseMessageQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["source", "ref"], name="a_source_names_a_case_once"),
        ]

    @property
    def remark_labels(self) -> list[str]:
        """The remarks in words."""
        return [str(CaseRemark(remark).label) for remark in self.remarks]


class CaseStep(models.Model):
    """One thing that a file tells of a case's past. Append-only; the people in it are the source's, not ours."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="steps")
    at = models.DateTimeField()
    step = models.CharField(max_length=120)
    by = models.CharField(max_length=120, blank=True)
    state = models.CharField(
        max_length=20,
        choices=CaseState.choices,
        blank=True,
        help_text="Where it stood then; empty: as before.",
    )
    has_time = models.BooleanField(default=True)
    source_key = models.CharField(max_length=64)
    occurrence = models.PositiveIntegerField(default=1)

    objects = CaseMessageQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["case", "at", "id"], name="case_step_by_time")]
        constraints = [
            models.UniqueConstraint(
                fields=["case", "source_key", "occurrence"], name="a_step_of_a_case_is_told_once"
            ),
        ]
