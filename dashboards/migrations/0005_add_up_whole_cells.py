from django.db import migrations

WHOLE = """
INSERT INTO dashboards_healthcell (kind, business_unit_id, confidentiality, is_whole, relationships, healthy, watch,
    at_risk, plain_count, plain_sum, valued_count, value_sum, weighted_sum, week, made_at)
SELECT kind, business_unit_id, 1, true, sum(relationships), sum(healthy), sum(watch), sum(at_risk), sum(plain_count),
    sum(plain_sum), sum(valued_count), sum(value_sum), sum(weighted_sum), week, made_at
FROM dashboards_healthcell WHERE NOT is_whole AND relationship_id IS NULL AND confidentiality <= 1
GROUP BY kind, business_unit_id, week, made_at;

INSERT INTO dashboards_healthcellpart (cell_id, "group", plain_sum, weighted_sum)
SELECT whole.id, part."group", sum(part.plain_sum), sum(part.weighted_sum)
FROM dashboards_healthcell cell
JOIN dashboards_healthcellpart part ON part.cell_id = cell.id
JOIN dashboards_healthcell whole ON whole.is_whole
 AND COALESCE(whole.week, '-infinity') = COALESCE(cell.week, '-infinity') AND whole.kind = cell.kind AND whole.business_unit_id = cell.business_unit_id
WHERE NOT cell.is_whole AND cell.relationship_id IS NULL AND cell.confidentiality <= 1
GROUP BY whole.id, part."group";

INSERT INTO dashboards_promisecell (kind, business_unit_id, confidentiality, is_whole, ours_on_time, ours_late,
    ours_broken, theirs_on_time, theirs_late, theirs_broken)
SELECT kind, business_unit_id, 1, true, sum(ours_on_time), sum(ours_late), sum(ours_broken), sum(theirs_on_time),
    sum(theirs_late), sum(theirs_broken)
FROM dashboards_promisecell WHERE NOT is_whole AND relationship_id IS NULL AND confidentiality <= 1
GROUP BY kind, business_unit_id;
"""
NOTHING = """
DELETE FROM dashboards_healthcellpart WHERE cell_id IN (SELECT id FROM dashboards_healthcell WHERE is_whole);
DELETE FROM dashboards_healthcell WHERE is_whole;
DELETE FROM dashboards_promisecell WHERE is_whole;
"""


class Migration(migrations.Migration):

    dependencies = [('dashboards', '0004_add_up_what_is_seen_whole')]

    operations = [migrations.RunSQL(WHOLE, NOTHING)]
