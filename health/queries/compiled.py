"""A scorecard compiled into SQL: one statement that measures, scores, explains and stores a whole kind.

The statement is the same whether everybody is scored or the few whose evidence changed. Only `target` differs
(`r.kind = …` or `r.id = ANY(…)`, ids of that kind) and where the medians come from: a full run takes them from
what it measured and stores them on the components, a run over touched rows reads what the last full run stored.
Names in the text are ours (registered measures, column numbers); everything that comes from data is a bound
parameter.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import pairwise
from typing import Any

from analytics.hysteresis import HEALTHY_FROM, WATCH_FROM
from health.models import Component, Scorecard
from health.registry import Evidence, Measure, counts_on, measures

NO_MEDIAN = 50.0
"""Reference of a component that nobody of the kind had evidence for when medians were last taken."""

TARGET = """
target AS MATERIALIZED (
    SELECT r.id AS relationship_id, r.party_id, r.cadence_days, p.kind = 'person' AS is_person,
           u.time_zone, (%(as_of)s::timestamptz AT TIME ZONE u.time_zone)::date AS today
    FROM relationships_relationship r
    JOIN relationships_party p ON p.id = r.party_id
    JOIN accounts_businessunit u ON u.id = r.business_unit_id
    WHERE {whom} AND (r.closed_at IS NULL OR r.closed_at > %(as_of)s::timestamptz) AND {of_unit}
)"""

WRITE = """
fresh AS (
    SELECT composed.* FROM composed
    LEFT JOIN health_relationshipscore held ON held.relationship_id = composed.relationship_id
     AND held.scorecard_id = %(scorecard)s::bigint
    WHERE held.shown IS DISTINCT FROM composed.shown
),
written AS (
    INSERT INTO health_relationshipscore
        (relationship_id, scorecard_id, as_of, score, reference, coverage, basis_id, found, evidence, points,
         used, facts, shown, band_weeks)
    SELECT f.relationship_id, %(scorecard)s::bigint, %(as_of)s::timestamptz, f.score, f.reference, f.coverage,
           {basis}, ARRAY[{found}], ARRAY[{evidence}], ARRAY[{points}], ARRAY[{used}], ARRAY[{facts}]::float8[],
           f.shown, 0
    FROM fresh f
    ON CONFLICT (relationship_id) DO UPDATE SET
        scorecard_id = EXCLUDED.scorecard_id, as_of = EXCLUDED.as_of, score = EXCLUDED.score,
        reference = EXCLUDED.reference, coverage = EXCLUDED.coverage, basis_id = EXCLUDED.basis_id,
        found = EXCLUDED.found, evidence = EXCLUDED.evidence, points = EXCLUDED.points, used = EXCLUDED.used,
        facts = EXCLUDED.facts, shown = EXCLUDED.shown
    WHERE (health_relationshipscore.scorecard_id, health_relationshipscore.shown)
        IS DISTINCT FROM (EXCLUDED.scorecard_id, EXCLUDED.shown)
    RETURNING 1
)"""

KEEP_MEDIANS = """
basis AS (
    INSERT INTO health_scorebasis (scorecard_id, as_of, keys, groups, measures, weights, medians, facts, starts)
    SELECT %(scorecard)s::bigint, %(as_of)s::timestamptz, %(keys)s, %(groups)s, %(measures)s,
           %(weights)s::float8[], ARRAY[{references}], %(facts)s::jsonb, %(starts)s::smallint[]
    FROM reference RETURNING id
),
kept AS (
    UPDATE health_component c SET reference = v.median, reference_at = %(as_of)s::timestamptz,
        prior = CASE WHEN v.leans THEN v.prior ELSE c.prior END
    FROM ({medians}) v WHERE c.id = v.id
)"""


EVIDENCE = """
WITH {sources},
found AS (
    SELECT told.*, COALESCE(told.age, 'infinity'::float8) AS since FROM ({rows}) told
    WHERE told.type <> ALL(%(guarded)s)
       OR (told.type, told.id) IN (SELECT * FROM unnest(%(types)s::text[], %(seen)s::bigint[]))
),
running AS (
    SELECT found.*{upto} FROM found WINDOW walk AS (ORDER BY since, type, id ROWS UNBOUNDED PRECEDING)
),
shown AS MATERIALIZED (
    SELECT type, id, name, since{columns} FROM running WINDOW walk AS (ORDER BY since, type, id)
),
totals AS (SELECT count(*) AS number{totals} FROM shown),
page AS (
    (SELECT * FROM shown WHERE NOT %(backwards)s
        AND (since, type, id) > (%(age)s::float8, %(type)s::text, %(id)s::bigint)
     ORDER BY since, type, id LIMIT %(limit)s)
    UNION ALL
    (SELECT * FROM shown WHERE %(backwards)s
        AND (since, type, id) < (%(age)s::float8, %(type)s::text, %(id)s::bigint)
     ORDER BY since DESC, type DESC, id DESC LIMIT %(limit)s)
)
SELECT totals.number{total_names}, page.type, page.id, page.name, page.since{names}
FROM totals LEFT JOIN page ON TRUE ORDER BY page.since, page.type, page.id
"""


@dataclass
class Part:
    """One component under compilation: its number in column names, and the parameters it has bound."""

    number: int
    component: Component
    measure: Measure
    params: dict[str, Any] = field(default_factory=dict)
    finds_prior: bool = False
    """Whether the statement itself finds what the measure leans on, as full runs do; others read what is stored."""

    def bind(self, name: str, value: Any) -> str:
        """A placeholder for `value`, typed where it is a number or text."""
        key = f"c{self.number}_{name}"
        self.params[key] = value
        return f"%({key})s::{'float8' if isinstance(value, float) else 'text'}"

    @property
    def weight(self) -> str:
        """The component's weight as a placeholder."""
        return self.bind("weight", float(self.component.weight))

    def own_parameters(self, sql: str) -> str:
        """The measure's SQL with this component's half-life and prior."""
        if self.finds_prior:
            sql = sql.replace("%(prior)s", f"(SELECT prior FROM prior_{self.number})")
        for name, value in (
            ("half_life", float(self.component.half_life_days)),
            ("prior", self.component.prior),
        ):
            sql = sql.replace(f"%({name})s", f"%(c{self.number}_{name})s")
            self.params[f"c{self.number}_{name}"] = value
        return sql

    def summing(self) -> list[str]:
        """The component's columns of what is summed over its source."""
        return [
            f"{self.own_parameters(sql)} AS c{self.number}_{name}" for name, sql in self.measure.sums.items()
        ]

    def reading_sums(self, sql: str) -> str:
        """SQL of the measure that reads `sums`, with the component's own columns under this name."""
        if not self.measure.sums:
            return self.own_parameters(sql)
        names = ", ".join(f"c{self.number}_{name} AS {name}" for name in self.measure.sums)
        sums = f"SELECT relationship_id, {names} FROM {self.measure.over}_sums"
        return f"WITH sums AS ({sums}) {self.own_parameters(sql)}"

    def curve(self, x: str) -> str:
        """SQL for the points at `x`: straight between the curve's corners, flat beyond its ends."""
        corners = [(float(at), float(points)) for at, points in self.component.curve]
        place = [
            (self.bind(f"x{i}", at), self.bind(f"y{i}", points)) for i, (at, points) in enumerate(corners)
        ]
        pieces = [f"WHEN {x} <= {place[0][0]} THEN {place[0][1]}"]
        for (x0, y0), (x1, y1) in pairwise(place):
            pieces.append(f"WHEN {x} <= {x1} THEN {y0} + ({x} - {x0}) * ({y1} - {y0}) / ({x1} - {x0})")
        return f"CASE {' '.join(pieces)} WHEN {x} IS NOT NULL THEN {place[-1][1]} END"

    def columns(self) -> str:
        """The component's columns of `measured`: value, evidence, points, whether used, and facts."""
        n, m = self.number, f"m{self.number}"
        enough = self.bind("min", float(self.component.min_evidence))
        named = [
            f"{m}.value AS v{n}",
            f"COALESCE({m}.evidence, 0::float8) AS n{n}",
            f"{self.curve(f'{m}.value')} AS s{n}",
            f"COALESCE({m}.value IS NOT NULL AND {m}.evidence >= {enough}, FALSE) AS u{n}",
        ]
        named += [f"{m}.{fact} AS f{n}_{fact}" for fact in self.measure.facts]
        return ", ".join(named)

    def shown(self) -> str:
        """Whole numbers that move when anything shown of the component does. Days that count on do so by themselves."""
        n = self.number
        facts = "".join(
            f", COALESCE(round(greatest(least(w.f{n}_{fact}, 2e9::float8), -2e9::float8))::int, -1)"
            for fact in self.measure.facts
            if not counts_on(fact)
        )
        return f"COALESCE(round(10 * w.s{n})::int, -1), round(w.n{n})::int, w.u{n}::int{facts}"


