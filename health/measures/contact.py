"""How often, how evenly and with how many of them we are in touch."""

from math import exp

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from core.wording import figure
from health.registry import Evidence, Measure, Reading, Step, Tally, decayed, number, recent, total, within

DECIDERS = """
    SELECT DISTINCT target.relationship_id, link.source_party_id AS party_id
    FROM target
    JOIN relationships_partylink link ON link.target_party_id = target.party_id
    JOIN relationships_linktype type ON type.id = link.type_id
    WHERE type.slug IN ('decides_for', 'influences')
      AND COALESCE(link.since_date <= target.today, TRUE)
      AND COALESCE(link.until_date >= target.today, TRUE)
"""
PEOPLE_ENOUGH = 3
CHANNELS_ENOUGH = 3


def _days(count: float) -> str:
    whole = round(count)
    return ngettext("%(n)s day", "%(n)s days", whole) % {"n": whole}


def _activity_words(reading: Reading) -> str:
    month = round(reading.fact("month"))
    return ngettext("%(n)s contact in 30 days", "%(n)s contacts in 30 days", month) % {"n": month}


def _activity_step(reading: Reading) -> Step:
    return Step("contact", activity_points(reading.fact("contacts") + 1))


def _activity_formula(reading: Reading) -> str:
    return _("100 · (1 − e^(−%(contacts)s ÷ 3)): %(points)s points") % {
        "contacts": figure(reading.fact('contacts'), 2), "points": figure(reading.value, 1)
    }  # fmt: skip


def activity_points(contacts: float) -> float:
    """100·(1−e^(−a/3)) for a decayed number of contacts, the formula that the SQL of the measure uses."""
    return 100 * (1 - exp(-contacts / 3))


ACTIVITY = Measure(
    key="activity",
    label=gettext_lazy("Contacts"),
    unit="points",
    better="higher",
    sources=("talk",),
    over="talk",
    sums={
        "n": number("contact"),
        "contacts": total(decayed("age"), "contact"),
        "month": number("contact AND age <= 30::float8"),
    },
    facts=("contacts", "month"),
    evidence="talk",
    sql="""
        SELECT relationship_id, n AS evidence, contacts, month,
               100::float8 * (1::float8 - exp(-least(contacts, 180::float8) / 3::float8)) AS value
        FROM sums WHERE n > 0::float8
    """,
    describe=_activity_words,
    weakness=gettext_lazy("few recent contacts"),
    needs=gettext_lazy("a first contact"),
    step=_activity_step,
    rows=Evidence(
        sql=f"""
            SELECT 'interaction' AS type, id, '' AS name, age, {decayed("age")} AS weight FROM talk WHERE contact
        """,
        tallies=(Tally("weight", gettext_lazy("Weight")),),
        expected=lambda reading: {"weight": reading.fact("contacts")},
        formula=_activity_formula,
    ),
)
"""100·(1−e^(−a/3)) of the decayed number of contacts a. Evidence: all contacts ever, as silence tells too."""


def _recency_words(reading: Reading) -> str:
    days, usual = reading.fact("days"), reading.fact("usual")
    if reading.fact("own"):
        return _("Last contact %(days)s ago, usually every %(usual)s") % {
            "days": _days(days), "usual": _days(usual),
        }  # fmt: skip
    return _("Last contact %(days)s ago, others of the kind every %(usual)s") % {
        "days": _days(days), "usual": _days(usual),
    }  # fmt: skip


def _recency_step(reading: Reading) -> Step:
    return Step("contact", 0.0)


def _recency_formula(reading: Reading) -> str:
    told = {
        "days": figure(reading.fact('days'), 1), "usual": figure(reading.fact('usual'), 1),
        "ratio": figure(reading.value, 2),
    }  # fmt: skip
    if reading.fact("own"):
        return _("%(days)s days since the last ÷ the middle gap of %(usual)s days = %(ratio)s") % told
    return (
        _(
            "%(days)s days since the last ÷ the kind's usual gap of %(usual)s days = %(ratio)s; "
            "fewer than four gaps of its own"
        )
        % told
    )


