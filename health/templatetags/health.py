"""Words of health in templates."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django import template

from health.queries.words import line_words

register = template.Library()


@register.filter
def health_line(line: Mapping[str, Any], at: datetime) -> str:
    """What one line of a told change says, as of then."""
    return line_words(line, at=at)
