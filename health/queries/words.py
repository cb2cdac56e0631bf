"""What stored parts, reasons and lines say, in words. Stored are only numbers, so the words follow the reader."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from core.wording import signed
from health.queries.parts import EVIDENCE
from health.registry import Measure, Reading, Text, counts_on, measures


def measure_of(part: Mapping[str, Any]) -> Measure | None:
    """The measure of a stored part; none when the code no longer has it."""
    return measures.get(part["measure"]) if part.get("measure") in measures else None


def reading_of(
    part: Mapping[str, Any], *, scored_at: datetime, now: datetime, half_life: float = 0.0
) -> Reading | None:
    """What the measure found; none without a value. Days count on from the moment of scoring."""
    if part.get("value") is None:
        return None
    passed = max(0.0, (now - scored_at).total_seconds() / 86_400)
    facts = {
        name: number + passed if number is not None and counts_on(name) else number
        for name, number in (part.get("facts") or {}).items()
    }
    return Reading(value=part["value"], n=part["n"], facts=facts, half_life=half_life)


def part_words(part: Mapping[str, Any], *, scored_at: datetime, now: datetime) -> str:
    """What a part found, "1 open complaint, for 9 days"; what it lacks when it found nothing."""
    measure = measure_of(part)
    if measure is None:
        return str(part.get("key", ""))
    reading = reading_of(part, scored_at=scored_at, now=now)
    if reading is None or part.get("used") is False:
        return _("Needs %(evidence)s") % {"evidence": measure.needs}
    return measure.describe(reading)


def reason_words(reason: Mapping[str, Any]) -> str:
    """A relationship's biggest reason: signed when it moved the score by a point within 30 days, else what it is."""
    now = timezone.now()
    words = part_words(reason, scored_at=datetime.fromisoformat(reason["at"]), now=now)
    change = reason.get("change")
    return f"{signed(change)} {words}" if change is not None and abs(change) >= 1 else words


def line_words(line: Mapping[str, Any], *, at: datetime) -> str:
    """One signed line of what moved a score, as of `at`; a line without a key is the coming and going of evidence."""
    if line.get("key", EVIDENCE) == EVIDENCE:
        return _("Evidence came in or expired")
    measure = measure_of(line)
    words = part_words(line, scored_at=at, now=at)
    return words if measure is None else _("%(label)s: %(words)s") % {"label": measure.label, "words": words}


def component_label(measure: str) -> Text:
    """What is judged: the label of a measure; without one that the code knows, the whole score."""
    return measures.get(measure).label if measure in measures else _("The whole score")
