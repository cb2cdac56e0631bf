"""Beat's scheduler: the schedule in the database, and a sign of life from beat's own loop."""

from typing import Any

import redis
import structlog
from django_celery_beat.schedulers import DatabaseScheduler

from relman.heartbeats import stamp

log = structlog.get_logger(__name__)


class Scheduler(DatabaseScheduler):  # type: ignore[misc]  # the library carries no types
    def tick(self, *args: Any, **kwargs: Any) -> float:
        """Send what is due, say that beat is alive, and return the seconds until the next look."""
        seconds: float = super().tick(*args, **kwargs)
        try:
            stamp("beat")
        except redis.RedisError as error:
            log.warning("heartbeat_not_written", part="beat", error=str(error))
        return seconds