RECENCY = Measure(
    key="recency",
    label=gettext_lazy("Own rhythm"),
    unit="usual gaps",
    better="lower",
    sources=("talk", "gaps"),
    over="talk",
    sums={"n": number("contact"), "days": "min(age) FILTER (WHERE contact)"},
    facts=("days", "usual", "own"),
    evidence="talk",
    prior_sql="SELECT percentile_cont(0.5::float8) WITHIN GROUP (ORDER BY gap) AS prior FROM gaps",
    sql="""
        SELECT last.relationship_id, last.n AS evidence, last.days, last.usual, last.own,
               last.days / last.usual AS value
        FROM (
            SELECT met.relationship_id, met.days, met.n, (rhythm.gaps >= 4)::int::float8 AS own,
                   greatest(1::float8, CASE WHEN rhythm.gaps >= 4 THEN rhythm.usual
                       ELSE COALESCE(%(prior)s::float8, target.cadence_days::float8) END) AS usual
            FROM sums met
            JOIN target ON target.relationship_id = met.relationship_id
            JOIN (SELECT relationship_id, count(gap) AS gaps,
                         percentile_cont(0.5::float8) WITHIN GROUP (ORDER BY gap) AS usual
                  FROM gaps GROUP BY relationship_id) rhythm
              ON rhythm.relationship_id = met.relationship_id
        ) last
    """,
    describe=_recency_words,
    weakness=gettext_lazy("the long silence"),
    needs=gettext_lazy("a first contact"),
    step=_recency_step,
    rows=Evidence(
        sql="""
            SELECT 'interaction' AS type, met.id, '' AS name, met.age,
                   CASE WHEN met.place = 1 THEN gaps.gap END AS gap
            FROM (SELECT relationship_id, id, age, (happened_at AT TIME ZONE 'UTC')::date AS day,
                         row_number() OVER (PARTITION BY (happened_at AT TIME ZONE 'UTC')::date
                                            ORDER BY age DESC, id) AS place
                  FROM talk WHERE contact) met
            JOIN gaps ON gaps.relationship_id = met.relationship_id AND gaps.day = met.day
        """,
        tallies=(Tally("gap", gettext_lazy("Days since the one before"), places=0, summed=False),),
        formula=_recency_formula,
    ),
)
"""Days since the last contact over the median gap between contact days: this relationship's own from four gaps
on, else the kind's (before a first full run the planned rhythm). A usual gap is at least a day."""


def _reciprocity_words(reading: Reading) -> str:
    return _("They got in touch %(ins)s times, we %(outs)s times") % {
        "ins": round(reading.fact("ins")), "outs": round(reading.fact("outs")),
    }  # fmt: skip


def _reciprocity_step(reading: Reading) -> Step | None:
    inward, outward = reading.fact("inward"), reading.fact("outward")
    if outward >= inward:
        return None
    return Step("contact", 2 * min(inward, outward + 1) / (inward + outward + 1))


def _reciprocity_formula(reading: Reading) -> str:
    inward, outward = reading.fact("inward"), reading.fact("outward")
    return _("2 × %(lesser)s ÷ (%(theirs)s + %(ours)s) = %(share)s") % {
        "lesser": figure(min(inward, outward), 2), "theirs": figure(inward, 2), "ours": figure(outward, 2),
        "share": figure(reading.value, 2),
    }  # fmt: skip


