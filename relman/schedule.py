"""What beat sends and how often: one table for the whole product.

An entry is copied into the database when beat starts, where an administrator may change it. Work that is
due at a moment is not here: it is a row that one of these tasks claims.
"""

from typing import Any

BEAT_SCHEDULE: dict[str, dict[str, Any]] = {
    "relman.heartbeat": {
        "task": "relman.tasks.heartbeat",
        "schedule": 10.0,
        "options": {"expires": 10.0},  # with no worker there is nothing to pile up
    },
    "messaging.send_outbox": {
        "task": "messaging.tasks.send_outbox",
        "schedule": 10.0,
        "options": {"expires": 10.0},
    },
}