@dataclass(frozen=True)
class Statement:
    """SQL text with its parameters; `as_of`, `kind` and the ids are bound by `run_parameters`."""

    sql: str
    params: dict[str, Any]


def _parts(components: Sequence[Component]) -> list[Part]:
    return [Part(n, component, measures.get(component.measure)) for n, component in enumerate(components)]


def _sources(parts: Sequence[Part]) -> list[str]:
    wanted = dict.fromkeys(name for part in parts for name in part.measure.sources)
    return [f"{name} AS MATERIALIZED ({measures.source(name).sql})" for name in wanted]


def _sums(parts: Sequence[Part]) -> list[str]:
    """For each source that measures sum over, one pass that finds the sums of them all."""
    columns: dict[str, list[str]] = {}
    for part in parts:
        columns.setdefault(part.measure.over, []).extend(part.summing())
    return [
        f"{source}_sums AS MATERIALIZED (SELECT relationship_id, {', '.join(sums)}"
        f" FROM {source} GROUP BY relationship_id)"
        for source, sums in columns.items()
        if sums
    ]


def _priors(parts: Sequence[Part]) -> list[str]:
    """What measures lean on where one relationship tells little, found over everybody, from the same evidence."""
    return [
        f"prior_{part.number} AS MATERIALIZED ({part.reading_sums(part.measure.prior_sql)})"
        for part in parts
        if part.finds_prior
    ]