RECIPROCITY = Measure(
    key="reciprocity",
    label=gettext_lazy("Give and take"),
    unit="share",
    better="higher",
    sources=("talk",),
    over="talk",
    sums={
        "contacts": number("contact"),
        "n": recent("age", "contact"),
        "inward": total(decayed("age"), "contact AND direction IN ('in', 'mutual')"),
        "outward": total(decayed("age"), "contact AND direction IN ('out', 'mutual')"),
        "ins": recent("age", "contact AND direction <> 'out'"),
        "outs": recent("age", "contact AND direction <> 'in'"),
    },
    facts=("inward", "outward", "ins", "outs"),
    evidence="talk",
    sql="""
        SELECT relationship_id, n AS evidence, inward, outward, ins, outs,
               2::float8 * least(inward, outward) / NULLIF(inward + outward, 0::float8) AS value
        FROM (SELECT relationship_id, n, ins, outs, COALESCE(inward, 0::float8) AS inward,
                     COALESCE(outward, 0::float8) AS outward
              FROM sums WHERE contacts > 0::float8) counted
    """,
    describe=_reciprocity_words,
    weakness=gettext_lazy("a one-sided exchange"),
    needs=gettext_lazy("contacts in both directions"),
    step=_reciprocity_step,
    rows=Evidence(
        sql=f"""
            SELECT 'interaction' AS type, id, '' AS name, age,
                   CASE WHEN direction <> 'out' THEN {decayed("age")} ELSE 0::float8 END AS theirs,
                   CASE WHEN direction <> 'in' THEN {decayed("age")} ELSE 0::float8 END AS ours
            FROM talk WHERE contact
        """,
        tallies=(Tally("theirs", gettext_lazy("Begun by them")), Tally("ours", gettext_lazy("Begun by us"))),
        expected=lambda reading: {"theirs": reading.fact("inward"), "ours": reading.fact("outward")},
        formula=_reciprocity_formula,
    ),
)
"""R = 2·min(I,O)/(I+O) of the decayed contacts that they (I) and we (O) began; one both began counts for both."""


def _breadth_words(reading: Reading) -> str:
    people, channels = round(reading.fact("people")), round(reading.fact("channels"))
    words = _("%(people)s, %(channels)s") % {
        "people": ngettext("%(n)s person", "%(n)s people", people) % {"n": people},
        "channels": ngettext("%(n)s channel", "%(n)s channels", channels) % {"n": channels},
    }
    if not reading.fact("mapped"):
        return words
    return _("%(words)s; %(covered)s of %(mapped)s who decide") % {
        "words": words, "covered": round(reading.fact("covered")), "mapped": round(reading.fact("mapped")),
    }  # fmt: skip


def _breadth_step(reading: Reading) -> Step | None:
    mapped = reading.fact("mapped")
    if reading.fact("covered") >= mapped:
        return None
    return Step("meet_decider", min(1.0, reading.value + 0.5 / mapped))


def _breadth_formula(reading: Reading) -> str:
    told = {name: figure(reading.fact(name), 0) for name in ("people", "channels", "mapped", "covered")} | {
        "people_enough": PEOPLE_ENOUGH,
        "channels_enough": CHANNELS_ENOUGH,
        "share": figure(reading.value, 2),
    }
    if reading.fact("mapped"):
        return (
            _(
                "0.5 × %(covered)s of %(mapped)s who decide + 0.3 × %(people)s of %(people_enough)s people "
                "+ 0.2 × %(channels)s of %(channels_enough)s channels = %(share)s; more than enough counts as enough"
            )
            % told
        )
    if reading.fact("single"):
        return _("%(channels)s of %(channels_enough)s channels = %(share)s; more counts as enough") % told
    return (
        _(
            "0.6 × %(people)s of %(people_enough)s people + 0.4 × %(channels)s of %(channels_enough)s channels "
            "= %(share)s; more than enough counts as enough"
        )
        % told
    )


