"""The moment of the pages' tests, and who takes part when a book changes hands."""

from collections.abc import Iterator

import pytest
import time_machine

from accounts.models import User
from tests.factories import NOW, make_user


@pytest.fixture
def at_now() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def boss() -> User:
    return make_user("administrator", name="Boss")


@pytest.fixture
def leaver() -> User:
    return make_user(name="Lena Leaver")


@pytest.fixture
def heir() -> User:
    return make_user(name="Heir")
