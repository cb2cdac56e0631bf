"""Reading the timeline as it grows: every event once for each reader, and nothing to pay for whoever writes one."""

from datetime import datetime

from django.db import connection
from django.db.models import Exists, OuterRef

from automation.models import EventReader, SeenEvent
from relationships.models import Event

MOST_AT_ONCE = 1000
OVERLAP = 10_000
"""So many numbers may have been taken by transactions that began before a moment and ended after it."""


BY_HALVES = """
WITH RECURSIVE halves(low, high) AS (
  SELECT 0::bigint, coalesce((SELECT max(id) FROM relationships_event), 0)
  UNION ALL
  SELECT CASE WHEN found.recorded_at < %(moment)s THEN found.id ELSE low END,
         CASE WHEN found.recorded_at < %(moment)s THEN high ELSE (low + high) / 2 END
  FROM halves LEFT JOIN LATERAL (
    SELECT id, recorded_at FROM relationships_event WHERE id > (low + high) / 2 ORDER BY id LIMIT 1
  ) found ON true
  WHERE low < high)
SELECT max(low) FROM halves"""


def read_events(*, reader: str) -> list[Event]:
    """The events that `reader` has not read, in the order of their numbers; they are its own once committed.

    Called within a transaction; gives nothing while another one reads for the same reader, and nothing of what
    happened before the reader was there.
    """
    held = _hold(reader)
    if held is None:
        return []
    is_past = _is_past(held)  # asked first: what is read after it is all that there is up to the mark
    seen = SeenEvent.objects.filter(reader=held, event_id=OuterRef("pk"))
    unread = Event.objects.filter(~Exists(seen), pk__gt=held.settled_id).select_related("relationship")
    events = list(unread.order_by("pk")[:MOST_AT_ONCE])
    SeenEvent.objects.bulk_create([SeenEvent(reader=held, event_id=event.pk) for event in events])
    reaches = len(events) < MOST_AT_ONCE or events[-1].pk > held.mark_id
    _advance(held, settles=is_past and reaches)
    return events


def skip_events(*, reader: str) -> None:
    """Goes past what nobody listens to, without reading it."""
    held = _hold(reader)
    if held is not None:
        _advance(held, settles=_is_past(held))


def _hold(name: str) -> EventReader | None:
    held = EventReader.objects.select_for_update(skip_locked=True).filter(name=name).first()
    if held is None and not EventReader.objects.filter(name=name).exists():
        newest = _newest()
        made, _is_new = EventReader.objects.get_or_create(
            name=name, defaults={"settled_id": newest, "mark_id": newest}
        )
        return made
    return held


def _newest() -> int:
    return Event.objects.order_by("-pk").values_list("pk", flat=True).first() or 0


def _is_past(held: EventReader) -> bool:
    """Whether every transaction that could still bring an event up to the mark has ended."""
    return held.mark_xid is not None and _snapshot("xmin") >= held.mark_xid


def _advance(held: EventReader, *, settles: bool) -> None:
    """Settles at the mark and sets the next one, or completes the mark that was set the time before."""
    if settles:
        held.settled_id, held.mark_id, held.mark_xid = held.mark_id, _newest(), None
        SeenEvent.objects.filter(reader=held, event_id__lte=held.settled_id).delete()
    elif held.mark_xid is None:
        held.mark_xid = _snapshot("xmax")
    held.save(update_fields=["settled_id", "mark_id", "mark_xid"])


def _snapshot(end: str) -> int:
    """The oldest transaction that runs (`xmin`), or the next one that will (`xmax`)."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT pg_snapshot_{end}(pg_current_snapshot())::text::bigint")
        return int(cursor.fetchone()[0])


def first_event_since(moment: datetime) -> int:
    """The number of an event from which on all that were recorded since `moment` are to be found.

    Numbers grow as time does, but for transactions that overlap; so the search is by halves, and steps back a
    little. No index on time is needed, which every event would have to pay for.
    """
    with connection.cursor() as cursor:
        cursor.execute(BY_HALVES, {"moment": moment})
        low = int(cursor.fetchone()[0])
    return max(low - OVERLAP, 0)
