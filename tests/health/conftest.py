"""Who looks after what is measured."""

import pytest

from accounts.models import User
from accounts.operations.workspace import Workspace
from tests.factories import make_user


@pytest.fixture
def owner(workspace: Workspace) -> User:
    return make_user()
