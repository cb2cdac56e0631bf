"""Health's drawings."""

from health.ui.curves import curve_drawing, drawable, span
from health.ui.reliability import diagram_of

__all__ = ["curve_drawing", "diagram_of", "drawable", "span"]
