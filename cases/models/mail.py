"""Mail in cases: the answers that went by mail, what is done with the mail of a mailbox, and what became of each."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts.models import BusinessUnit, Team
from cases.enums import CaseType, DeskDoes, FilingState, FilingWhy
from cases.models.case import Case, CaseMessage
from cases.querysets import FilingQuerySet
from messaging.models import InboundMessage, Mailbox, OutgoingMail
from relationships.models import Interaction


class MailedAnswer(models.Model):
    """An answer that goes by mail. Once it leaves it is a message of the case; until then it can be taken back.

    `answers` are the numbers of the questions that it settles when it leaves.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="mailed_answers")
    mail = models.OneToOneField(OutgoingMail, on_delete=models.CASCADE, related_name="case_answer")
    message = models.OneToOneField(CaseMessage, on_delete=models.PROTECT, null=True, related_name="mailed")
    promise = models.CharField(max_length=300, blank=True)
    promise_due_date = models.DateField(null=True)
    answers = models.JSONField(default=list)


class MailDesk(models.Model):
    """What is done with the mail that comes to a mailbox, and in whose name.

    `agent` is with whose eyes senders are known and with whose rights it is filed. Without an owner new cases go to
    who looks after the relationship. What was written before `since` opens none.
    """

    mailbox = models.OneToOneField(Mailbox, on_delete=models.PROTECT, related_name="+")
    does = models.CharField(max_length=6, choices=DeskDoes.choices)
    case_type = models.CharField(max_length=10, choices=CaseType.choices, default=CaseType.QUESTION)
    agent = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    team = models.ForeignKey(Team, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    business_unit = models.ForeignKey(
        BusinessUnit, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    since = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(does__in=DeskDoes.values), name="a_mail_desk_does_a_known_thing"
            )
        ]


class MailFiling(models.Model):
    """What became of a mail that came to a desk: one row for each mail, written when the mail is taken in."""

    mail = models.OneToOneField(InboundMessage, on_delete=models.CASCADE, related_name="filing")
    desk = models.ForeignKey(MailDesk, on_delete=models.PROTECT, related_name="filings")
    state = models.CharField(max_length=8, choices=FilingState.choices, default=FilingState.WAITING)
    why = models.CharField(max_length=15, choices=FilingWhy.choices, blank=True)
    refusal = models.CharField(max_length=300, blank=True)
    case = models.ForeignKey(Case, on_delete=models.CASCADE, null=True, related_name="mails")
    message = models.OneToOneField(CaseMessage, on_delete=models.CASCADE, null=True, related_name="filing")
    talk = models.ForeignKey(Interaction, on_delete=models.CASCADE, null=True, related_name="+")
    filed_at = models.DateTimeField(null=True)
    filed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )

    objects = FilingQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(
                fields=["state", "id"],
                condition=Q(state__in=["waiting", "to_match", "refused"]),
                name="mail_filing_to_do",
            )
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=FilingState.values), name="a_filing_has_a_known_state"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["opened", "heard"]) | Q(case__isnull=False, message__isnull=False),
                name="a_mail_in_a_case_is_a_message_of_it",
            ),
            models.CheckConstraint(
                condition=~Q(state="recorded") | Q(talk__isnull=False), name="a_recorded_mail_is_a_contact"
            ),
        ]
