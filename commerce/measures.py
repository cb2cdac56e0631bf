"""What trade says of a relationship's health: whether they will buy again, and what they are worth."""

from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.enums import Permission
from core.wording import figure
from health.registry import Evidence, Measure, OutcomeSource, Reading, RowType, ShownRow, Source, Step, Tally
from relationships.models import Relationship

PURCHASES = Source(
    "purchases",
    """
    SELECT target.relationship_id, fact.purchase_days::float8 AS days,
           (target.today - fact.first_date)::float8 AS first_age,
           (target.today - fact.last_date)::float8 AS last_age,
           fact.value_percentile AS share
    FROM target
    JOIN commerce_purchasefact fact ON fact.relationship_id = target.relationship_id
     AND fact.computed_at <= %(as_of)s::timestamptz
    UNION ALL
    SELECT target.relationship_id, past.days::float8, (target.today - past.first_date)::float8,
           (target.today - past.last_date)::float8,
           percent_rank() OVER (PARTITION BY fact.currency ORDER BY past.year)
    FROM target
    JOIN commerce_purchasefact fact ON fact.relationship_id = target.relationship_id
     AND fact.computed_at > %(as_of)s::timestamptz
    CROSS JOIN LATERAL (
        SELECT count(DISTINCT day) FILTER (WHERE line.kind = 'sale') AS days,
               min(day) FILTER (WHERE line.kind = 'sale') AS first_date,
               max(day) FILTER (WHERE line.kind = 'sale') AS last_date,
               COALESCE(sum(line.amount) FILTER (WHERE day > target.today - 365
                                                   AND line.currency = fact.currency), 0) AS year
        FROM commerce_orderline line
        CROSS JOIN LATERAL (SELECT (line.ordered_at AT TIME ZONE target.time_zone)::date AS day) calendar
        WHERE line.relationship_id = target.relationship_id AND line.ordered_at <= %(as_of)s::timestamptz
    ) past
    WHERE past.days > 0
    """,
)
"""Days with a purchase, how long ago the first and the last were, and the share of the others of the kind and
currency that are worth less. The rolled-up facts while they are not newer than the moment asked for; for a moment
that lies before them, the order lines themselves (then worth is the net amount of the 365 days before it)."""


DAYS_BOUGHT = """
    SELECT 'day' AS type, (day - date '1970-01-01')::bigint AS id, to_char(day, 'YYYY-MM-DD') AS name,
           (today - day)::float8 AS age, {columns}
    FROM (SELECT (line.ordered_at AT TIME ZONE target.time_zone)::date AS day, target.today, line.kind,
                 line.amount, line.currency, fact.currency AS usual
          FROM target
          JOIN commerce_orderline line ON line.relationship_id = target.relationship_id
          JOIN commerce_purchasefact fact ON fact.relationship_id = target.relationship_id
          WHERE line.ordered_at <= %(as_of)s::timestamptz) lines
    WHERE {whether} GROUP BY day, today
"""


def _show_day(name: str, relationship: Relationship) -> ShownRow:
    day = date.fromisoformat(name)
    address = f"/{relationship.kind}/{relationship.pk}/orders/?month={name[:7]}"
    return ShownRow(date_format(day, "D j M Y"), href=address)


DAY = RowType("day", _show_day)
"""A day with orders, on the calendar of the relationship's business unit."""


def _alive_formula(reading: Reading) -> str:
    return _(
        "%(n)s days with a purchase, the first and the last of them, and how customers of the kind stop buying "
        "(MBG/NBD): %(chance)s %% likely to buy again"
    ) % {"n": round(reading.n), "chance": figure(100 * reading.value, 1)}


def _value_formula(reading: Reading) -> str:
    return _(
        "What is expected of the next year or, without a forecast, what these 365 days brought: more than with "
        "%(share)s %% of the others of the kind"
    ) % {"share": figure(100 * reading.value, 1)}


def _alive_words(reading: Reading) -> str:
    days, last = round(reading.n), round(reading.fact("last_age"))
    bought = ngettext("Bought on %(n)s day", "Bought on %(n)s days", days) % {"n": days}
    since = ngettext("the last %(n)s day ago", "the last %(n)s days ago", last) % {"n": last}
    return _("%(bought)s, %(since)s: %(chance)s %% likely to buy again") % {
        "bought": bought, "since": since, "chance": round(100 * reading.value),
    }  # fmt: skip


def _alive_step(reading: Reading) -> Step | None:
    if reading.fact("after") <= reading.value:
        return None
    return Step("", reading.fact("after"), gettext_lazy("Win an order"))