def _target(scorecard: Scorecard, others: Sequence[int], touched: bool) -> tuple[str, dict[str, Any]]:
    """A unit's own scorecard scores that unit; the kind's general one every unit without its own."""
    if scorecard.business_unit_id is not None:
        of_unit, units = "r.business_unit_id = ANY(%(units)s)", [scorecard.business_unit_id]
    else:
        of_unit, units = "r.business_unit_id <> ALL(%(units)s)", list(others)
    text = TARGET.format(of_unit=of_unit, whom="r.id = ANY(%(ids)s)" if touched else "r.kind = %(kind)s")
    return text, {"units": units}


def _measured(parts: Sequence[Part]) -> str:
    joins = "\n".join(
        f"LEFT JOIN ({part.reading_sums(part.measure.sql)}) m{part.number}"
        f" ON m{part.number}.relationship_id = target.relationship_id"
        for part in parts
    )
    columns = ",\n       ".join(part.columns() for part in parts)
    return (
        f"measured AS MATERIALIZED (SELECT target.relationship_id,\n       {columns}\nFROM target\n{joins})"
    )


def _reference(parts: Sequence[Part], computed: bool) -> str:
    if computed:
        medians = ", ".join(
            f"COALESCE(percentile_cont(0.5::float8) WITHIN GROUP (ORDER BY s{p.number})"
            f" FILTER (WHERE u{p.number}), {NO_MEDIAN}::float8) AS r{p.number}"
            for p in parts
        )
        return f"reference AS MATERIALIZED (SELECT {medians} FROM measured)"
    stored = ", ".join(f"{p.bind('reference', median_of(p.component))} AS r{p.number}" for p in parts)
    return f"reference AS MATERIALIZED (SELECT {stored})"


def _added(parts: Sequence[Part], term: str) -> str:
    """Adds over the used components in scorecard order, always the same: the sum is the same to the last bit."""
    return " + ".join(
        f"CASE WHEN m.u{p.number} THEN {p.weight}{term.format(n=p.number)} ELSE 0::float8 END" for p in parts
    )


