"""What the tests of the whole share."""

import pytest
from pytest_django.fixtures import Settings


@pytest.fixture(autouse=True)
def nobody_calls_too_often(settings: Settings) -> None:
    """Thousands of calls of the API, within a minute that stands still."""
    settings.API_CALLS_A_MINUTE = 1_000_000
