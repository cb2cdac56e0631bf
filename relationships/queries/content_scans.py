"""Which contents may be given out, and how far the others have come through the virus scanner."""

from dataclasses import dataclass

from django.conf import settings
from django.db.models import Exists, OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from relationships.models import ContentScan

State = ContentScan.State
HELD, UNSCANNED = "held", "unscanned"
TOLD = (State.CLEAN.value, State.INFECTED.value, HELD, UNSCANNED)
"""How far a content has come: held while a scanner has not looked at it yet, unscanned where there is none."""


@dataclass(frozen=True)
class Scan:
    """What is known of a content: in words, and whether it is given out."""

    words: str
    is_held: bool
    is_infected: bool


def scan_of(sha256: str) -> Scan:
    """How far a content has come. One query.

    With a scanner, only what it found clean is given out; without one, all but what one found infected before.
    """
    found = ContentScan.objects.filter(sha256=sha256).first()
    if found is not None and found.state == State.INFECTED:
        words = _("A virus was found in it (%(virus)s): it is kept, but given to nobody.")
        return Scan(words % {"virus": found.virus}, is_held=True, is_infected=True)
    if found is not None and found.state == State.CLEAN:
        return Scan(_("Scanned: no virus found."), is_held=False, is_infected=False)
    if not settings.CLAMD:
        return Scan(_("Not scanned for viruses: there is no scanner."), is_held=False, is_infected=False)
    if found is not None and found.problem:
        words = _("The virus scanner cannot be reached. Until it has looked at this, it is given to nobody.")
    else:
        words = _("Still to be scanned for viruses. Until then it is given to nobody.")
    return Scan(words, is_held=True, is_infected=False)


def scan_told() -> Coalesce:
    """The word of `TOLD` for rows with a `sha256`; the same as `scan_of` says, without a query of its own."""
    settled = ContentScan.objects.filter(sha256=OuterRef("sha256")).exclude(state=State.WAITING)
    return Coalesce(Subquery(settled.values("state")[:1]), Value(HELD if settings.CLAMD else UNSCANNED))


def given_out() -> Exists | Q:
    """The condition on rows with a `sha256` under which their content may be read by anybody."""
    scans = ContentScan.objects.filter(sha256=OuterRef("sha256"))
    if settings.CLAMD:
        return Exists(scans.filter(state=State.CLEAN))
    return Q(~Exists(scans.filter(state=State.INFECTED)))