ALIVE = Measure(
    key="alive",
    label=gettext_lazy("Still buying"),
    unit="share",
    better="higher",
    sources=("purchases",),
    facts=("last_age", "after"),
    sql="""
        SELECT bought.relationship_id, bought.days AS evidence, bought.last_age,
               1::float8 / (1::float8 + fit.a / (fit.b + bought.days)) AS after,
               1::float8 / (1::float8 + exp(least(
                   ln(fit.a / (fit.b + (bought.days - 1::float8)))
                   + (fit.r + (bought.days - 1::float8)) * (
                       ln(fit.alpha + bought.first_age / 7::float8)
                       - ln(fit.alpha + (bought.first_age - bought.last_age) / 7::float8)),
                   700::float8))) AS value
        FROM purchases bought
        JOIN relationships_relationship relationship ON relationship.id = bought.relationship_id
         AND relationship.revenue_type = 'transactional'
        JOIN (
            SELECT DISTINCT ON (kind) kind, (parameters ->> 'r')::float8 AS r,
                   (parameters ->> 'alpha')::float8 AS alpha, (parameters ->> 'a')::float8 AS a,
                   (parameters ->> 'b')::float8 AS b
            FROM commerce_modelfit WHERE model = 'mbg-nbd' AND outcome = 'accepted'
            ORDER BY kind, fitted_at DESC, id DESC
        ) fit ON fit.kind = relationship.kind
    """,
    describe=_alive_words,
    weakness=gettext_lazy("the long time without an order"),
    needs=gettext_lazy("a first order, and 500 customers with purchases to compare with"),
    step=_alive_step,
    rows=Evidence(
        sql=DAYS_BOUGHT.format(columns="1::float8 AS days", whether="kind = 'sale'"),
        tallies=(Tally("days", gettext_lazy("Day with a purchase"), places=0),),
        expected=lambda reading: {"days": reading.n},
        formula=_alive_formula,
        permission=Permission.VIEW_MONEY,
    ),
)
"""P(alive) of MBG/NBD, 1/(1 + (a/(b+x))·((α+T)/(α+t_x))^(r+x)), by the kind's fit in use. `after` is what it
would be right after one more order. Contracts have no such measure: they tell when they end."""


def _value_words(reading: Reading) -> str:
    return _("Worth more than %(share)s %% of the others") % {"share": round(100 * reading.value)}


VALUE = Measure(
    key="value",
    label=gettext_lazy("What they are worth"),
    unit="share",
    better="higher",
    sources=("purchases",),
    sql="""
        SELECT relationship_id, days AS evidence, share AS value FROM purchases WHERE share IS NOT NULL
    """,
    describe=_value_words,
    weakness=gettext_lazy("small purchases"),
    needs=gettext_lazy("a first order"),
    rows=Evidence(
        sql=DAYS_BOUGHT.format(
            columns="sum(amount)::float8 AS amount", whether="day > today - 365 AND currency = usual"
        ),
        tallies=(Tally("amount", gettext_lazy("Net amount")),),
        formula=_value_formula,
        permission=Permission.VIEW_MONEY,
    ),
)
"""The share of the kind's other open relationships, of the same currency, that are worth less."""

SOURCES = (PURCHASES,)
MEASURES = (ALIVE, VALUE)
ROW_TYPES = (DAY,)

SILENT = OutcomeSource(
    key="stopped_buying",
    label=gettext_lazy("Bought nothing for over twice their usual gap"),
    kinds=("customers",),
    sql="""
        SELECT relationship_id, silent_date AS happened_date
        FROM (
            SELECT relationship_id, next_day,
                   day + ceil(2 * GREATEST((day - first_day)::float8 / (place - 1), 7::float8))::int AS silent_date
            FROM (
                SELECT bought.relationship_id, day, row_number() OVER line AS place,
                       min(day) OVER line AS first_day, lead(day) OVER line AS next_day
                FROM (
                    SELECT DISTINCT o.relationship_id, (o.ordered_at AT TIME ZONE 'UTC')::date AS day
                    FROM commerce_order o
                    JOIN relationships_relationship r ON r.id = o.relationship_id AND r.kind = %(kind)s
                    WHERE o.side = 'they_buy' AND o.amount > 0 AND o.ordered_at <= %(as_of)s::timestamptz
                ) bought
                WINDOW line AS (PARTITION BY bought.relationship_id ORDER BY day)
            ) placed
            WHERE place >= 3
        ) gaps
        WHERE silent_date < COALESCE(next_day, 'infinity'::date)
          AND silent_date < (%(as_of)s::timestamptz AT TIME ZONE 'UTC')::date
    """,
)
"""A customer with at least three days of purchases who then lets more than twice the mean gap pass, a fortnight at
least. Which day that is can be said once it has passed without a purchase; later orders do not undo it."""
