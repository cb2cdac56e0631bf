"""Whether promises are kept, and whether something is wrong between us."""

from math import exp

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from core.wording import figure, shortest
from health.registry import Evidence, Measure, Reading, Step, Tally, decayed, number, recent, total, within

PULL = 5
"""m: a rate leans on the kind's rate as if by this many promises more."""

MONTH_DAYS, QUARTER_DAYS = 30, 90


def _promise_sums(direction: str) -> dict[str, str]:
    theirs = f"direction IN ('{direction}', 'mutual')"
    due = f"counted AND {theirs}"
    return {
        "mass": total(decayed("age"), due),
        "kept_mass": total(decayed("age"), f"{due} AND on_time"),
        "n": recent("age", due),
        "kept": recent("age", f"{due} AND on_time"),
        "owed": number(f"{due} AND owed"),
        "ahead": number(f"{theirs} AND ahead"),
    }


PROMISE_SQL = f"""
    SELECT relationship_id, n AS evidence, kept, owed, mass, kept_mass, ahead,
           CASE WHEN %(prior)s::float8 IS NULL THEN 0::float8 ELSE {PULL}::float8 END AS pull,
           CASE WHEN %(prior)s::float8 IS NULL THEN kept_mass / mass
                ELSE (kept_mass + {PULL}::float8 * %(prior)s::float8) / (mass + {PULL}::float8)
           END AS value
    FROM (SELECT relationship_id, n, kept, owed, mass, COALESCE(kept_mass, 0::float8) AS kept_mass, ahead
          FROM sums WHERE mass > 0::float8) counted
"""

PROMISE_PRIOR = f"SELECT {total('kept_mass')} / NULLIF({total('mass')}, 0::float8) AS prior FROM sums"


def _promise_words(reading: Reading) -> str:
    n, owed = round(reading.n), round(reading.fact("owed"))
    words = ngettext("%(kept)s of %(n)s promise on time", "%(kept)s of %(n)s promises on time", n) % {
        "kept": round(reading.fact("kept")), "n": n,
    }  # fmt: skip
    if not owed:
        return words
    late = ngettext("%(n)s still owed", "%(n)s still owed", owed) % {"n": owed}
    return f"{words}, {late}"


def _promise_step(reading: Reading) -> Step | None:
    """Keep the next promise on time; else deliver a late one, which then begins to count less."""
    weight = reading.fact("mass") + reading.fact("pull")
    if reading.fact("ahead"):
        return Step("keep_promise", (reading.value * weight + 1) / (weight + 1))
    if reading.fact("owed"):
        faded = 1 - reading.left_after(MONTH_DAYS)
        return Step(
            "deliver_late", min(1.0, reading.value * weight / (weight - faded)), within_days=MONTH_DAYS
        )
    return None


def _promise_rows(direction: str) -> Evidence:
    return Evidence(
        sql=f"""
            SELECT 'commitment' AS type, id, '' AS name, age, {decayed("age")} AS weight,
                   CASE WHEN on_time THEN {decayed("age")} ELSE 0::float8 END AS kept
            FROM promises WHERE counted AND direction IN ('{direction}', 'mutual')
        """,
        tallies=(Tally("weight", gettext_lazy("Weight")), Tally("kept", gettext_lazy("Kept on time"))),
        expected=lambda reading: {"weight": reading.fact("mass"), "kept": reading.fact("kept_mass")},
        formula=_promise_formula,
    )


def _promise_formula(reading: Reading) -> str:
    mass, kept, pull = reading.fact("mass"), reading.fact("kept_mass"), reading.fact("pull")
    told = {"kept": figure(kept, 2), "weight": figure(mass, 2), "rate": figure(100 * reading.value, 1)}
    if not pull:
        return _("%(kept)s kept of a weight of %(weight)s: %(rate)s %%") % told
    usual = (reading.value * (mass + pull) - kept) / pull
    told |= {"pull": shortest(pull), "usual": figure(100 * usual, 1)}
    return (
        _("(%(kept)s kept + %(pull)s × the kind's %(usual)s %%) of (%(weight)s + %(pull)s): %(rate)s %%")
        % told
    )


PROMISE_KEEPING = Measure(
    key="promise_keeping",
    label=gettext_lazy("Our promises"),
    unit="share",
    better="higher",
    sources=("promises",),
    facts=("kept", "owed", "ahead", "mass", "kept_mass", "pull"),
    evidence="promises",
    over="promises",
    sums=_promise_sums("ours"),
    sql=PROMISE_SQL,
    prior_sql=PROMISE_PRIOR,
    describe=_promise_words,
    weakness=gettext_lazy("promises not kept on time"),
    needs=gettext_lazy("a promise whose day has come"),
    step=_promise_step,
    rows=_promise_rows("ours"),
)
"""The decayed share of our promises delivered by their original date, leaning on the kind's rate μ with m = 5:
(Σw·kept + 5μ)/(Σw + 5). A promise moved by agreement is still measured by its first date."""

