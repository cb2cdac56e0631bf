"""Cases from the typed rows: a case a row, or a step a row of a log, each in the relationship of whom it names."""

from django.db import connection
from django.utils.translation import gettext as _

from cases.enums import CaseState, CaseType
from cases.models import Case
from cases.operations.bulk_cases import prepare_case_drafts, take_in_cases
from cases.transitions import table_of
from core.refusals import Invalid
from exchange.enums import HeldReason
from exchange.operations.report import Outcome
from exchange.operations.sight import hold_out_of_sight
from exchange.operations.staging import run_statement
from exchange.operations.terms import Terms
from exchange.queries.mappings import SERIAL
from exchange.registry import UNKNOWN
from relationships.operations.bulk import open_drafts, prepare_drafts, recognise_drafts

MOMENTS = ("passed_on_at", "acknowledged_at", "answered_at", "closed_at")

MISSING = """
UPDATE ingest_rows SET verdict = CASE
    WHEN NOT %(is_log)s THEN 'raised_at' WHEN external_id IS NULL THEN 'external_id' WHEN step IS NULL THEN 'step'
    ELSE 'step_at' END || ':' || %(reason)s
WHERE verdict IS NULL AND CASE WHEN %(is_log)s
    THEN external_id IS NULL OR step IS NULL OR step_at_value IS NULL ELSE raised_at_value IS NULL END
"""

BEFORE = """
UPDATE ingest_rows SET verdict = '{name}:{reason}'
WHERE verdict IS NULL AND CASE WHEN {has_time} AND {raised_has_time} THEN {name}_value < raised_at_value
    ELSE ({name}_value AT TIME ZONE %(zone)s)::date < (raised_at_value AT TIME ZONE %(zone)s)::date END
"""
"""Two moments are held against each other; a moment and a day, or two days, by their days."""

REACHED = """
UPDATE ingest_rows rows SET state = word.ours FROM unnest(%(theirs)s::text[], %(ours)s::text[]) AS word (theirs, ours)
WHERE rows.state IS NULL AND rows.step = word.theirs
"""

UNFIT = """
UPDATE ingest_rows rows SET verdict = %(verdict)s
WHERE verdict IS NULL AND state IS NOT NULL AND NOT EXISTS (
    SELECT FROM unnest(%(types)s::text[], %(states)s::text[]) AS fits (type, state)
    WHERE fits.type = COALESCE(rows.type, %(type)s) AND fits.state = rows.state)
"""

PARTY_REFS = "UPDATE ingest_rows SET party_ref = COALESCE(party_ref, left(party, 120)) WHERE verdict IS NULL"

DRAFT_PARTIES = """
INSERT INTO relationship_drafts (ref, n, party_kind, name)
SELECT party_ref, min(n), %(party_kind)s, (array_agg(party ORDER BY n))[1]
FROM ingest_rows WHERE verdict IS NULL GROUP BY party_ref
"""

SHOWN_AS = """
UPDATE ingest_rows SET verdict = replace(verdict, 'party_ref:', 'party:') WHERE starts_with(verdict, 'party_ref:')
"""

OUT_OF_SIGHT = """
UPDATE ingest_rows rows SET verdict = %(verdict)s FROM cases_caseorigin known
WHERE rows.verdict IS NULL AND known.source = %(source)s AND known.ref = rows.external_id
  AND known.case_id = ANY (%(hidden)s::bigint[])
"""

KNOWN = """
SELECT DISTINCT known.case_id FROM ingest_rows rows JOIN cases_caseorigin known
ON known.source = %(source)s AND known.ref = rows.external_id WHERE rows.verdict IS NULL
"""

CONTRADICTIONS = """
UPDATE ingest_rows rows SET verdict = %(verdict)s
FROM (SELECT n, first_value(values_key) OVER (PARTITION BY external_id ORDER BY n) AS said
      FROM ingest_rows WHERE verdict IS NULL AND external_id IS NOT NULL) first
WHERE rows.n = first.n AND rows.values_key <> first.said;
UPDATE ingest_rows rows SET verdict = %(verdict)s FROM cases_caseorigin known
WHERE rows.verdict IS NULL AND known.source = %(source)s AND known.ref = rows.external_id
  AND known.values_key <> rows.values_key;
"""