def _composed(parts: Sequence[Part]) -> str:
    shown = ", ".join(part.shown() for part in parts)
    every = " + ".join(part.weight for part in parts)
    return f"""
weighed AS (
    SELECT m.*, {_added(parts, "")} AS used, {_added(parts, " * m.s{n}")} AS gained,
           {_added(parts, " * r.r{n}")} AS expected, {every} AS every_weight
    FROM measured m CROSS JOIN reference r OFFSET 0
),
scored AS (
    SELECT weighed.*, used / every_weight AS coverage,
           CASE WHEN enough THEN gained / used END AS score,
           CASE WHEN enough THEN expected / used END AS reference
    FROM (SELECT weighed.*, used > 0::float8
              AND used >= %(threshold)s::float8 * every_weight - 1e-9::float8 AS enough FROM weighed) weighed
),
composed AS (
    SELECT w.*, ARRAY[COALESCE(round(10 * w.score)::int, -1), COALESCE(round(10 * w.reference)::int, -1),
                      round(1000 * w.coverage)::int, {shown}] AS shown
    FROM scored w OFFSET 0
)"""


def compile_scoring(
    scorecard: Scorecard,
    components: Sequence[Component],
    *,
    other_units: Sequence[int],
    touched: bool,
) -> Statement:
    """The statement that scores and stores; its one row is (relationships looked at, rows written).

    `other_units` are the business units with a scorecard of their own. With `touched`, bind `ids`, and the `basis`
    that holds the stored medians.
    """
    parts = _parts(components)
    target, params = _target(scorecard, other_units, touched)
    for part in parts:
        part.finds_prior = not touched and bool(part.measure.prior_sql)
    pieces = [target, *_sources(parts), *_sums(parts), *_priors(parts), _measured(parts)]
    pieces.append(_reference(parts, computed=not touched))
    pieces.append(_composed(parts).strip())
    if not touched:
        pieces.append(_kept(parts))
        columns = basis_columns(components)
        params |= columns | {"facts": json.dumps(columns["facts"])}
    pieces.append(_written(parts, "%(basis)s::bigint" if touched else "(SELECT id FROM basis)"))
    sql = f"WITH {', '.join(pieces)}\nSELECT (SELECT count(*) FROM target), (SELECT count(*) FROM written)"
    for part in parts:
        params |= part.params | {f"c{part.number}_id": part.component.pk}
    params |= {"scorecard": scorecard.pk, "threshold": float(scorecard.coverage_threshold)}
    return Statement(sql, params | {"kind": scorecard.kind})


def basis_columns(components: Sequence[Component]) -> dict[str, Any]:
    """What a basis says of the components, but for the medians, by column."""
    facts = [list(measures.get(component.measure).facts) for component in components]
    return {
        "keys": [component.key for component in components],
        "groups": [component.group for component in components],
        "measures": [component.measure for component in components],
        "weights": [float(component.weight) for component in components],
        "facts": facts,
        "starts": [1 + sum(map(len, facts[:at])) for at in range(len(facts))],
    }


def median_of(component: Component) -> float:
    """The stored median, or the one that stands where nobody of the kind had evidence."""
    return NO_MEDIAN if component.reference is None else component.reference


def _kept(parts: Sequence[Part]) -> str:
    """Writes the medians: a basis for this run's scores, and on the components for the runs until the next."""
    medians = " UNION ALL ".join(
        f"SELECT %(c{part.number}_id)s::bigint AS id, r{part.number} AS median, {part.finds_prior} AS leans,"
        f" {f'(SELECT prior FROM prior_{part.number})' if part.finds_prior else 'NULL'}::float8 AS prior"
        " FROM reference"
        for part in parts
    )
    references = ", ".join(f"r{part.number}" for part in parts)
    return KEEP_MEDIANS.format(medians=medians, references=references).strip()


def _written(parts: Sequence[Part], basis: str) -> str:
    """Writes the scores that moved, each component's numbers in arrays."""
    named = {"found": "v", "evidence": "n", "points": "s", "used": "u"}
    columns = {
        name: ", ".join(f"f.{letter}{part.number}" for part in parts) for name, letter in named.items()
    }
    facts = ", ".join(f"f.f{part.number}_{fact}" for part in parts for fact in part.measure.facts)
    return WRITE.format(basis=basis, facts=facts, **columns).strip()


