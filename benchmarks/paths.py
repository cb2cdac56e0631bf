"""How long it takes to find who can introduce us, among 100,000 parties and 300,000 links: p95 under 500 ms.

`python -m benchmarks.paths` fills a database of its own beside the configured one, asks for as many parties as it
is told (the most linked among them), prints the times and the slowest, drops the database and fails above the
target. The network is skewed as real ones are: a few parties have thousands of links.
"""

import argparse
import os
import statistics
import sys
from datetime import datetime, timedelta
from time import perf_counter

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "relman.settings")
django.setup()

# a program of its own: the models can be imported only once it is set up
from django.db import connection  # noqa: E402
from django.utils import timezone  # noqa: E402

from accounts.models import RoleGrant, User  # noqa: E402
from accounts.operations.workspace import ensure_workspace  # noqa: E402
from relationships.models import Party  # noqa: E402
from relationships.queries.introductions import introductions  # noqa: E402

TARGET_MS = 500.0

FILL = """
INSERT INTO relationships_party (kind, name, legal_name, job_title, sector, place, country, time_zone, locale,
                                 about, confidentiality, version, is_sample, created_at, created_by_id)
SELECT CASE WHEN n %% 4 = 0 THEN 'organisation' ELSE 'person' END, 'Party ' || n, '', '', '', '', '', '', '', '',
       1, 1, FALSE, %(now)s, %(actor)s
FROM generate_series(1, %(parties)s) n;

INSERT INTO relationships_relationship (party_id, kind, business_unit_id, owner_id, team_id, stage, party_name,
    objective, sensitivity_note, cadence_days, revenue_type, confidentiality, source, external_ref, version,
    is_sample, opened_at, created_at, created_by_id, closed_reason)
SELECT id, CASE WHEN id %% 8 = 0 THEN 'suppliers' ELSE 'customers' END, %(unit)s, %(actor)s, NULL, 'active', name,
       '', '', 30, 'transactional', CASE WHEN id %% 97 = 0 THEN 3 ELSE 1 END, '', '', 1, FALSE, %(now)s, %(now)s,
       %(actor)s, ''
FROM relationships_party WHERE kind = 'organisation';

INSERT INTO relationships_partylink (source_party_id, target_party_id, type_id, strength, influence, stance,
                                     origin, note, created_at, created_by_id)
SELECT source, target, type_id, strength, 0, '', '', '', %(now)s, %(actor)s FROM (
    SELECT DISTINCT ON (source, target, type_id) source, target, type_id, strength FROM (
        SELECT %(first)s + floor(%(parties)s * power(random(), 3))::bigint AS source,
               %(first)s + floor(%(parties)s * random())::bigint AS target,
               (SELECT min(id) FROM relationships_linktype) + n %% 5 AS type_id, 1 + n %% 5 AS strength
        FROM generate_series(1, %(links)s * 21 / 20) n
    ) drawn WHERE source <> target
) pairs LIMIT %(links)s;

INSERT INTO relationships_interaction (relationship_id, channel, direction, happened_at, subject, body, outcome,
    tags, actor_id, recorded_at, recorded_by_id, sentiment_by, sentiment_words, problem_closed_reason,
    confidentiality, source, external_id)
SELECT ours.id, 'call', CASE WHEN n %% 2 = 0 THEN 'in' ELSE 'out' END,
       %(now)s - make_interval(days => (ours.id * 7 + n * 31)::int %% 400), '', '', '', '{}',
       %(colleague)s + ours.id %% %(colleagues)s, %(now)s, %(actor)s, '', '[]', '', 1, '', ''
FROM relationships_relationship ours CROSS JOIN generate_series(1, 4) n WHERE ours.id %% 5 = 0;
ANALYZE;
"""


def main() -> int:
    """Runs the bench; 0 when the target is met."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--parties", type=int, default=100_000)
    parser.add_argument("--links", type=int, default=300_000)
    parser.add_argument("--asked", type=int, default=200)
    asked = parser.parse_args()

    kept = connection.settings_dict["NAME"]
    connection.settings_dict.setdefault("TEST", {})["NAME"] = f"{kept}_paths"
    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    try:
        return _measure(asked.parties, asked.links, asked.asked)
    finally:
        connection.creation.destroy_test_db(kept, verbosity=0)


def _measure(parties: int, links: int, number: int) -> int:

    now = timezone.now()
    viewer = _fill(parties, links, now)
    RoleGrant.objects.create(
        user=viewer, role="relationship_manager", kind="customers", granted_at=now, granted_by=viewer
    )
    times: list[tuple[float, int, str]] = []
    found = 0
    for party in _sought(number):
        fresh = User.objects.get(pk=viewer.pk)
        fresh.current_grants(), fresh.current_team_ids()
        started = perf_counter()
        ways = introductions(viewer=fresh, party=Party(pk=party), as_of=now.date(), now=now)
        times.append(((perf_counter() - started) * 1000, party, f"{len(ways)} ways"))
        found += bool(ways)
    took = sorted(times)
    p50, p95 = statistics.median(entry[0] for entry in took), took[int(len(took) * 0.95)][0]
    sys.stdout.write(
        f"{parties:,} parties, {links:,} links, {len(took)} asked, {found} with a way: "
        f"p50 {p50:.0f} ms, p95 {p95:.0f} ms, most {took[-1][0]:.0f} ms (target: p95 under {TARGET_MS:.0f} ms)\n"
    )
    return 0 if p95 < TARGET_MS and found else 1


def _fill(parties: int, links: int, now: datetime) -> User:
    """The network; gives somebody who is to see the customers in it."""
    workspace = ensure_workspace(now=now)
    users = [
        User.objects.create_user(
            f"bench{number}@example.org", f"Colleague {number}", date_joined=now - timedelta(days=1)
        )
        for number in range(50)
    ]
    with connection.cursor() as cursor:
        cursor.execute("SELECT setseed(0.42)")
        cursor.execute("SELECT COALESCE(max(id), 0) + 1 FROM relationships_party")
        facts = {
            "parties": parties, "links": links, "now": now, "actor": workspace.system_actor.pk,
            "unit": workspace.business_unit.pk, "colleague": users[0].pk, "colleagues": len(users),
            "first": cursor.fetchone()[0],
        }  # fmt: skip
        for statement in FILL.split(";\n"):
            if statement.strip():
                cursor.execute(statement, facts if "%(" in statement else None)
    return users[0]


def _sought(number: int) -> list[int]:
    """Half of them the most linked there are, half spread evenly."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT source_party_id FROM relationships_partylink GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT %s",
            [number // 2],
        )
        hubs = [row[0] for row in cursor.fetchall()]
        cursor.execute(
            "SELECT id FROM relationships_party ORDER BY md5(id::text) LIMIT %s", [number - number // 2]
        )
        return hubs + [row[0] for row in cursor.fetchall()]


if __name__ == "__main__":
    sys.exit(main())
