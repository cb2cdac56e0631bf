"""The API is asked what its OpenAPI file allows and what it forbids: no failure of ours, no answer that is not told.

A few examples of everything, over the wire; `make fuzz` asks for many more.
"""

import json
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from pytest_django.fixtures import Settings
from pytest_django.live_server_helper import LiveServer

from core.rest.reference import PLACE
from tests.api import ApiClient
from tests.factories import (
    NOW,
    make_commitment,
    make_document,
    make_follow_up,
    make_interaction,
    make_link,
    make_order,
    make_party,
    make_person,
    make_relationship,
    make_user,
)

pytestmark = pytest.mark.django_db(transaction=True)
PROGRAM = Path(sys.executable).with_name("schemathesis")


@pytest.fixture
def token(settings: Settings) -> str:
    """The token of an administrator with a relationship of every open kind and something in each."""
    settings.API_CALLS_A_MINUTE = 1_000_000
    administrator = make_user("administrator")
    for kind in ("customers", "suppliers", "investors"):
        relationship = make_relationship(kind, owner=administrator, now=NOW - timedelta(days=30))
        person = make_person(works_for=relationship.party)
        make_interaction(relationship, actor=administrator, people=[person], problem_severity=4)
        make_commitment(relationship, actor=administrator)
        make_follow_up(relationship, actor=administrator)
        make_link(relationship.party, make_party(), "partner_of")
        make_order(relationship, NOW.date())
        make_document(relationship, actor=administrator, name="a.txt", content=kind.encode())
    return ApiClient(administrator).own["Authorization"]


def test_the_api_answers_as_its_file_says(live_server: LiveServer, token: str) -> None:
    asked = [
        *(PROGRAM, "run", PLACE, "--url", live_server.url, "-H", f"Authorization: {token}"),
        *("--phases", "fuzzing", "--max-examples", "1", "--no-shrink"),
        *("--warnings", "off", "--no-color"),
    ]
    done = subprocess.run(asked, cwd=settings.BASE_DIR, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-4000:]
    calls = sum(len(verbs) for verbs in json.loads(PLACE.read_text())["paths"].values())
    assert f"Tested: {calls}" in done.stdout
