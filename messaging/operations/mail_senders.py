"""Whether a mail only says that a colleague wrote it."""

import re

from django.db.models import Q

from accounts.models import User
from messaging.models import Mailbox
from messaging.operations.mail_headers import ADDRESS
from messaging.operations.mail_reading import ReadMail

PASSED = re.compile(r"\bdmarc=pass\b", re.IGNORECASE)


def is_forged(mailbox: Mailbox, mail: ReadMail) -> bool:
    """Whether the sender's address or name is that of somebody who works here, and nothing proves it.

    Proof is the word of the server that the mailbox trusts, in the topmost line of its kind: whatever stands below
    may have been written by the sender. A colleague's name with another address is never proven.
    """
    name, address = mail.sender
    ours = User.objects.filter(is_active=True, is_system=False)
    named = Q(email__in=ADDRESS.findall(name.lower()))
    if name:
        named |= Q(name__iexact=name)
    if address and (address == mailbox.address or ours.filter(email=address).exists()):
        return not _is_proven(mailbox, mail)
    return ours.filter(named).exists()


def _is_proven(mailbox: Mailbox, mail: ReadMail) -> bool:
    results = next((value for key, value in mail.headers if key.lower() == "authentication-results"), "")
    server, _mark, told = results.partition(";")
    words = server.lower().split()
    return (
        bool(mailbox.trusted_server) and words[:1] == [mailbox.trusted_server] and bool(PASSED.search(told))
    )
