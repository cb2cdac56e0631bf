"""Stored mail taken in from files, and what became of it in figures."""

from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction

from accounts.models import User
from messaging.enums import InboundOutcome
from messaging.operations.mail_stores import mail_in
from messaging.operations.taking_in import DUPLICATE, Taken, ensure_mailbox, take_in

TOLD_EVERY = 100
STORED = "stored-mail@localhost"
"""The mailbox of mail that is said to belong to no other."""


@dataclass
class MailReport:
    """How many mails there were, and what became of them: `messages` is imported, duplicates and held together.

    Variants were imported: they have the Message-ID of another mail and say something else.
    """

    imported: int = 0
    duplicates: int = 0
    variants: int = 0
    held_by_reason: Counter[str] = field(default_factory=Counter)

    @property
    def held(self) -> int:
        """How many were held."""
        return self.held_by_reason.total()

    @property
    def messages(self) -> int:
        """How many there were."""
        return self.imported + self.duplicates + self.held

    def count(self, taken: Taken) -> None:
        """One more."""
        if taken.outcome == DUPLICATE:
            self.duplicates += 1
        elif taken.outcome == InboundOutcome.HELD:
            self.held_by_reason[str(taken.message.reason)] += 1
        else:
            self.imported += 1
            self.variants += taken.is_variant

    def as_json(self) -> dict[str, Any]:
        """Its figures by name."""
        return {
            "messages": self.messages,
            "imported": self.imported,
            "duplicates": self.duplicates,
            "variants": self.variants,
            "held": self.held,
            "held_by_reason": dict(sorted(self.held_by_reason.items())),
        }


def take_in_stored(
    *,
    actor: User,
    paths: Sequence[str],
    now: datetime,
    address: str = STORED,
    privacy: str = "",
    trusted_server: str | None = None,
    dry_run: bool = False,
    tell: Callable[[str], None] = lambda _words: None,
) -> MailReport:
    """Takes every mail of the files and folders into the mailbox with this address.

    Raises Invalid for a path that leads nowhere or what is no address, Conflict where the mailbox keeps more or less
    than `privacy` says. A trial counts what would become of them, and nothing of it stays.
    """
    found = mail_in(paths)
    with transaction.atomic() if dry_run else nullcontext():
        mailbox = ensure_mailbox(
            actor=actor, address=address, privacy=privacy, trusted_server=trusted_server, now=now
        )
        report = MailReport()
        for mail in found:
            report.count(take_in(actor=actor, mailbox=mailbox, mail=mail, now=now))
            if report.messages % TOLD_EVERY == 0:
                tell(f"{report.messages:,} mails")
        if dry_run:
            transaction.set_rollback(True)
    return report
