"""What the web application loads, and the one piece of stack it answers from, however deep a page's loops are."""

import subprocess
import sys

from relman.launcher.folders import CHECKOUT

PROBE = """
import resource
from relman import wsgi

def faults():
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt

def small(a=0, b=0, c=0, d=0):
    return a

def looped():
    before = faults()
    for _ in range(200):
        small()
    return faults() - before

def most(depth):
    return max(looped(), most(depth - 1)) if depth else 0

wsgi.answer = lambda environ, start_response: [most(300)]
most(300)
print(wsgi.application({}, None)[0])
"""


def test_no_call_of_a_request_has_to_fetch_its_stack_from_the_system() -> None:
    told = subprocess.run(
        [sys.executable, "-c", PROBE], cwd=CHECKOUT, capture_output=True, text=True, check=True
    )
    assert int(told.stdout) < 100


def test_what_computes_over_many_rows_is_not_loaded_by_every_page() -> None:
    code = "import sys; from relman import wsgi; print(*sorted({'accounts', 'scipy'} & set(sys.modules)))"
    told = subprocess.run(
        [sys.executable, "-c", code], cwd=CHECKOUT, capture_output=True, text=True, check=True
    )
    assert told.stdout.split() == ["accounts"]
