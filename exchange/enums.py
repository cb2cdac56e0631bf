"""What can be imported, and every reason for which a row is held."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Dataset(TextChoices):
    """What a file's rows are."""

    PARTIES = "parties", _("Parties")
    PURCHASES = "purchases", _("Purchases")
    INTERACTIONS = "interactions", _("Interactions")
    PAYMENTS = "payments", _("Payments")
    CASES = "cases", _("Cases")
    CONTACTS = "contacts", _("Contacts")


class Wanted(TextChoices):
    """What somebody wants done with a file."""

    TRIAL = "trial", _("Trial run")
    IMPORT = "import", _("Import")


class HeldReason(TextChoices):
    """Why a row was kept aside and not imported."""

    RAGGED = "ragged_row", _("It has more or fewer cells than the header.")
    QUOTING = "bad_quoting", _("Its quotation marks do not match.")
    FRONT_MATTER = "bad_front_matter", _("Its front matter cannot be read.")
    EMPTY_ROW = "empty_row", _("Every cell is empty.")
    NO_CUSTOMER = "no_customer", _("It names no customer.")
    MISSING = "missing_value", _("A value that is needed is missing.")
    TOO_LONG = "too_long", _("The text is longer than the field takes.")
    NOT_A_NUMBER = "not_a_number", _("This is not a number.")
    DECIMAL_SIGN = "decimal_sign", _("The number is written with another decimal sign than the mapping says.")
    DECIMALS = "too_many_decimals", _("The number has more decimals than the field keeps.")
    OUTSIDE = "outside_bounds", _("The number lies outside what the field takes.")
    TOO_LARGE = "number_too_large", _("The number is larger than the field takes.")
    NOT_A_DATE = "not_a_date", _("This is not a date in the mapping's format.")
    OUT_OF_RANGE = "date_out_of_range", _("Dates lie between 1900 and 2100.")
    FUTURE = "in_the_future", _("This lies in the future.")
    BEFORE_RAISED = "before_raised", _("This lies before it was raised.")
    NOT_A_CHOICE = "not_a_choice", _("This is not one of the values that the field takes.")
    CONFLICT = "conflicting_row", _("An earlier row of the same reference says something else.")
    NOT_FOUND = "not_found", _("There is nothing with this reference.")
    UNAVAILABLE = "not_available", _("This reference is not open to the person who imports.")
    NOTHING_SAID = "nothing_said", _("It has neither a subject nor a text nor an outcome.")
    NOT_YES_OR_NO = "not_yes_or_no", _("This is neither yes nor no.")
    UNFIT = "does_not_fit", _("It does not fit with the other values of its profile.")
    MALFORMED = "malformed_value", _("The value does not have the form that the field needs.")
    EQUAL = "equal_value", _("Another party has this value already.")
    AMBIGUOUS = "ambiguous_name", _("Several suppliers are called so; which one is meant is not said.")
    ERASED = (
        "erased_person",
        _("Somebody with this address or number was erased. Only a person may add them again."),
    )
    TOTAL = "total_line", _("This is a total of other rows.")


BY_SIGHT = (
    HeldReason.CONFLICT,
    HeldReason.NOT_FOUND,
    HeldReason.UNAVAILABLE,
    HeldReason.EQUAL,
    HeldReason.AMBIGUOUS,
)
"""Reasons that tell of what was there, as whoever imported may know of it: others may not."""
