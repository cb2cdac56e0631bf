"""What the one-line log asks and refuses, in words. The parser itself speaks in codes."""

from datetime import date, datetime

from django.utils.translation import gettext, gettext_lazy

from analytics.quicklog import Finding
from core.wording import written

WORDS = {
    "commitment_without_text": gettext_lazy("“%(value)s” does not say what is promised."),
    "date_ambiguous": gettext_lazy("“%(value)s” could be two days. Which one?"),
    "date_impossible": gettext_lazy("“%(value)s” is a day that does not exist."),
    "date_not_understood": gettext_lazy("“%(value)s” is not understood as a day."),
    "date_out_of_range": gettext_lazy("“%(value)s” is not between 1900 and 2100."),
    "due_in_past": gettext_lazy("“%(value)s” has already passed."),
    "due_missing": gettext_lazy("By when? Write for example “%(value)s by fri”."),
    "due_or_text": gettext_lazy("Is “%(value)s” the day it is due, or part of the words?"),
    "duration_ambiguous": gettext_lazy("Two durations are given. Which one?"),
    "duration_too_long": gettext_lazy("“%(value)s” is longer than a day."),
    "empty": gettext_lazy("Write what happened, for example: call Ana Ruiz @Acme price rise."),
    "follow_up_without_date": gettext_lazy("When is the next touch? Write for example “>tue call back”."),
    "happened_in_future": gettext_lazy("“%(value)s” lies in the future."),
    "name_missing": gettext_lazy("A name is missing after “%(value)s”."),
    "quote_not_closed": gettext_lazy("The quote is not closed: “%(value)s”."),
    "severity_unknown": gettext_lazy("“%(value)s” is no severity. Write low, medium, high or critical."),
    "side_unknown": gettext_lazy("Who promises? Write !us, !them or !both instead of “%(value)s”."),
    "time_does_not_exist": gettext_lazy("“%(value)s” does not exist: the clocks went forward."),
    "time_impossible": gettext_lazy("“%(value)s” is no time of day."),
    "tone_ambiguous": gettext_lazy("Two moods are given. Which one?"),
    "when_ambiguous": gettext_lazy("“%(value)s” could be two moments. Which one?"),
    "when_or_text": gettext_lazy("Is “%(value)s” when it happened, or part of the words?"),
}


def finding_words(finding: Finding) -> str:
    """The finding as a sentence; raises KeyError for a code without words, which a test rules out."""
    return str(WORDS[finding.code]) % finding.parameters


def option_words(value: str | int | date | datetime) -> str:
    """One answer to choose from, as a reader sees it."""
    if isinstance(value, datetime):
        return f"{written(value, 'D j M Y')} {value:%H:%M}"
    if isinstance(value, date):
        return str(written(value, "D j M Y"))
    if isinstance(value, int):
        return gettext("%(n)d min") % {"n": value}
    return value
