"""The text of documents for the search: each waits as a row with a due moment, and is read in a process apart.

Whoever takes one puts its moment off first and holds nothing while the file is read; a worker that dies with it
leaves it to the next, three times at most.
"""

from datetime import datetime, timedelta

from django.core.files.storage import default_storage
from django.db import transaction

from core.apart import Failed, read_apart
from core.texts.sorts import sort_of
from relationships.enums import TextProblem, TextState
from relationships.models import Document
from relationships.queries.content_scans import given_out

TEXT_COLUMNS = ("full_text", "text_state", "text_problem", "text_due_at", "text_tries")
BATCH = 20
LONGEST = 45
PROCESSOR = 30
"""Seconds by the clock and of the processor for one file."""
MEMORY = 768 * 1024 * 1024
"""Bytes of address space."""
MOST_TRIES = 3
LEASE = timedelta(minutes=10)


def wait_for_text(document: Document, now: datetime) -> None:
    """Has a document that is about to be saved wait to be read; till then it is found by its name and note."""
    document.full_text, document.text_tries = document.note, 0
    is_read = bool(sort_of(document.name))
    document.text_state = TextState.WAITING if is_read else TextState.UNREADABLE
    document.text_problem = "" if is_read else TextProblem.OTHER_SORT
    document.text_due_at = now if is_read else None


def read_due(*, now: datetime) -> int:
    """Reads documents that wait, a batch at most; gives how many."""
    done = 0
    while done < BATCH and (taken := _take(now)):
        _read(taken)
        done += 1
    return done


@transaction.atomic
def _take(now: datetime) -> Document | None:
    due = Document.objects.filter(given_out(), text_due_at__lte=now, removed_at=None)
    rows = due.order_by("text_due_at", "pk")
    found = rows.select_for_update(skip_locked=True, no_key=True, of=("self",)).first()
    if found is None:
        return None
    found.text_due_at, found.text_tries = now + LEASE, found.text_tries + 1
    found.save(update_fields=["text_due_at", "text_tries"])
    return found


def _read(document: Document) -> None:
    if document.text_tries > MOST_TRIES:
        text, problem = "", TextProblem.TOO_SLOW.value
    else:
        text, problem = text_of(document)
    state = TextState.UNREADABLE if problem else TextState.READ
    told = f"{document.note}\n{text}".strip() if text else document.note
    same = Document.objects.filter(pk=document.pk, sha256=document.sha256, note=document.note)
    same.update(full_text=told, text_state=state, text_problem=problem, text_due_at=None)


def text_of(document: Document) -> tuple[str, str]:
    """(the file's text, why there is none): one of them is empty."""
    sort = sort_of(document.name)
    if not sort:
        return "", TextProblem.OTHER_SORT
    try:
        with default_storage.open(str(document.file)) as content:
            asked = (sort, str(MEMORY), str(PROCESSOR))
            told = read_apart("core.texts", *asked, source=content, seconds=LONGEST)
    except FileNotFoundError:
        return "", TextProblem.LOST
    except TimeoutError:
        return "", TextProblem.TOO_SLOW
    except Failed:
        return "", TextProblem.TOO_LARGE
    return told["text"], told["reason"]
