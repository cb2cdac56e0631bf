"""Adds health up into cells, as it is now and as it was kept on a Monday; and how promises were kept."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import Case, F, Q, When

from accounts.enums import Confidentiality
from dashboards.models import HealthCell, PromiseCell
from health.operations.planning import planned_for
from relationships import kinds
from relationships.models import Commitment
from relationships.queries.commitment_ledger import RATED, rated

SIGHT = ("kind", "business_unit_id", "team_id", "owner_id", "confidentiality")
"""The columns of a relationship by which sight is decided."""

WEEKS_KEPT = 53
WEEK_ENDS = time(0, tzinfo=UTC)
"""A week is over when its Monday begins."""

SCORES = {
    "now": """
    SELECT st.relationship_id, st.health_status AS status, score.score, score.points, score.used,
           score.basis_id
    FROM relationships_relationshipstate st
    LEFT JOIN health_relationshipscore score
      ON score.relationship_id = st.relationship_id AND score.score IS NOT NULL
    """,
    "week": """
    SELECT DISTINCT ON (s.relationship_id) s.relationship_id, s.status, s.score, s.points, s.used,
           s.basis_id
    FROM health_scoresnapshot s WHERE s.week <= %(week)s ORDER BY s.relationship_id, s.week DESC
    """,
}
"""A relationship's score and parts, now or as last kept by a week."""

ROWS = """
CREATE TEMPORARY TABLE cell_row ON COMMIT DROP AS
WITH score AS ({scores})
SELECT r.kind, r.business_unit_id, r.team_id, r.owner_id, r.confidentiality,
       CASE WHEN r.confidentiality >= %(own)s OR r.kind = ANY(%(closed)s) THEN r.id END AS own_id,
       COALESCE(score.status, '') AS status, score.score, score.points, score.used,
       score.basis_id,
       CASE WHEN st.value_amount <= 0 THEN NULL
            WHEN st.value_currency = home.code THEN st.value_amount::float8
            ELSE st.value_amount::float8 * rate.rate::float8 END AS value
FROM relationships_relationship r
JOIN relationships_relationshipstate st ON st.relationship_id = r.id
CROSS JOIN (SELECT currency_id AS code FROM accounts_businessunit WHERE is_default) home
LEFT JOIN LATERAL (
    SELECT x.rate FROM accounts_exchangerate x WHERE x.currency_id = st.value_currency AND x.into_id = home.code
      AND x.rate_date <= %(day)s ORDER BY x.rate_date DESC LIMIT 1
) rate ON st.value_currency <> home.code
LEFT JOIN score ON score.relationship_id = r.id
WHERE r.opened_at <= %(moment)s AND (r.closed_at IS NULL OR r.closed_at > %(moment)s)
"""
GROUPING = "kind, business_unit_id, team_id, owner_id, confidentiality, own_id"

CELLS = f"""
INSERT INTO dashboards_healthcell (week, kind, business_unit_id, team_id, owner_id, confidentiality,
    relationship_id, relationships, healthy, watch, at_risk, plain_count, plain_sum, valued_count, value_sum,
    weighted_sum, made_at)
SELECT %(week)s, {GROUPING}, count(*), count(*) FILTER (WHERE status = 'healthy'),
    count(*) FILTER (WHERE status = 'watch'), count(*) FILTER (WHERE status = 'at_risk'),
    count(score) FILTER (WHERE value IS NULL), COALESCE(sum(score) FILTER (WHERE value IS NULL), 0),
    count(score) FILTER (WHERE value IS NOT NULL), COALESCE(sum(value) FILTER (WHERE score IS NOT NULL), 0),
    COALESCE(sum(value * score), 0), %(now)s
FROM cell_row GROUP BY {GROUPING}
"""  # noqa: S608 - a constant of this module

PARTS = """
INSERT INTO dashboards_healthcellpart (cell_id, "group", plain_sum, weighted_sum)
SELECT cell.id, part.name, COALESCE(sum(part.points) FILTER (WHERE row.value IS NULL), 0),
       COALESCE(sum(part.points * row.value), 0)
FROM (SELECT *, row_number() OVER () AS n FROM cell_row WHERE score IS NOT NULL) row
JOIN health_scorebasis basis ON basis.id = row.basis_id
CROSS JOIN LATERAL (
    SELECT p.name, sum(p.weight * p.points) / sum(sum(p.weight)) OVER () AS points
    FROM unnest(basis.groups, basis.weights, row.points, row.used) AS p(name, weight, points, used)
    WHERE p.used GROUP BY p.name
) part
JOIN dashboards_healthcell cell ON cell.week IS NOT DISTINCT FROM %(week)s AND cell.kind = row.kind
 AND cell.business_unit_id = row.business_unit_id AND cell.team_id IS NOT DISTINCT FROM row.team_id
 AND cell.owner_id = row.owner_id AND cell.confidentiality = row.confidentiality
 AND cell.relationship_id IS NOT DISTINCT FROM row.own_id
GROUP BY cell.id, part.name
"""

