"""What beat sends and how often: one table for the whole product.

An entry is copied into the database whenever beat starts. Work that is
due at a moment is not here: it is a row that one of these tasks claims.
"""

from typing import Any

from celery.schedules import crontab

BEAT_SCHEDULE: dict[str, dict[str, Any]] = {
    "relman.heartbeat": {
        "task": "relman.tasks.heartbeat",
        "schedule": 10.0,
        "options": {"expire_seconds": 10},  # with no worker there is nothing to pile up
    },
    "messaging.send_outbox": {
        "task": "messaging.tasks.send_outbox",
        "schedule": 10.0,
        "options": {"expire_seconds": 10},
    },
    "messaging.mail_notifications": {
        "task": "messaging.tasks.mail_notifications",
        "schedule": 60.0,
        "options": {"expire_seconds": 60},
    },
    "health.score_stale": {
        "task": "health.tasks.score_stale",
        "schedule": 10.0,
        "options": {"expire_seconds": 10},
    },
    "commerce.refresh_purchases": {  # before scoring, which reads what it leaves
        "task": "commerce.tasks.refresh_purchases",
        "schedule": crontab(hour="2", minute="0"),
    },
    "commerce.refit_models": {
        "task": "commerce.tasks.refit_models",
        "schedule": crontab(hour="1", minute="30", day_of_week="0"),
    },
    "cases.tell_due_clocks": {
        "task": "cases.tasks.tell_due_clocks",
        "schedule": 30.0,
        "options": {"expire_seconds": 30},
    },
    "cases.file_mail": {
        "task": "cases.tasks.file_mail",
        "schedule": 15.0,
        "options": {"expire_seconds": 15},
    },
    "cases.recount_clocks": {  # working hours and holidays may have changed
        "task": "cases.tasks.recount_clocks",
        "schedule": crontab(hour="3", minute="20"),
    },
    "health.score_every_kind": {
        "task": "health.tasks.score_every_kind",
        "schedule": crontab(hour="2", minute="30"),
    },
    "dashboards.make_brief": {  # once the week's scores are kept
        "task": "dashboards.tasks.make_brief",
        "schedule": crontab(hour="4", minute="30", day_of_week="1"),
    },
    "dashboards.keep_sums": {
        "task": "dashboards.tasks.keep_sums",
        "schedule": crontab(minute="40"),
    },
    "health.keep_week": {
        "task": "health.tasks.keep_week",
        "schedule": crontab(hour="3", minute="30", day_of_week="1"),
    },
    "health.rescore_due": {
        "task": "health.tasks.rescore_due",
        "schedule": 30.0,
        "options": {"expire_seconds": 30},
    },
    "health.end_due_overrides": {
        "task": "health.tasks.end_due_overrides",
        "schedule": 60.0,
        "options": {"expire_seconds": 60},
    },
    "health.watch_scores": {  # after the week was kept
        "task": "health.tasks.watch_scores",
        "schedule": crontab(hour="4", minute="15", day_of_week="1"),
    },
    "health.calibrate": {
        "task": "health.tasks.calibrate",
        "schedule": crontab(hour="4", minute="30"),
    },
    "health.review_relationships": {
        "task": "health.tasks.review_relationships",
        "schedule": crontab(hour="5", minute="0"),
    },
    "health.ask_what_came": {
        "task": "health.tasks.ask_what_came",
        "schedule": crontab(hour="5", minute="10"),
    },
    "health.raise_sightings": {
        "task": "health.tasks.raise_sightings",
        "schedule": crontab(minute="*/5"),
    },
    "relationships.miss_due_commitments": {
        "task": "relationships.tasks.miss_due_commitments",
        "schedule": 60.0,
        "options": {"expire_seconds": 60},
    },
    "relationships.remind_of_promises": {  # every zone's morning begins on a quarter of an hour
        "task": "relationships.tasks.remind_of_promises",
        "schedule": crontab(minute="*/15"),
    },
    "relationships.end_due_access": {
        "task": "relationships.tasks.end_due_access",
        "schedule": 60.0,
        "options": {"expire_seconds": 60},
    },
    "oversight.carry_out_erasures": {  # asked for at once; this finds what a worker that died has left
        "task": "oversight.tasks.carry_out_erasures",
        "schedule": crontab(minute="*/2"),
    },
    "oversight.carry_out_retention": {
        "task": "oversight.tasks.carry_out_retention",
        "schedule": crontab(minute="25"),
    },
    "oversight.purge_trash": {
        "task": "oversight.tasks.purge_trash",
        "schedule": crontab(minute="35"),
    },
    "oversight.put_together": {
        "task": "oversight.tasks.put_together",
        "schedule": 60.0,
        "options": {"expire_seconds": 60},
    },
    "relationships.expire_consents": {
        "task": "relationships.tasks.expire_consents",
        "schedule": crontab(minute="*/5"),
    },
    "relationships.read_documents": {
        "task": "relationships.tasks.read_documents",
        "schedule": 15.0,
        "options": {"expire_seconds": 15},
    },
    "relationships.tell_guests": {
        "task": "relationships.tasks.tell_guests",
        "schedule": 60.0,
        "options": {"expire_seconds": 60},
    },
    "relationships.scan_documents": {
        "task": "relationships.tasks.scan_documents",
        "schedule": 10.0,
        "options": {"expire_seconds": 10},
    },
    "relationships.queue_unscanned": {  # what was kept before there was a scanner
        "task": "relationships.tasks.queue_unscanned",
        "schedule": crontab(minute="*/10"),
    },
    "relationships.sweep_documents": {
        "task": "relationships.tasks.sweep_documents",
        "schedule": crontab(hour="3", minute="50"),
    },
    "relationships.return_books": {  # every zone's day begins on a quarter of an hour
        "task": "relationships.tasks.return_books",
        "schedule": crontab(minute="*/15"),
    },
    "automation.pass_events_on": {
        "task": "automation.tasks.pass_events_on",
        "schedule": 10.0,
        "options": {"expire_seconds": 10},
    },
    "automation.send_webhooks": {
        "task": "automation.tasks.send_webhooks",
        "schedule": 10.0,
        "options": {"expire_seconds": 10},
    },
    "automation.run_rules": {
        "task": "automation.tasks.run_rules",
        "schedule": 10.0,
        "options": {"expire_seconds": 10},
    },
    "automation.take_in_forms": {
        "task": "automation.tasks.take_in_forms",
        "schedule": 10.0,
        "options": {"expire_seconds": 10},
    },
    "automation.forget_deliveries": {
        "task": "automation.tasks.forget_deliveries",
        "schedule": crontab(hour="3", minute="30"),
    },
    "exchange.carry_out_imports": {  # asked for at once; this finds what a worker that died has left
        "task": "exchange.tasks.carry_out_imports",
        "schedule": 60.0,
        "options": {"expire_seconds": 60},
    },
    "exchange.look_for_duplicates": {
        "task": "exchange.tasks.look_for_duplicates",
        "schedule": crontab(hour="5", minute="20"),
    },
    "relationships.forget_drafts": {
        "task": "relationships.tasks.forget_drafts",
        "schedule": crontab(hour="3", minute="45"),
    },
    "accounts.forget_answered_calls": {
        "task": "accounts.tasks.forget_answered_calls",
        "schedule": crontab(hour="3", minute="35"),
    },
    "relationships.forget_submissions": {
        "task": "relationships.tasks.forget_submissions",
        "schedule": crontab(hour="3", minute="40"),
    },
}
