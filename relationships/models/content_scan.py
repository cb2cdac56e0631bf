"""Whether the contents of documents were looked at for viruses, and what was found."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class ContentScan(models.Model):
    """A content, by its digest, on its way through the virus scanner: whichever documents have it, it is asked once.

    While it waits, `due_at` is the timer of its next turn and `problem` says why the last one came to nothing.
    """

    class State(models.TextChoices):
        """How far it has come."""

        WAITING = "waiting", _("Still to be scanned for viruses")
        CLEAN = "clean", _("Scanned: no virus found")
        INFECTED = "infected", _("A virus was found in it")

    sha256 = models.CharField(max_length=64, primary_key=True)
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    virus = models.CharField(max_length=200, blank=True)
    problem = models.CharField(max_length=300, blank=True)
    tries = models.PositiveIntegerField(default=0)
    due_at = models.DateTimeField(null=True)
    scanned_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["due_at", "sha256"], condition=Q(due_at__isnull=False), name="content_scan_due"
            )
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="waiting", due_at__isnull=False)
                | Q(state__in=["clean", "infected"], due_at=None),
                name="a_content_has_a_turn_while_it_waits_for_its_scan",
            ),
            models.CheckConstraint(
                condition=Q(virus="") ^ Q(state="infected"), name="an_infected_content_names_its_virus"
            ),
        ]

    def __str__(self) -> str:
        return self.sha256
