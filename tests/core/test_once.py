"""A request finds a thing once; what is no request finds it each time."""

from collections.abc import Iterator

import pytest
from django.core.signals import request_finished, request_started

from core.once import ask_again, once


@pytest.fixture
def request_under_way(db: None) -> Iterator[None]:
    request_started.send(sender=None)
    yield
    request_finished.send(sender=None)


def asked(found: list[int]) -> list[int]:
    def find() -> int:
        found.append(len(found))
        return len(found)

    return [once("number", find) for _time in range(3)]


def test_outside_a_request_everything_is_found_each_time() -> None:
    assert asked([]) == [1, 2, 3]
    ask_again("number")


@pytest.mark.usefixtures("request_under_way")
def test_a_request_finds_a_thing_once_until_it_changed() -> None:
    found: list[int] = []
    assert asked(found) == [1, 1, 1]
    ask_again("number")
    assert asked(found) == [2, 2, 2]


@pytest.mark.django_db
def test_the_next_request_finds_it_anew() -> None:
    found: list[int] = []
    for expected in (1, 2):
        request_started.send(sender=None)
        assert asked(found) == [expected] * 3
        request_finished.send(sender=None)
