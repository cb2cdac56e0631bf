"""What the tests of the whole share."""

from collections.abc import Iterator

import pytest
from django.core.cache import cache
from pytest_django.fixtures import Settings


@pytest.fixture(autouse=True)
def nobody_calls_too_often(settings: Settings) -> None:
    """Thousands of calls of the API, within a minute that stands still."""
    settings.API_CALLS_A_MINUTE = 1_000_000


@pytest.fixture(autouse=True)
def _sessions_are_kept_here(settings: Settings) -> Iterator[None]:
    """Each of thousands of requests asks for its session: by way of a server that was a tenth of their time."""
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    yield
    cache.clear()
