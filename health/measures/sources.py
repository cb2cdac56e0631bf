"""The evidence that the kernel's measures read: talk, the people met in it, and promises, as of a moment.

What happened decides, not when it was written down: a call logged a week late counts from the day it took
place, also in the history that is scored afterwards. Of a corrected interaction the newest version counts.
"""

from health.registry import Source

TALK = Source(
    "talk",
    """
    SELECT i.relationship_id, i.id, i.channel, i.direction, i.happened_at, i.reply_minutes, i.problem_severity,
           i.channel <> 'note' AS contact,
           date_part('epoch', %(as_of)s::timestamptz - i.happened_at) / 86400::float8 AS age,
           CASE WHEN i.problem_closed_at <= %(as_of)s::timestamptz
                THEN date_part('epoch', %(as_of)s::timestamptz - i.problem_closed_at) / 86400::float8
           END AS closed_age,
           CASE WHEN i.sentiment_by = 'person' OR i.direction <> 'out'
                     OR i.channel NOT IN ('email', 'letter', 'message', 'social')
                THEN round(i.sentiment * 1e6::float8) / 1e6::float8
           END AS tone
    FROM relationships_interaction i
    JOIN target ON target.relationship_id = i.relationship_id
    WHERE i.superseded_at IS NULL AND i.happened_at <= %(as_of)s::timestamptz
    """,
)
"""Every interaction with its age in days. `contact` is false for a note: nobody of theirs took part in it.
`tone` leaves out what we wrote ourselves, unless a person judged it: it does not say how they feel. It has six
decimals, as a product of two vanishing numbers is an error to PostgreSQL."""

ENGAGED = Source(
    "engaged",
    """
    SELECT talk.relationship_id, met.party_id, min(talk.age) AS age
    FROM talk
    JOIN relationships_interaction_people met ON met.interaction_id = talk.id
    WHERE talk.contact
    GROUP BY talk.relationship_id, met.party_id
    """,
)
"""The people who took part in a contact, with the days since they last did."""

CHANNELS = Source(
    "channels",
    "SELECT relationship_id, channel, min(age) AS age FROM talk WHERE contact GROUP BY relationship_id, channel",
)
"""The channels of contacts, with the days since each was last used."""

GAPS = Source(
    "gaps",
    """
    SELECT relationship_id, day,
           (day - lag(day) OVER (PARTITION BY relationship_id ORDER BY day))::float8 AS gap
    FROM (SELECT relationship_id, (happened_at AT TIME ZONE 'UTC')::date AS day
          FROM talk WHERE contact GROUP BY 1, 2) days
    """,
)
"""The days with a contact, with the days since the one before; none for the first."""

PROMISES = Source(
    "promises",
    """
    SELECT p.relationship_id, p.id, p.direction, p.counted, p.on_time, p.counted AND p.settled IS NULL AS owed,
           NOT p.counted AND p.withdrawn IS NULL AS ahead,
           CASE WHEN p.settled IS NULL THEN 0::float8 ELSE (p.today - p.settled)::float8 END AS age
    FROM (
        SELECT q.*, COALESCE(q.delivered, q.withdrawn) AS settled,
               COALESCE(q.delivered <= q.due, FALSE) AS on_time,
               q.delivered IS NOT NULL OR (q.due < q.today AND COALESCE(q.withdrawn > q.due, TRUE)) AS counted
        FROM (
            SELECT c.relationship_id, c.id, c.direction, c.original_due_date AS due, target.today,
                   CASE WHEN c.delivered_at <= %(as_of)s::timestamptz
                        THEN (c.delivered_at AT TIME ZONE target.time_zone)::date END AS delivered,
                   CASE WHEN c.withdrawn_at <= %(as_of)s::timestamptz
                        THEN (c.withdrawn_at AT TIME ZONE target.time_zone)::date END AS withdrawn
            FROM relationships_commitment c
            JOIN target ON target.relationship_id = c.relationship_id
            WHERE c.made_at <= %(as_of)s::timestamptz AND c.state <> 'proposed'
        ) q
    ) p
    """,
)
"""Every promise. `counted` once it was delivered or its original date has passed; one withdrawn by that date
never counts, one withdrawn later was not kept. Its age runs from the day it was settled; a promise still owed
after its date is of today, however long ago the date was."""
