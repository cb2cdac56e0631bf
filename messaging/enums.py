"""The states of a message on its way out."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class MessageState(TextChoices):
    """Where an outgoing message is."""

    QUEUED = "queued", _("Waiting")
    SENDING = "sending", _("Being sent")
    SENT = "sent", _("Sent")
    KEPT = "kept", _("Kept here")
    FAILED = "failed", _("Failed")
    STOPPED = "stopped", _("Not sent")


class DeliveryOutcome(TextChoices):
    """What became of a message for one recipient. The first two are of a message that has not left yet."""

    HELD_BACK = "held_back", _("Not sent yet: it can still be taken back")
    WAITING = "waiting", _("On its way to the mail server")
    ACCEPTED = "accepted", _("Accepted by the mail server")
    REFUSED = "refused", _("Refused by the mail server")
    KEPT = "kept", _("Kept on the sent mail page; nothing left this machine")
    BOUNCED = "bounced", _("Came back")
    SUPPRESSED = "suppressed", _("Not sent: this address gets no mail from us")
    TAKEN_BACK = "taken_back", _("Not sent: it was taken back")
    STOPPED = "stopped", _("Not sent")


class MailPurpose(TextChoices):
    """What a mail to people outside is for: it decides which wishes for no mail hold against it."""

    ANSWER = "answer", _("Answer to what they raised")
    NEWS = "news", _("News and offers")


class SuppressedBecause(TextChoices):
    """Why an address gets no mail from us, or none of some sort."""

    BOUNCED = "bounced", _("Mail to it comes back for good")
    UNWANTED = "unwanted", _("They want no mail of any sort")
    NO_NEWS = "no_news", _("They want no news and offers; answers still reach them")


class Channel(TextChoices):
    """How somebody is told of something. Whatever goes by mail stands in the centre too."""

    CENTRE = "centre", _("In Relman")
    MAIL = "mail", _("In Relman and by mail at once")
    DIGEST = "digest", _("In Relman and in the daily mail")
    NONE = "none", _("Not at all")


class MailPrivacy(TextChoices):
    """How much of the mail that comes to a mailbox is kept."""

    FULL = "full", _("Everything")
    SUBJECT = "subject", _("Who, when and the subject; no words, no files")
    METADATA = "metadata", _("Who and when alone")


class InboundOutcome(TextChoices):
    """What became of a mail that came in."""

    IMPORTED = "imported", _("Taken in")
    HELD = "held", _("Held")


class HeldBecause(TextChoices):
    """Why a mail was not taken in."""

    EMPTY = "empty", _("There is nothing in it.")
    NOT_A_MESSAGE = "not_a_message", _("It is no mail: no line of a mail's head stands in it.")
    TOO_LARGE = "too_large", _("It is larger than 36 MB.")
    LONG_HEAD = "long_head", _("Its head alone is larger than 1 MB.")
    TOO_MANY_PARTS = "too_many_parts", _("It has more parts than any mail that people write.")
    TOO_DEEP = "too_deep", _("Its parts lie too deep inside each other.")
    LOOP = "loop", _("It goes round in circles: it passed the same place again, or more than 50 servers.")
    OURS = "ours", _("Relman sent it: it came back.")
    UNREADABLE = "unreadable", _("It could not be read.")


class Mark(TextChoices):
    """What is to be known of a mail before somebody believes or answers it."""

    FORGED = "forged", _("Says it comes from a colleague; nothing proves it")
    AUTO_REPLY = "auto_reply", _("Written by a machine")
    BULK = "bulk", _("Sent to many")
    DELIVERY_REPORT = "delivery_report", _("Says what became of a mail of ours")
    ENCRYPTED = "encrypted", _("Encrypted: its words cannot be read here")
    CALENDAR = "calendar", _("Has an invitation")
    ACTIVE = "active", _("Had scripts or forms; they are left out")
    REMOTE = "remote", _("Had pictures to fetch from elsewhere; they were not fetched")
    VARIANT = "variant", _("Another mail with the same Message-ID says something else")
    NO_SENDER = "no_sender", _("Names no sender")
    NO_DATE = "no_date", _("Has no date that can be read")
    NO_MESSAGE_ID = "no_message_id", _("Has no Message-ID; it is known by what it says")
    UNKNOWN_CHARSET = "unknown_charset", _("Names a character set that is not known; letters may be wrong")
    DAMAGED = "damaged", _("Is not put together as a mail should be; something may be missing")
    CUT = "cut", _("Longer than what is shown")


class KeptBack(TextChoices):
    """Why a file of a mail is not given out."""

    PROGRAM = "program", _("It is a program.")
    TOO_LARGE = "too_large", _("It is larger than 25 MB.")
    ENCRYPTED = "encrypted", _("It is encrypted, so nobody can say what is in it.")
    BOMB = "bomb", _("Unpacked it would be far larger than it is.")
    PACKED_PROGRAM = "packed_program", _("There is a program packed in it.")
    DAMAGED = "damaged", _("It is an archive that cannot be read.")
    MACROS = "macros", _("It can hold macros.")
    TNEF = "tnef", _("It is Outlook's own packing of files; what is in it cannot be seen.")
    ACTIVE = "active", _("A page or picture that can hold scripts.")
