"""Mail that comes to a desk: what a test brings in and has filed."""

from datetime import datetime, timedelta
from typing import Any

from accounts.models import User
from cases.models import MailDesk, MailFiling
from cases.operations.mail_by_hand import Desk, set_desk
from cases.operations.mail_filing import file_waiting
from relationships.models import Party, Relationship
from relationships.operations.contact_points import add_contact_point
from tests.factories import NOW, make_person, make_relationship
from tests.messaging.mail import box, brought, mail_of

ANA = "ana@acme.example"


def make_desk(actor: User, *, privacy: str = "", since: datetime | None = None, **given: Any) -> MailDesk:
    """What is done with the mail of the sales mailbox: cases, unless told otherwise, since a day ago."""
    desk = Desk(**{"does": "cases", **given})
    return set_desk(actor=actor, mailbox=box(actor, privacy), desk=desk, now=since or NOW - timedelta(days=1))


def make_customer(owner: User) -> tuple[Relationship, Party]:
    """A customer and Ana, who works there and has her address."""
    relationship = make_relationship(owner=owner)
    ana = make_person("Ana Ruiz", works_for=relationship.party)
    add_contact_point(actor=owner, party=ana, kind="email", value=ANA, now=NOW)
    return relationship, ana


def came(actor: User, raw: bytes = b"", *, now: datetime = NOW, **head: str) -> MailFiling:
    """A mail that was taken in and filed; how it was."""
    taken = brought(actor, raw or mail_of(b"Where are our trays?", **head))
    file_waiting(now=now)
    return MailFiling.objects.get(mail=taken.message)
