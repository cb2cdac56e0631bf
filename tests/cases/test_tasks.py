"""The timers of cases do their work and leave nothing to do."""

from datetime import timedelta

import pytest
import time_machine

from accounts.operations.workspace import Workspace
from cases.models import CaseClock
from cases.tasks import recount_clocks, tell_due_clocks
from tests.factories import NOW, make_case

pytestmark = pytest.mark.django_db


def test_clocks_that_are_due_are_told_and_all_are_counted_anew(workspace: Workspace) -> None:
    case = make_case(severity=4)
    with time_machine.travel(NOW + timedelta(hours=2), tick=False):
        tell_due_clocks()
        recount_clocks()
    found = CaseClock.objects.filter(case=case).order_by("id").values_list("type", "marked_percent")
    assert list(found) == [("acknowledge", 100), ("first_response", 100), ("resolution", 0)]