THEIR_PROMISES = Measure(
    key="their_promises",
    label=gettext_lazy("Their promises"),
    unit="share",
    better="higher",
    sources=("promises",),
    facts=("kept", "owed", "ahead", "mass", "kept_mass", "pull"),
    evidence="promises",
    over="promises",
    sums=_promise_sums("theirs"),
    sql=PROMISE_SQL,
    prior_sql=PROMISE_PRIOR,
    describe=_promise_words,
    weakness=gettext_lazy("promises they did not keep"),
    needs=gettext_lazy("a promise of theirs whose day has come"),
    rows=_promise_rows("theirs"),
)
"""The same for what they promised us."""


def _problem_words(reading: Reading) -> str:
    still, days = round(reading.fact("open")), round(reading.fact("days"))
    if not still:
        return _("Nothing open") if reading.value >= 99.5 else _("Nothing open, but not long since")
    opened = ngettext("%(n)s open complaint", "%(n)s open complaints", still) % {"n": still}
    since = ngettext("for %(n)s day", "for %(n)s days", days) % {"n": days}
    return f"{opened}, {since}"


def _problem_step(reading: Reading) -> Step | None:
    """Close all that are open: from then on what they weigh fades, and most of it is gone within three months.

    One alone of several would bring next to nothing, as points fall with e^(−load).
    """
    still = round(reading.fact("open"))
    if not still:
        return None
    load = reading.fact("load") - reading.fact("open_load") * (1 - reading.left_after(QUARTER_DAYS))
    return Step("close_problems", problem_points(load), within_days=QUARTER_DAYS, count=still)


def _problem_formula(reading: Reading) -> str:
    return _("100 · e^(−%(load)s): %(points)s points") % {
        "load": figure(reading.fact('load'), 2), "points": figure(reading.value, 1)
    }  # fmt: skip


def problem_points(load: float) -> float:
    """100·e^(−p) for the weight of complaints p, the formula that the SQL of the measure uses."""
    return 100 * exp(-min(load, 60))


_LOAD = f"""
    CASE WHEN closed_age IS NULL THEN problem_severity::float8
         ELSE problem_severity::float8 * {decayed("closed_age")} END
"""
_OPEN = "problem_severity IS NOT NULL AND closed_age IS NULL"

PROBLEMS = Measure(
    key="problems",
    label=gettext_lazy("Complaints"),
    unit="points",
    better="higher",
    sources=("talk",),
    over="talk",
    sums={
        "n": number(
            f"contact AND {within('age')}"
            f" OR problem_severity IS NOT NULL AND (closed_age IS NULL OR {within('closed_age')})"
        ),
        "load": total(_LOAD, "problem_severity IS NOT NULL"),
        "open": number(_OPEN),
        "open_load": f"COALESCE(sum(problem_severity) FILTER (WHERE {_OPEN}), 0)::float8",
        "days": f"max(age) FILTER (WHERE {_OPEN})",
    },
    facts=("open", "open_load", "days", "load"),
    evidence="problems",
    sql="""
        SELECT relationship_id, n AS evidence, open, open_load, days, load,
               100::float8 * exp(-least(load, 60::float8)) AS value
        FROM (SELECT relationship_id, n, open, open_load, days, COALESCE(load, 0::float8) AS load FROM sums) loaded
    """,
    describe=_problem_words,
    weakness=gettext_lazy("open complaints"),
    needs=gettext_lazy("a contact in which a complaint could have come up"),
    step=_problem_step,
    rows=Evidence(
        sql=f"""
            SELECT 'interaction' AS type, id, '' AS name, age, problem_severity::float8 AS severity,
                   {_LOAD} AS load
            FROM talk WHERE problem_severity IS NOT NULL
        """,
        tallies=(
            Tally("severity", gettext_lazy("Severity"), places=0, summed=False),
            Tally("load", gettext_lazy("Weighs now")),
        ),
        expected=lambda reading: {"load": reading.fact("load")},
        formula=_problem_formula,
    ),
)
"""100·e^(−p), p = Σ severity (1, 2, 4, 8): in full while open, from its closing decayed. The evidence is the
contacts in which a complaint could have been heard, so that silence is not a good score."""
