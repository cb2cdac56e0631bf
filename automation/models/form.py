"""Forms that stand on other people's web pages, and everything that was sent by them."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from automation.enums import SentState
from automation.querysets import SentFormQuerySet, WebFormQuerySet
from relationships.models import Relationship


class WebForm(models.Model):
    """What visitors are asked, and what becomes of it: with the rights and eyes of whoever made the form.

    `asked` says of each known field whether it is "asked" or "required"; `questions` are asked beside.
    """

    public_id = models.CharField(max_length=32, unique=True)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=100)
    kind = models.CharField(max_length=32)
    title = models.CharField(max_length=120)
    intro = models.CharField(max_length=600, blank=True)
    thanks = models.CharField(max_length=400)
    asked = models.JSONField()
    questions = ArrayField(models.CharField(max_length=200), default=list)
    purposes = ArrayField(models.BigIntegerField(), default=list, help_text=_("Whose consent is asked for."))
    stage = models.CharField(max_length=32)
    people = ArrayField(models.BigIntegerField(), help_text=_("Who new relationships go to."))
    choosing = models.CharField(max_length=4)
    follow_up = models.CharField(max_length=200)
    follow_up_days = models.PositiveSmallIntegerField()
    origins = ArrayField(models.CharField(max_length=200), default=list, help_text=_("Who may frame it."))
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField()
    on_since = models.DateTimeField(null=True, blank=True, help_text=_("Empty: switched off."))
    turn = models.PositiveIntegerField(default=0)

    objects = WebFormQuerySet.as_manager()

    def __str__(self) -> str:
        return self.name


class SentForm(models.Model):
    """What a visitor sent, whole, with what became of it. The visitor learns nothing of that."""

    form = models.ForeignKey(WebForm, on_delete=models.PROTECT, related_name="sent")
    nonce = models.CharField(max_length=40, help_text=_("Of the page that it was sent from: taken once."))
    told = models.JSONField(help_text=_("Answers by field, and the wordings that were agreed to."))
    received_at = models.DateTimeField()
    state = models.CharField(max_length=8, choices=SentState.choices, default=SentState.WAITING)
    reason = models.CharField(max_length=300, blank=True)
    relationship = models.ForeignKey(
        Relationship, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects = SentFormQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["id"], condition=Q(state=SentState.WAITING), name="sent_form_waiting"),
            models.Index(fields=["form", "-id"], name="sent_form_by_form"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["form", "nonce"], name="a_form_page_is_sent_once"),
            models.CheckConstraint(
                condition=Q(state__in=SentState.values), name="a_sent_form_has_a_known_state"
            ),
        ]
