"""How quickly each side answers, and in what tone they speak."""

from math import exp, log

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from core.wording import figure
from health.registry import Evidence, Measure, Reading, Step, Tally, decayed, recent, total

HALF_POINTS_MINUTES = 480
"""t₅₀: an answer after one working day of eight hours gives 50 points."""

SOON_MINUTES = 120
WARM, FRIENDLY = 0.3, 0.05


def latency_points(log_minutes: float) -> float:
    """100/(1+e^(ln t − ln t₅₀)) for ln t, the formula that the SQL of both latencies uses."""
    return 100 / (1 + exp(min(log_minutes - log(HALF_POINTS_MINUTES), 60)))


def working_time(minutes: float) -> str:
    """Minutes of business time in words; a working day has eight hours."""
    if minutes < 60:
        return _("%(n)s min") % {"n": round(minutes)}
    if minutes < 3 * HALF_POINTS_MINUTES:
        return _("%(n)s h") % {"n": round(minutes / 60)}
    days = round(minutes / HALF_POINTS_MINUTES)
    return ngettext("%(n)s working day", "%(n)s working days", days) % {"n": days}


LATENCY_SQL = f"""
    SELECT relationship_id, n AS evidence, mass, exp(least(mean, 60::float8)) AS minutes,
           100::float8 / (1::float8 + exp(
               least(mean - ln({HALF_POINTS_MINUTES}::float8), 60::float8))) AS value
    FROM (SELECT relationship_id, n, mass, logs / NULLIF(mass, 0::float8) AS mean FROM sums) averaged
    WHERE mean IS NOT NULL
"""


def _latency_sums(direction: str) -> dict[str, str]:
    replied = f"direction = '{direction}' AND reply_minutes IS NOT NULL"
    logs = f"{decayed('age')} * ln(greatest(reply_minutes::float8, 1::float8))"
    return {
        "n": recent("age", replied), "mass": total(decayed("age"), replied), "logs": total(logs, replied),
    }  # fmt: skip


def _replies(reading: Reading) -> dict[str, str]:
    n = round(reading.n)
    return {
        "time": working_time(reading.fact("minutes")),
        "replies": ngettext("%(n)s reply", "%(n)s replies", n) % {"n": n},
    }


def _our_words(reading: Reading) -> str:
    return _("We answer in %(time)s (%(replies)s)") % _replies(reading)


def _their_words(reading: Reading) -> str:
    return _("They answer in %(time)s (%(replies)s)") % _replies(reading)


def _our_step(reading: Reading) -> Step | None:
    minutes, mass = reading.fact("minutes"), reading.fact("mass")
    if minutes <= SOON_MINUTES:
        return None
    return Step("answer_sooner", latency_points((mass * log(minutes) + log(SOON_MINUTES)) / (mass + 1)))


def _latency_rows(direction: str) -> Evidence:
    return Evidence(
        sql=f"""
            SELECT 'interaction' AS type, id, '' AS name, age, reply_minutes::float8 AS minutes,
                   {decayed("age")} AS weight,
                   {decayed("age")} * ln(greatest(reply_minutes::float8, 1::float8)) AS logs
            FROM talk WHERE direction = '{direction}' AND reply_minutes IS NOT NULL
        """,
        tallies=(
            Tally("minutes", gettext_lazy("Working minutes"), places=0, summed=False),
            Tally("weight", gettext_lazy("Weight")),
            Tally("logs", gettext_lazy("Weight × ln minutes")),
        ),
        expected=lambda reading: {
            "weight": reading.fact("mass"), "logs": reading.fact("mass") * log(reading.fact("minutes")),
        },
        formula=_latency_formula,
    )  # fmt: skip


def _latency_formula(reading: Reading) -> str:
    mass, minutes = reading.fact("mass"), reading.fact("minutes")
    return _("e^(%(logs)s ÷ %(weight)s) = %(minutes)s minutes of working time: %(points)s points") % {
        "logs": figure(mass * log(minutes), 2), "weight": figure(mass, 2), "minutes": figure(minutes, 0),
        "points": figure(reading.value, 1),
    }  # fmt: skip