UNUSED = """
DELETE FROM relationship_drafts WHERE ref NOT IN (SELECT party_ref FROM ingest_rows WHERE verdict IS NULL)
"""

DRAFT = """
INSERT INTO case_drafts (
    ref, n, is_numbered, relationship_id, type, channel, subject, severity, state, state_said, product,
    subproduct, theme, subtheme, place, outcome, raised_at, passed_on_at, acknowledged_at, answered_at, closed_at,
    counts, said_in_time, remarks, values_key)
SELECT DISTINCT ON (told.ref) told.ref, told.n, told.external_id IS NOT NULL, draft.relationship_id,
       COALESCE(told.type, %(type)s), COALESCE(NULLIF(told.channel, %(unknown)s), ''),
       COALESCE(told.subject, NULLIF(left(concat_ws(' · ', told.theme, told.product), 200), ''),
                left(%(label)s || ' ' || told.ref, 200)),
       COALESCE(told.severity::int, 2),
       COALESCE(told.state, CASE WHEN told.closed_at_value IS NULL THEN %(new)s ELSE %(closed)s END),
       {said}, COALESCE(told.product, ''), COALESCE(told.subproduct, ''), COALESCE(told.theme, ''),
       COALESCE(told.subtheme, ''), COALESCE(told.place, ''), COALESCE(told.outcome, ''),
       told.raised_at_value, told.passed_on_at_value, told.acknowledged_at_value, told.answered_at_value,
       told.closed_at_value,
       ARRAY(SELECT name FROM (VALUES {moments}) moment (name, has_time) WHERE has_time),
       told.said_in_time_value, CASE WHEN told.disputed_value THEN ARRAY['disputed'] ELSE ARRAY[]::text[] END,
       CASE WHEN %(is_log)s THEN '' ELSE told.values_key END
FROM (SELECT *, COALESCE(external_id, values_key || ':' || occurrence) AS ref
      FROM ingest_rows WHERE verdict IS NULL) told
JOIN relationship_drafts draft ON draft.ref = told.party_ref
JOIN ingest_staged staged ON staged.n = told.n
ORDER BY told.ref, told.n
"""

DRAFT_STEPS = """
INSERT INTO step_drafts
SELECT n, external_id, step_at_value, step, COALESCE(step_by, ''), COALESCE(state, ''), {has_time}, values_key,
       occurrence
FROM ingest_rows WHERE verdict IS NULL
"""


def bring_in_cases(terms: Terms) -> Outcome:
    """Imports every row without a verdict; a row that must be held after all gets one.

    With a column for the steps' moments the file is a log: several rows are one case. Without it a row is a case, known
    by its number or else by its values and occurrence; one that says something else than before is held.
    """
    kind, mapping = terms.needed_kind, terms.mapping
    is_log = _is_log(terms)
    _hold_what_cannot_be(terms, is_log)
    prepare_drafts()
    run_statement(PARTY_REFS)
    run_statement(DRAFT_PARTIES, party_kind=terms.party_kind)
    recognise_drafts(terms.opening)
    _hold_unseen(terms)
    if not is_log:
        run_statement(CONTRADICTIONS, verdict=f"external_id:{HeldReason.CONFLICT}", source=mapping.source)
    run_statement(UNUSED)
    opened = open_drafts(actor=terms.actor, opening=terms.opening, now=terms.now)
    _draft(terms, is_log)
    taken = take_in_cases(
        actor=terms.actor,
        source=mapping.source,
        owner=terms.owner,
        unit=terms.business_unit,
        now=terms.now,
    )
    return Outcome(
        created={
            kind.slug: opened.relationships,
            "parties": opened.parties,
            "cases": taken.created,
            **({"steps": taken.steps} if is_log else {}),
        },
        updated={"cases": taken.updated},
        unchanged={"cases": taken.unchanged},
        cases=taken.told,
    )


