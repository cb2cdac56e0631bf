"""The raw SQL S of what the product's pages show: the same facts, visible to the same person, in one statement.

Every statement is fixed here and takes `%(viewer)s`, the day `%(today)s` and the moment `%(now)s`, beside what
its page is asked for.
"""

VISIBLE = """(r.confidentiality <= 1 OR r.owner_id = %(viewer)s
    OR r.confidentiality = 2 AND r.team_id IN (
        SELECT team_id FROM accounts_teammembership WHERE user_id = %(viewer)s AND ended_at IS NULL)
    OR EXISTS (SELECT FROM relationships_confidentialaccess a WHERE a.relationship_id = r.id AND a.user_id = %(viewer)s))"""

OPEN_STATES = "('proposed', 'agreed', 'in_progress', 'missed')"

_LISTED = f"""
    FROM relationships_relationship r
    JOIN relationships_relationshipstate s ON s.relationship_id = r.id AND s.kind = %(kind)s
    WHERE r.kind = %(kind)s AND r.closed_at IS NULL AND {VISIBLE}"""


OWN = """(SELECT json_agg(v) FROM relationships_customvalue v WHERE v.relationship_id = r.id) AS own,
    (SELECT json_agg(g.name) FROM relationships_tagging m JOIN relationships_tag g ON g.id = m.tag_id
     WHERE m.relationship_id = r.id) AS tags"""
"""What it holds in the fields that the workspace added, and its tags: a record and a call of the API tell them."""


_ROW = """
SELECT r.id, r.party_name, r.stage, r.cadence_days, r.opened_at, p.place, p.sector, o.name, s.health, s.health_status,
       s.health_change, s.health_weeks, s.health_reason, s.last_interaction_at, s.next_touch_date,
       s.next_touch_reason, COALESCE(f.what, c.what), f.channel, s.open_commitments, s.open_problems,
       s.value_amount, s.value_currency, s.value_tier{more}
FROM ({rows}) r
JOIN relationships_relationshipstate s ON s.relationship_id = r.id
JOIN relationships_party p ON p.id = r.party_id
JOIN accounts_user o ON o.id = r.owner_id
LEFT JOIN relationships_followup f ON f.id = s.next_touch_id AND s.next_touch_reason = 'follow_up'
LEFT JOIN relationships_commitment c ON c.id = s.next_touch_id AND s.next_touch_reason = 'commitment'
"""


def _list(condition: str, more: str = "") -> str:
    """A page of rows."""
    rows = f"SELECT r.* {_LISTED} {condition} ORDER BY r.party_name, r.id LIMIT 26"
    return f"{_ROW.format(rows=rows, more=more)} ORDER BY r.party_name, r.id"


LIST = _list("")
"""How many rows there are in all, no list says before it stands: its page asks for that apart (`list_total`)."""
API_LIST = _list("", f", {OWN}")
DEEP = _list("AND (r.party_name, r.id) > (%(name)s, %(id)s)")
NAMED = "AND relman_fold(r.party_name) LIKE '%%' || relman_fold(%(q)s) || '%%'"
SEARCH = _list(NAMED)
SEARCH_ALONE = f"SELECT r.id, r.party_name {_LISTED} {NAMED} ORDER BY r.party_name, r.id LIMIT 26"


def _total(condition: str) -> str:
    """How many rows a list has, as far as it is told."""
    return f"SELECT count(*) FROM (SELECT 1 {_LISTED} {condition} LIMIT 10001) n"


TOTAL_FOUND = _total(NAMED)
TOTAL_SILENT = _total(
    "AND (s.last_interaction_at IS NULL OR s.last_interaction_at < %(now)s::timestamptz - interval '30 days')"
)