SHARED = "NOT is_whole AND relationship_id IS NULL AND confidentiality <= %(whole)s"
SUMS = (
    "relationships", "healthy", "watch", "at_risk", "plain_count", "plain_sum", "valued_count", "value_sum",
    "weighted_sum",
)  # fmt: skip


def _whole(table: str, sums: Sequence[str], condition: str, more: str = "") -> str:
    """Adds up the shared cells of a kind and business unit, up to internal."""
    added = ", ".join(f"sum({name})" for name in sums)
    return f"""
INSERT INTO {table} (kind, business_unit_id, confidentiality, is_whole, {", ".join(sums)}{more})
SELECT kind, business_unit_id, %(whole)s, true, {added}{more}
FROM {table} WHERE {SHARED} AND {condition} GROUP BY kind, business_unit_id{more}
"""  # noqa: S608 - constants of this module


WHOLE_CELLS = _whole("dashboards_healthcell", SUMS, "week IS NOT DISTINCT FROM %(week)s", ", week, made_at")
WHOLE_PARTS = f"""
INSERT INTO dashboards_healthcellpart (cell_id, "group", plain_sum, weighted_sum)
SELECT whole.id, part."group", sum(part.plain_sum), sum(part.weighted_sum)
FROM (SELECT * FROM dashboards_healthcell WHERE {SHARED} AND week IS NOT DISTINCT FROM %(week)s) cell
JOIN dashboards_healthcellpart part ON part.cell_id = cell.id
JOIN dashboards_healthcell whole ON whole.is_whole AND whole.week IS NOT DISTINCT FROM %(week)s
 AND whole.kind = cell.kind AND whole.business_unit_id = cell.business_unit_id
GROUP BY whole.id, part."group"
"""  # noqa: S608 - constants of this module
WHOLE_PROMISES = _whole("dashboards_promisecell", RATED, "true")


@transaction.atomic
def add_up(*, now: datetime, week: date | None = None) -> int:
    """Sums health as it is now, or as kept by the Monday `week`, in place of the sums there were; how many cells.

    A past week counts whoever was open then, by today's owner, team and value: those are not kept by week.
    """
    params: dict[str, Any] = {
        "now": now,
        "week": week,
        "moment": datetime.combine(week, WEEK_ENDS) if week else now,
        "day": week or now.date(),
        "own": Confidentiality.CONFIDENTIAL,
        "whole": Confidentiality.INTERNAL,
        "closed": [kind.slug for kind, _ in kinds.registry.closed],
    }
    HealthCell.objects.filter(week=week).delete()
    with planned_for(everybody=True), connection.cursor() as cursor:
        cursor.execute(ROWS.format(scores=SCORES["week" if week else "now"]), params)
        cursor.execute(CELLS, params)
        made = int(cursor.rowcount)
        cursor.execute(PARTS, params)
        cursor.execute(WHOLE_CELLS, params)
        cursor.execute(WHOLE_PARTS, params)
        cursor.execute("DROP TABLE cell_row")
    return made


@transaction.atomic
def add_up_promises(*, now: datetime) -> None:
    """How both sides kept their word over the last year, in place of what was added up before."""
    apart = [kind.slug for kind, _ in kinds.registry.closed]
    one_by_one = Q(relationship__confidentiality__gte=Confidentiality.CONFIDENTIAL) | Q(
        relationship__kind__in=apart
    )
    by: dict[str, Any] = {f"cell_{name}": F(f"relationship__{name}") for name in SIGHT}
    by["cell_relationship_id"] = Case(When(one_by_one, then=F("relationship_id")))
    rows = rated(Commitment.objects.made_openly(), by=by, today=now.date())
    sql, params = rows.query.sql_with_params()
    PromiseCell.objects.all().delete()
    columns = ", ".join((*SIGHT, "relationship_id", *RATED))
    with connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO dashboards_promisecell ({columns}) {sql}", params)
        cursor.execute(WHOLE_PROMISES, {"whole": Confidentiality.INTERNAL})


@transaction.atomic
def keep_sums(*, now: datetime, weeks: int = 1) -> int:
    """Sums now, and the last `weeks` Mondays that are not summed yet; drops what is older than a year."""
    add_up_promises(now=now)
    made = add_up(now=now)
    last = now.date() - timedelta(days=now.date().weekday())
    for back in range(weeks):
        week = last - timedelta(weeks=back)
        if not HealthCell.objects.filter(week=week).exists():
            made += add_up(now=now, week=week)
    HealthCell.objects.filter(week__lt=last - timedelta(weeks=WEEKS_KEPT)).delete()
    return made
