"""Promises found in what is being typed, shown to be said yes or no to. Nothing is ticked beforehand."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _

from analytics.promises import find_promises
from analytics.quicklog import CommitmentSide


@dataclass(frozen=True)
class OfferedPromise:
    """A promise that was found; `due` is ISO or empty, `said` the day that the text gives, likewise."""

    key: str
    side: str
    whose: str
    what: str
    due: str
    said: str
    is_accepted: bool


def suggestions(
    text: str, *, data: MultiValueDict[str, str], today: date, their_names: Collection[str] = ()
) -> list[OfferedPromise]:
    """What is found in the text, with the ticks and days that `data` brings from the page for the same places."""
    shown = []
    accepted = set(data.getlist("found"))
    for promise in find_promises(text, today, their_names):
        key = str(promise.start)
        said = promise.due.isoformat() if promise.due else ""
        chosen = data.get(f"found_due:{key}", "")[:10]
        is_same = key in accepted and data.get(f"found_said:{key}") == said
        due = chosen if is_same else said
        whose = _("We promise") if promise.side is CommitmentSide.OURS else _("They promise")
        shown.append(OfferedPromise(key, promise.side, whose, promise.what, due, said, key in accepted))
    return shown