OUR_LATENCY = Measure(
    key="our_latency",
    label=gettext_lazy("Our replies"),
    unit="points",
    better="higher",
    sources=("talk",),
    facts=("minutes", "mass"),
    evidence="talk",
    over="talk",
    sums=_latency_sums("out"),
    sql=LATENCY_SQL,
    describe=_our_words,
    weakness=gettext_lazy("our slow replies"),
    needs=gettext_lazy("replies of ours"),
    step=_our_step,
    rows=_latency_rows("out"),
)
"""Points for the decayed geometric mean t of our replies' business minutes: 100/(1+e^(ln t − ln 480))."""

THEIR_LATENCY = Measure(
    key="their_latency",
    label=gettext_lazy("Their replies"),
    unit="points",
    better="higher",
    sources=("talk",),
    facts=("minutes", "mass"),
    evidence="talk",
    over="talk",
    sums=_latency_sums("in"),
    sql=LATENCY_SQL,
    describe=_their_words,
    weakness=gettext_lazy("their slow replies"),
    needs=gettext_lazy("replies of theirs"),
    rows=_latency_rows("in"),
)
"""The same for their replies to us; there is no step for us to take."""


def _tone_words(reading: Reading) -> str:
    n, value = round(reading.n), reading.value
    if value >= WARM:
        words = ngettext("Warm tone (%(n)s remark)", "Warm tone (%(n)s remarks)", n)
    elif value >= FRIENDLY:
        words = ngettext("Friendly tone (%(n)s remark)", "Friendly tone (%(n)s remarks)", n)
    elif value > -FRIENDLY:
        words = ngettext("Neutral tone (%(n)s remark)", "Neutral tone (%(n)s remarks)", n)
    elif value > -WARM:
        words = ngettext("Cool tone (%(n)s remark)", "Cool tone (%(n)s remarks)", n)
    else:
        words = ngettext("Angry tone (%(n)s remark)", "Angry tone (%(n)s remarks)", n)
    return words % {"n": n}


def _tone_formula(reading: Reading) -> str:
    mass = reading.fact("mass")
    return _("%(weighed)s ÷ (%(weight)s + 2) = %(tone)s, from −1 to 1") % {
        "weighed": figure(reading.value * (mass + 2), 2), "weight": figure(mass, 2), "tone": figure(reading.value, 2)
    }  # fmt: skip


SENTIMENT = Measure(
    key="sentiment",
    label=gettext_lazy("Tone"),
    unit="-1 to 1",
    better="higher",
    sources=("talk",),
    over="talk",
    sums={
        "n": recent("age", "tone IS NOT NULL"),
        "mass": total(decayed("age"), "tone IS NOT NULL"),
        "tones": total(f"{decayed('age')} * tone", "tone IS NOT NULL"),
    },
    facts=("mass",),
    evidence="talk",
    sql="""
        SELECT relationship_id, n AS evidence, mass, tones / (mass + 2::float8) AS value
        FROM sums WHERE mass IS NOT NULL
    """,
    describe=_tone_words,
    weakness=gettext_lazy("the tone of what they say"),
    needs=gettext_lazy("remarks whose tone is known"),
    rows=Evidence(
        sql=f"""
            SELECT 'interaction' AS type, id, '' AS name, age, tone, {decayed("age")} AS weight,
                   {decayed("age")} * tone AS weighed
            FROM talk WHERE tone IS NOT NULL
        """,
        tallies=(
            Tally("tone", gettext_lazy("Tone"), summed=False),
            Tally("weight", gettext_lazy("Weight")),
            Tally("weighed", gettext_lazy("Weight × tone")),
        ),
        expected=lambda reading: {
            "weight": reading.fact("mass"), "weighed": reading.value * (reading.fact("mass") + 2),
        },
        formula=_tone_formula,
    ),
)  # fmt: skip
"""Σw·c/(Σw + 2) of the decayed compound tones c, thresholds ±0.05 (Hutto & Gilbert 2014)."""