def _is_log(terms: Terms) -> bool:
    """Whether a row is a step. Raises Invalid for a mapping that tells no moment, and for a state that is none."""
    mapping = terms.mapping
    named = {*mapping.staged_fields, *mapping.constants} if mapping.columns else {*mapping.staged_fields}
    if not {"raised_at", "step_at"} & named:
        raise Invalid({"mapping.columns.raised_at": _("The mapping does not say where this comes from.")})
    is_log = "step_at" in mapping.columns if mapping.columns else _tells_steps()
    field = mapping.dataset_fields.get("state")
    unknown = sorted(set(mapping.values.get("state", {}).values()) - set(field.choices if field else ()))
    if is_log and unknown:
        words = _("“%(value)s” is not known here; it can be %(known)s.")
        known = ", ".join(field.choices if field else ())
        raise Invalid({"mapping.values.state": words % {"value": unknown[0], "known": known}})
    return is_log


def _tells_steps() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT FROM ingest_rows WHERE step_at IS NOT NULL)")
        (found,) = cursor.fetchone()
    return bool(found)


def _hold_what_cannot_be(terms: Terms, is_log: bool) -> None:
    """Verdicts for rows in which something is missing, lies before the raising, or does not go with the type."""
    run_statement(MISSING, is_log=is_log, reason=HeldReason.MISSING.value)
    timed = _timed(terms)
    for name in MOMENTS:
        told = {"has_time": timed.format(name), "raised_has_time": timed.format("raised_at")}
        statement = BEFORE.format(name=name, reason=HeldReason.BEFORE_RAISED.value, **told)
        run_statement(statement, zone=terms.business_unit.time_zone)
    words = terms.mapping.values.get("state", {}) if is_log else {}
    run_statement(REACHED, theirs=list(words), ours=list(words.values()))
    fits = [
        (type, state)
        for type in CaseType.values
        for state in {CaseState.NEW, *(move.target for move in table_of(type).transitions)}
        if state != CaseState.REJECTED or type == CaseType.COMPLAINT
    ]
    run_statement(
        UNFIT,
        verdict=f"{'step' if is_log else 'state'}:{HeldReason.NOT_A_CHOICE}",
        type=CaseType.COMPLAINT.value,
        types=[type for type, _state in fits],
        states=[str(state) for _type, state in fits],
    )


def _hold_unseen(terms: Terms) -> None:
    """Verdicts for rows about whom or what the actor may not know of."""
    hold_out_of_sight(terms, "party_ref")
    if "party_ref" not in terms.mapping.columns:
        run_statement(SHOWN_AS)
    if terms.actor.is_system:
        return
    source = terms.mapping.source
    with connection.cursor() as cursor:
        cursor.execute(KNOWN, {"source": source})
        known = {row[0] for row in cursor.fetchall()}
    seen = Case.objects.visible_to(terms.actor).filter(pk__in=known).values_list("pk", flat=True)
    hidden = sorted(known - set(seen))
    run_statement(OUT_OF_SIGHT, verdict=f"external_id:{HeldReason.UNAVAILABLE}", source=source, hidden=hidden)


def _draft(terms: Terms, is_log: bool) -> None:
    """One draft a case, from its first row, and one for each step of a log."""
    said = "left(COALESCE(btrim(staged.state), ''), 200)" if _reads_state(terms) else "''"
    timed = _timed(terms)
    moments = ", ".join(f"('{name}', {timed.format(f'told.{name}')})" for name in ("raised_at", *MOMENTS[1:]))
    prepare_case_drafts()
    run_statement(
        DRAFT.format(said=said, moments=moments),
        type=CaseType.COMPLAINT.value,
        unknown=UNKNOWN,
        label=_label(terms),
        new=CaseState.NEW.value,
        closed=CaseState.CLOSED.value,
        is_log=is_log,
    )
    if is_log:
        run_statement(DRAFT_STEPS.format(has_time=timed.format("step_at")))


def _label(terms: Terms) -> str:
    """What a case is called that has neither a subject nor a theme, before its number."""
    labels = dict(CaseType.choices)
    return str(labels.get(terms.mapping.constants.get("type", ""), CaseType.COMPLAINT.label))


def _timed(terms: Terms) -> str:
    """A condition, with a place for a field's name: that its moment is told with a time, not as a day alone."""
    written = terms.mapping.date_format
    if written == SERIAL:
        return "COALESCE({0} ~ '[.]', false)"
    if written:
        return "true" if "%H" in written or "%I" in written else "false"
    return "COALESCE({0}_iso ~ ':', false)"


def _reads_state(terms: Terms) -> bool:
    return "state" in terms.mapping.staged_fields