TRIALS = {
    "count": "SELECT count(shown) FROM composed",
    "moves": """
        SELECT before.band, after.band, count(*), COALESCE(sum(after.score - before.score), 0)
        FROM composed tried
        LEFT JOIN health_relationshipscore held ON held.relationship_id = tried.relationship_id
        CROSS JOIN LATERAL (SELECT tried.score, {tried} AS band) after
        CROSS JOIN LATERAL (SELECT held.score, {held} AS band) before
        GROUP BY 1, 2
    """,
    "parts": "SELECT score, coverage{parts} FROM composed",
}
BAND = """
    CASE WHEN {score} IS NULL THEN ''
         WHEN round({score}::text::numeric, 1) >= %(healthy)s THEN 'healthy'
         WHEN round({score}::text::numeric, 1) >= %(watch)s THEN 'watch' ELSE 'at_risk' END
"""


def compile_trial(
    scorecard: Scorecard,
    components: Sequence[Component],
    *,
    size: int,
    ask: str = "count",
    other_units: Sequence[int] = (),
    ids: Sequence[int] | None = None,
) -> Statement:
    """The same statement without the writing, over at most `size` relationships, or over `ids`.

    `ask` says what it answers: `count` of relationships; `moves`, rows of (band now, band then, how many, sum of
    differences); `parts`, for each its score and coverage and every component's value, evidence, points, use.
    Over `ids` the medians are the stored ones.
    """
    parts = _parts(components)
    touched = ids is not None
    target, params = _target(scorecard, other_units, touched=touched)
    target = target.rstrip().removesuffix(")") + "    ORDER BY r.id LIMIT %(size)s\n)"
    pieces = [
        target,
        *_sources(parts),
        *_sums(parts),
        _measured(parts),
        _reference(parts, computed=not touched),
        _composed(parts),
    ]
    columns = "".join(f", v{p.number}, n{p.number}, s{p.number}, u{p.number}" for p in parts)
    asked = TRIALS[ask].format(
        tried=BAND.format(score="tried.score"), held=BAND.format(score="held.score"), parts=columns
    )
    sql = f"WITH {', '.join(piece.strip() for piece in pieces)} {asked}"
    for part in parts:
        params |= part.params
    params |= {"kind": scorecard.kind, "size": size, "threshold": float(scorecard.coverage_threshold)}
    return Statement(sql, params | {"ids": list(ids or ()), "healthy": HEALTHY_FROM, "watch": WATCH_FROM})


def compile_evidence(component: Component, rows: Evidence) -> Statement:
    """The statement that pages through the rows behind one component's number, the freshest first.

    Bind `ids` (of one relationship), `as_of`, `guarded` (types of rows of which only those in `types` and `seen`
    may be told), `limit`, and the place to go on from: `age`, `type`, `id`, `backwards`. Each row found carries
    the number of all and their totals; without any, one row stands with these alone. Sums are rounded as they
    grow, so that what is shown of the rows adds up to what is shown of the total, over all pages.
    """
    part = Part(0, component, measures.get(component.measure))
    target = TARGET.format(of_unit="TRUE", whom="r.id = ANY(%(ids)s)")
    summed = [tally for tally in rows.tallies if tally.summed]
    upto = "".join(
        f", round((sum({tally.name}) OVER walk)::numeric, {tally.places}) AS upto_{tally.name}"
        for tally in summed
    )
    columns = "".join(
        f", upto_{tally.name} - lag(upto_{tally.name}, 1, 0::numeric) OVER walk AS {tally.name}"
        if tally.summed
        else f", round({tally.name}::numeric, {tally.places}) AS {tally.name}"
        for tally in rows.tallies
    )
    totals = "".join(f", COALESCE(sum({tally.name}), 0) AS total_{tally.name}" for tally in summed)
    sql = EVIDENCE.format(
        sources=", ".join([target.strip(), *_sources([part])]),
        rows=part.own_parameters(rows.sql),
        upto=upto,
        columns=columns,
        totals=totals,
        total_names="".join(f", totals.total_{tally.name}" for tally in summed),
        names="".join(f", page.{tally.name}" for tally in rows.tallies),
    )
    return Statement(sql, part.params)


def run_parameters(statement: Statement, *, as_of: datetime, ids: Sequence[int] = ()) -> dict[str, Any]:
    """The statement's parameters for one run."""
    return statement.params | {"as_of": as_of, "ids": list(ids)}
