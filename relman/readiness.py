"""Whether this process lives (`/healthz`), and whether everything that it works with does (`/readyz`)."""

from functools import cache

import redis
import structlog
from django.db import DatabaseError, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from relman import heartbeats

SILENT_SECONDS = 20
"""A part that stamps every two to five seconds and was silent for this long is down."""
IDLE_SECONDS = 300
"""A heartbeat task is sent every ten seconds; a worker that ran none for this long takes no work."""

log = structlog.get_logger(__name__)


@require_safe
@never_cache
def healthz(request: HttpRequest) -> HttpResponse:
    """This process answers. Touches neither database nor broker."""
    return HttpResponse("ok\n", content_type="text/plain")


@require_safe
@never_cache
def readyz(request: HttpRequest) -> JsonResponse:
    """Every part with `ok` and, where it is not, `why`; 503 if one is down."""
    reasons = {"database": _database(), "migrations": _migrations(), **_broker_and_its_users()}
    ready = not any(reasons.values())
    if not ready:
        log.warning("not_ready", **{part: why for part, why in reasons.items() if why})
    parts = {part: {"ok": not why, "why": why} for part, why in reasons.items()}
    return JsonResponse({"ready": ready, "parts": parts}, status=200 if ready else 503)


def _database() -> str:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError as error:
        log.warning("database_check_failed", error=str(error))
        return "The database does not answer."
    return ""


@cache
def _newest_migrations() -> frozenset[tuple[str, str]]:
    return frozenset(MigrationLoader(None).graph.leaf_nodes())


def _migrations() -> str:
    try:
        applied = MigrationRecorder(connection).applied_migrations()
    except DatabaseError:
        return "The database does not answer, so its migrations are not known."
    missing = sorted(_newest_migrations() - applied.keys())
    if missing:
        return f"Not applied: {', '.join('.'.join(node) for node in missing)}. Run `manage.py migrate`."
    return ""


def _broker_and_its_users() -> dict[str, str]:
    """Reasons for the broker, the worker and beat, from one round trip to the broker."""
    try:
        ages = heartbeats.ages()
    except redis.RedisError as error:
        log.warning("broker_check_failed", error=str(error))
        unknown = "The broker does not answer, so its signs of life are not known."
        return {"broker": "The broker does not answer.", "worker": unknown, "beat": unknown}
    beat = _silence("Celery beat", ages["beat"])
    worker = _silence("The Celery worker", ages["worker"])
    idle = ages["task"]
    if not worker and not beat and idle is not None and idle > IDLE_SECONDS:
        worker = f"The Celery worker is alive but has finished no heartbeat task for {idle:.0f} seconds."
    return {"broker": "", "worker": worker, "beat": beat}


def _silence(name: str, age: float | None) -> str:
    if age is None:
        return f"{name} has given no sign of life within a day."
    if age > SILENT_SECONDS:
        return f"{name} gave its last sign of life {age:.0f} seconds ago."
    return ""
