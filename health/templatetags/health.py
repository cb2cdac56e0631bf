"""Words of health in templates."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django import template
from django.utils.safestring import SafeString

from core.charts import word_of
from health.enums import Rule
from health.queries.explanation import TONES
from health.queries.words import component_label, line_words
from health.ui import curve_drawing
from relationships.enums import HealthStatus

register = template.Library()


@register.filter
def health_line(line: Mapping[str, Any], at: datetime) -> str:
    """What one line of a told change says, as of then."""
    return line_words(line, at=at)


@register.filter
def drawn_curve(curve: list[list[float]]) -> SafeString:
    """A component's curve as a small drawing for a row."""
    return curve_drawing(curve, width=112)


@register.filter
def judged_label(facts: Mapping[str, Any]) -> str:
    """What a judgement is of: a component, or the whole score."""
    return str(component_label(facts.get("measure", "")))


@register.filter
def rule_label(rule: str) -> str:
    """What a rule is called; its own name for one that is no longer known."""
    return str(Rule(rule).label) if rule in Rule else rule


@register.filter
def of_key(mapping: Mapping[str, Any], key: str) -> Any:
    """What a mapping holds under a key; None for nothing."""
    return mapping.get(key)


@register.filter
def percent_of(share: float | None) -> str:
    """A share out of 1 as whole per cent; a dash for none."""
    return "–" if share is None else f"{100 * share:.0f}"


@register.filter
def status_word(status: str) -> str:
    """The word of a status; what is said without one."""
    return word_of(TONES.get(HealthStatus(status), "none"))