BREADTH = Measure(
    key="breadth",
    label=gettext_lazy("People reached"),
    unit="share",
    better="higher",
    sources=("talk", "engaged", "channels"),
    over="talk",
    sums={"contacts": number("contact"), "n": recent("age", "contact")},
    facts=("people", "channels", "covered", "mapped", "single"),
    evidence="talk",
    sql=f"""
        SELECT told.relationship_id, told.n AS evidence, told.people, told.channels, told.covered, told.mapped,
               told.is_person::int::float8 AS single,
               CASE
                   WHEN told.mapped > 0 THEN 0.5::float8 * told.covered / told.mapped
                       + 0.3::float8 * told.people_share + 0.2::float8 * told.channel_share
                   WHEN told.is_person THEN told.channel_share
                   ELSE 0.6::float8 * told.people_share + 0.4::float8 * told.channel_share
               END AS value
        FROM (
            SELECT met.relationship_id, met.n, COALESCE(used.channels, 0)::float8 AS channels, target.is_person,
                   COALESCE(who.people, 0)::float8 AS people,
                   COALESCE(deciders.mapped, 0)::float8 AS mapped,
                   COALESCE(deciders.covered, 0)::float8 AS covered,
                   least(COALESCE(who.people, 0)::float8 / {PEOPLE_ENOUGH}::float8, 1::float8) AS people_share,
                   least(COALESCE(used.channels, 0)::float8 / {CHANNELS_ENOUGH}::float8, 1::float8)
                       AS channel_share
            FROM sums met
            JOIN target ON target.relationship_id = met.relationship_id
            LEFT JOIN (SELECT relationship_id, count(*) AS channels
                       FROM channels WHERE {within("age")} GROUP BY relationship_id) used
              ON used.relationship_id = met.relationship_id
            LEFT JOIN (SELECT relationship_id, count(*) AS people
                       FROM engaged WHERE {within("age")} GROUP BY relationship_id) who
              ON who.relationship_id = met.relationship_id
            LEFT JOIN (SELECT decider.relationship_id, count(*) AS mapped, count(engaged.party_id) AS covered
                       FROM ({DECIDERS}) decider
                       LEFT JOIN engaged ON engaged.relationship_id = decider.relationship_id
                           AND engaged.party_id = decider.party_id AND {within("engaged.age")}
                       GROUP BY decider.relationship_id) deciders
              ON deciders.relationship_id = met.relationship_id
            WHERE met.contacts > 0::float8
        ) told
    """,
    describe=_breadth_words,
    weakness=gettext_lazy("too few people reached"),
    needs=gettext_lazy("a first contact"),
    step=_breadth_step,
    rows=Evidence(
        sql=f"""
            SELECT 'party' AS type, COALESCE(met.party_id, decider.party_id) AS id, '' AS name, met.age,
                   (met.party_id IS NOT NULL)::int::float8 AS people, 0::float8 AS channels,
                   (decider.party_id IS NOT NULL)::int::float8 AS mapped,
                   (met.party_id IS NOT NULL AND decider.party_id IS NOT NULL)::int::float8 AS covered
            FROM (SELECT party_id, age FROM engaged WHERE {within("age")}) met
            FULL JOIN ({DECIDERS}) decider ON decider.party_id = met.party_id
            UNION ALL
            SELECT 'channel', row_number() OVER (ORDER BY channel), channel, age, 0::float8, 1::float8,
                   0::float8, 0::float8
            FROM channels WHERE {within("age")}
        """,
        tallies=(
            Tally("people", gettext_lazy("Person met"), places=0),
            Tally("channels", gettext_lazy("Channel"), places=0),
            Tally("mapped", gettext_lazy("Decides"), places=0),
            Tally("covered", gettext_lazy("Decides and met"), places=0),
        ),
        expected=lambda reading: {
            name: reading.fact(name) for name in ("people", "channels", "mapped", "covered")
        },
        formula=_breadth_formula,
    ),
)
"""How many of them we really talk to, 0 to 1, over contacts of the last six half-lives.

People: distinct persons who took part, three or more is full. Channels: distinct ones, three or more is full.
Decision makers: persons linked to the party today as `decides_for` or `influences`; covered are those who took
part. With any mapped, value = 0.5·covered/mapped + 0.3·people + 0.2·channels; else 0.6·people + 0.4·channels.
Where the party is one person, only the channels count.
"""
