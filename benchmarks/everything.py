"""The raw SQL S of a search of everything: each index asked once, visible to the same person, in one statement."""

from benchmarks.facts import VISIBLE

MOST = 100
_NAMED = "LIKE '%%' || relman_fold(%(q)s) || '%%'"
_SAID = "@@ to_tsquery('simple', relman_fold(%(q)s) || ':*')"
_SEEN = f"JOIN relationships_relationship r ON r.id = x.relationship_id AND {VISIBLE}"


def _lines(rows: str) -> str:
    return f"(SELECT json_agg(line) FROM ({rows} LIMIT {MOST}) line)"


def _said(table: str, title: str, text: str, at: str, condition: str = "TRUE") -> str:
    """The newest rows that hold the word, with the names of those they are about."""
    return _lines(
        f"SELECT x.id, x.{title}, x.{at}, r.id AS of, r.kind, r.party_name FROM {table} x {_SEEN}"
        f" WHERE {condition} AND relman_words(x.{title}, {text}) {_SAID} ORDER BY x.{at} DESC, x.id DESC"
    )


RELATIONSHIPS = f"""
SELECT r.id, r.kind, r.party_id, r.party_name FROM relationships_relationship r
WHERE {VISIBLE} AND relman_fold(r.party_name) {_NAMED}
"""
PEOPLE = f"""
SELECT p.id, p.name, p.job_title, r.party_name FROM relationships_party p
CROSS JOIN LATERAL (
    SELECT source_party_id AS other FROM relationships_partylink WHERE target_party_id = p.id
    UNION ALL SELECT target_party_id FROM relationships_partylink WHERE source_party_id = p.id) l
JOIN relationships_relationship r ON r.party_id = l.other AND {VISIBLE}
WHERE p.kind = 'person' AND relman_fold(p.name) {_NAMED}
"""
LEGAL = f"""
SELECT p.id, p.name, p.legal_name FROM relationships_party p JOIN relationships_relationship r ON r.party_id = p.id
WHERE {VISIBLE} AND p.legal_name <> '' AND relman_fold(p.legal_name) {_NAMED}
"""
SAID = (
    _said("relationships_commitment", "what", "x.evidence", "made_at"),
    _said("relationships_followup", "what", "''", "created_at"),
    _said("relationships_interaction", "subject", "x.body", "happened_at", "x.superseded_at IS NULL"),
    _said("relationships_document", "name", "x.full_text", "uploaded_at", "x.removed_at IS NULL"),
)
EVERYTHING = "SELECT " + ", ".join([_lines(RELATIONSHIPS), _lines(PEOPLE), _lines(LEGAL), *SAID])
