"""What was said against what came."""

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from core.svg import el, together
from health.models import CalibrationRun

SIDE, PAD = 200, 12


def diagram_of(run: CalibrationRun | None) -> SafeString | None:
    """The reliability diagram: what was said across, what came upwards, the diagonal being perfect.

    None while the gate is closed, for its points are probabilities. A table beside it holds the same figures.
    """
    if run is None or not run.is_shown:
        return None
    most = max([0.1, *(max(each["said"], each["came"]) for each in run.bins)])

    def at(said: float, came: float) -> tuple[float, float]:
        reach = SIDE - 2 * PAD
        return PAD + reach * said / most, SIDE - PAD - reach * came / most

    (left, bottom), (right, top) = at(0, 0), at(most, most)
    points = [at(each["said"], each["came"]) for each in run.bins]
    return el(
        "svg",
        el("line", cls="s-muted", x1=left, y1=bottom, x2=right, y2=top, stroke_width=1),
        together(el("circle", cls="f-accent", cx=x, cy=y, r=4) for x, y in points),
        width=SIDE,
        height=SIDE,
        viewbox=f"0 0 {SIDE} {SIDE}",
        role="img",
        aria_label=_("What was said against what came, in ten groups; the line is perfect"),
    )
