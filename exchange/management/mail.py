"""What `ingest mail` is given beside files and folders, and what it says of them."""

from argparse import ArgumentParser

from messaging.enums import HeldBecause, MailPrivacy
from messaging.operations.stored_mail import STORED, MailReport

MAIL = "mail"


def add_mail_arguments(parser: ArgumentParser) -> None:
    """Adds what only mail has."""
    parser.add_argument(
        "--mailbox", metavar="ADDRESS", default=STORED, help=f"of mail: where it came to; {STORED} without it"
    )
    parser.add_argument(
        "--privacy",
        choices=MailPrivacy.values,
        default="",
        help="of mail: how much a new mailbox keeps; full without it",
    )
    parser.add_argument(
        "--trusted-server",
        metavar="NAME",
        help="of mail: the name under which your mail server says whether senders are proven",
    )


def mail_lines(report: MailReport, *, dry_run: bool) -> list[str]:
    """What became of the mails, for a person at a console."""
    lines = [
        f"{report.messages:,} mails: {report.imported:,} imported, {report.duplicates:,} there already, "
        f"{report.held:,} held."
    ]
    if report.variants:
        lines.append(f"{report.variants:,} of them have the Message-ID of another and say something else.")
    held = report.held_by_reason.most_common()
    lines += [f"  held: {count:,}, {HeldBecause(reason).label}" for reason, count in held]
    return [*lines, "This was a dry run: nothing was changed."] if dry_run else lines
