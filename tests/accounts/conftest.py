"""Letters go where the product sends them: into the outbox."""

import pytest
from pytest_django.fixtures import Settings


@pytest.fixture(autouse=True)
def letters_go_into_the_outbox(settings: Settings) -> None:
    settings.EMAIL_BACKEND = "messaging.backends.OutboxEmailBackend"


@pytest.fixture(autouse=True)
def passwords_are_cheap_to_check(settings: Settings) -> None:
    """The product's hasher takes its time on purpose; `test_sign_in` says which it is."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
