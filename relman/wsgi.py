"""The web application as gunicorn loads it."""

import gc
import os
from collections.abc import Iterable
from importlib import import_module
from typing import Any

from django.core.wsgi import get_wsgi_application
from django.urls import resolve

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "relman.settings")
answer = get_wsgi_application()


def application(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    """The answer to a request, from a frame that is made roomy below."""
    return answer(environ, start_response)


# CPython keeps frames in chunks of 16 KB and gives a chunk back as soon as its first frame ends. A loop whose calls
# cross the edge of one, as a list's rows may, maps and unmaps 16 KB for every call: 400 times and 10 ms for a page.
# A frame of 128 KB opens a chunk of 256 KB instead, which holds all that a request calls.
application.__code__ = application.__code__.replace(co_stacksize=16_000)

resolve("/")  # loads the code of every page: once, and not in each worker when it is first asked
import_module("relman.preloading").work_out_what_is_lazy()
gc.collect()
gc.freeze()  # what is loaded stays: the workers share its pages, and no request pays for looking through it
gc.set_threshold(10_000)  # a page leaves little behind: with 700, looking for that took 1 ms of each record