RECORD = f"""
SELECT r.id, r.party_name, r.stage, r.objective, r.sensitivity_note, r.cadence_days, p.place, p.sector, p.country,
       p.about, o.name, t.name, u.name, to_jsonb(s), to_jsonb(score),
    (SELECT json_agg(line) FROM (
        SELECT e.id, e.verb, e.happened_at, e.data, actor.name, i.channel, i.direction, i.subject, i.body, i.sentiment,
               i.outcome, i.problem_severity, i.duration_minutes,
               (SELECT json_agg(who.name) FROM relationships_interaction_people m
                JOIN relationships_party who ON who.id = m.party_id WHERE m.interaction_id = i.id) AS people
        FROM relationships_event e JOIN accounts_user actor ON actor.id = e.actor_id
        LEFT JOIN relationships_interaction i ON i.id = e.subject_id AND e.subject_type = 'interaction'
        WHERE e.relationship_id = r.id AND e.confidentiality <= 1 ORDER BY e.happened_at DESC, e.id DESC LIMIT 30
    ) line),
    (SELECT json_agg(lines) FROM (SELECT e.verb, e.data ->> 'channel' AS channel, count(*) FROM relationships_event e
        WHERE e.relationship_id = r.id OR e.relationship_id IS NULL AND e.party_id = r.party_id GROUP BY 1, 2) lines),
    (SELECT json_agg(c) FROM relationships_commitment c WHERE c.relationship_id = r.id AND c.state IN {OPEN_STATES}),
    (SELECT json_agg(f) FROM relationships_followup f
        WHERE f.relationship_id = r.id AND f.done_at IS NULL AND f.cancelled_at IS NULL),
    (SELECT json_agg(i) FROM (SELECT i.id, i.subject, i.body, i.problem_severity, i.happened_at
        FROM relationships_interaction i WHERE i.relationship_id = r.id AND i.problem_severity IS NOT NULL
          AND i.problem_closed_at IS NULL AND i.superseded_at IS NULL) i),
    (SELECT json_agg(q) FROM (SELECT who.id, who.name, who.job_title, l.influence, l.stance, type.slug,
            (SELECT json_agg(cp) FROM relationships_contactpoint cp WHERE cp.party_id = who.id) AS points,
            (SELECT max(i.happened_at) FROM relationships_interaction_people m
             JOIN relationships_interaction i ON i.id = m.interaction_id
             WHERE m.party_id = who.id AND i.relationship_id = r.id) AS last_at
        FROM (SELECT source_party_id AS other, influence, stance, type_id FROM relationships_partylink
              WHERE target_party_id = r.party_id
              UNION ALL SELECT target_party_id, influence, stance, type_id FROM relationships_partylink
              WHERE source_party_id = r.party_id) l
        JOIN relationships_party who ON who.id = l.other JOIN relationships_linktype type ON type.id = l.type_id) q),
    (SELECT json_agg(cp) FROM relationships_contactpoint cp WHERE cp.party_id = r.party_id),
    (SELECT json_agg(x) FROM relationships_partyidentifier x WHERE x.party_id = r.party_id),
    (SELECT json_agg(d) FROM relationships_document d WHERE d.relationship_id = r.id), {OWN}
FROM relationships_relationship r
JOIN relationships_relationshipstate s ON s.relationship_id = r.id
JOIN relationships_party p ON p.id = r.party_id
JOIN accounts_user o ON o.id = r.owner_id
JOIN accounts_businessunit u ON u.id = r.business_unit_id
LEFT JOIN accounts_team t ON t.id = r.team_id
LEFT JOIN health_relationshipscore score ON score.relationship_id = r.id
WHERE r.id = %(id)s AND {VISIBLE}
"""

_MINE = f"JOIN relationships_relationship r ON r.id = x.relationship_id AND {VISIBLE}"
_PLANNED = f"""FROM relationships_followup x {_MINE} WHERE x.assignee_id = %(viewer)s AND x.done_at IS NULL
    AND x.cancelled_at IS NULL AND x.due_date <= %(today)s"""
_PROMISED = (
    f"""FROM relationships_commitment x {_MINE} WHERE x.owner_id = %(viewer)s AND x.state IN {OPEN_STATES}"""
)
_WRONG = f"""FROM relationships_interaction x {_MINE} WHERE r.owner_id = %(viewer)s AND x.superseded_at IS NULL
    AND x.problem_severity IS NOT NULL AND x.problem_closed_at IS NULL"""


def _number(rows: str) -> str:
    return f"(SELECT count(*) FROM (SELECT 1 {rows} LIMIT 10001) n)"


MY_DAY = f"""
SELECT
    (SELECT json_agg(l)::text FROM (SELECT x.*, r.party_name, r.kind {_PLANNED}
        ORDER BY x.due_date, x.due_time, x.id LIMIT 60) l),
    (SELECT json_agg(l)::text FROM (SELECT x.*, r.party_name, r.kind {_PROMISED}
        AND x.current_due_date <= %(today)s::date + 14 ORDER BY x.current_due_date, x.id LIMIT 60) l),
    (SELECT json_agg(l)::text FROM (SELECT x.id, x.subject, x.body, x.problem_severity, x.happened_at, r.party_name, r.kind
        {_WRONG} ORDER BY x.problem_severity DESC, x.happened_at, x.id LIMIT 30) l),
    {_number(_PLANNED)}, {_number(_PLANNED + " AND x.due_date < %(today)s")},
    {_number(_PROMISED + " AND x.current_due_date <= %(today)s::date + 3")}, {_number(_PROMISED)}, {_number(_WRONG)},
    (SELECT count(*) FROM (SELECT 1 FROM relationships_relationship r
        WHERE r.owner_id = %(viewer)s AND r.closed_at IS NULL AND {VISIBLE} LIMIT 10001) n),
    (SELECT count(*) FROM (SELECT 1 FROM relationships_relationship r
        JOIN relationships_relationshipstate s ON s.relationship_id = r.id WHERE r.owner_id = %(viewer)s
        AND r.closed_at IS NULL AND s.health_change <= -1 AND {VISIBLE} LIMIT 10001) n),
    (SELECT json_agg(l)::text FROM (SELECT m.name, count(x.id) AS due,
            count(x.id) FILTER (WHERE x.due_date < %(today)s) AS overdue
        FROM accounts_user m JOIN accounts_teammembership tm ON tm.user_id = m.id AND tm.ended_at IS NULL
        JOIN accounts_teammembership mine ON mine.team_id = tm.team_id AND mine.user_id = %(viewer)s
        LEFT JOIN relationships_followup x ON x.assignee_id = m.id AND x.done_at IS NULL AND x.cancelled_at IS NULL
            AND x.due_date <= %(today)s
        GROUP BY m.id ORDER BY 3 DESC, 2 DESC LIMIT 30) l)
"""

DASHBOARD = f"""
SELECT r.kind, s.health_status, count(*), avg(s.health), avg(s.health_change), sum(s.open_problems),
       sum(s.open_commitments)
FROM relationships_relationship r JOIN relationships_relationshipstate s ON s.relationship_id = r.id
WHERE r.closed_at IS NULL AND {VISIBLE} GROUP BY 1, 2
"""
