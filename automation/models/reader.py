"""How far the timeline was read by what acts on it: whoever writes an event pays nothing for its readers."""

from django.db import models


class EventReader(models.Model):
    """A reader of the timeline. Every event up to `settled_id` has been read, whatever order they were committed in.

    Transactions commit in another order than they take their numbers. So the newest number seen is kept as
    `mark_id`, and a while later, as `mark_xid`, the number that the next transaction would have had. Once every
    transaction before that one has ended, all events up to the mark are there to be read.
    """

    name = models.CharField(max_length=40, unique=True)
    settled_id = models.BigIntegerField()
    mark_id = models.BigIntegerField()
    mark_xid = models.BigIntegerField(null=True)


class SeenEvent(models.Model):
    """An event beyond `settled_id` that was read already."""

    reader = models.ForeignKey(EventReader, on_delete=models.CASCADE, related_name="seen")
    event_id = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["reader", "event_id"], name="an_event_is_read_once_per_reader")
        ]
