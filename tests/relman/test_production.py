"""What production refuses, and that a well-set production raises no warning."""

import os
import subprocess
import sys

import pytest
from django.conf import LazySettings

from relman.checks import addresses_are_public
from relman.environment import broker_url, database_from_url
from tests.homes import CHECKOUT, OURS

WELL_SET = {
    "RELMAN_ENV": "production",
    "SECRET_KEY": "b7Qx2mVf9Lr4Tz8KpW3sNd6Hc1Gj5Ye0Ua-Bi_Ro7Ml2Xk5TqDw8",
    "BASE_URL": "https://relman.example",
    "ALLOWED_HOSTS": "relman.example",
    "DATABASE_URL": "postgresql://relman@db/relman",
    "REDIS_URL": "redis://broker/0",
}


def check_deploy(**changes: str) -> "subprocess.CompletedProcess[str]":
    bare = {name: value for name, value in os.environ.items() if name not in {*OURS, *WELL_SET, "DEBUG"}}
    return subprocess.run(
        [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"],
        cwd=CHECKOUT,
        env={**bare, **WELL_SET, **changes},
        capture_output=True,
        text=True,
        check=False,
    )


def test_well_set_production_raises_no_warning() -> None:
    done = check_deploy()
    assert (done.returncode, done.stdout) == (0, "System check identified no issues (0 silenced).\n"), (
        done.stderr
    )


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"SECRET_KEY": ""}, "SECRET_KEY is missing, short or a default."),
        ({"SECRET_KEY": "b7Qx2mVf9Lr4Tz8KpW3sNd6Hc1Gj5Ye0Ua"}, "SECRET_KEY is missing, short or a default."),
        ({"SECRET_KEY": "django-insecure-" + "x" * 60}, "SECRET_KEY is missing, short or a default."),
        ({"SECRET_KEY": "change-me" + "x" * 60}, "SECRET_KEY is missing, short or a default."),
        ({"DEBUG": "1"}, "DEBUG is on. Production refuses to start with DEBUG; unset it."),
        ({"DEBUG": "perhaps"}, "DEBUG is 'perhaps'; it takes 1 or 0."),
        ({"RELMAN_ENV": "prod"}, "RELMAN_ENV is 'prod'; it takes development or production."),
        ({"DATABASE_URL": "mysql://db/relman"}, "DATABASE_URL starts with 'mysql'; it takes postgresql://."),
    ],
)
def test_production_refuses_to_start(changes: dict[str, str], reason: str) -> None:
    done = check_deploy(**changes)
    assert done.returncode == 1
    assert reason in done.stderr.splitlines()[-1]


@pytest.mark.parametrize(
    ("base_url", "hosts", "found"),
    [
        ("https://relman.example", ["relman.example"], []),
        ("https://crm.relman.example", [".relman.example"], []),
        ("http://relman.example", ["relman.example"], ["relman.W001"]),
        ("https://localhost", ["localhost"], ["relman.W001"]),
        ("https://relman.example", ["localhost"], ["relman.W002"]),
    ],
)
def test_addresses_that_nobody_can_open_are_warned_of(
    settings: LazySettings, base_url: str, hosts: list[str], found: list[str]
) -> None:
    settings.BASE_URL, settings.ALLOWED_HOSTS = base_url, hosts
    assert [message.id for message in addresses_are_public()] == found


def test_database_addresses_may_name_a_host_or_a_socket() -> None:
    named = database_from_url("postgresql://us%40er:p%2Fw@db.example:6432/rel?sslmode=require")
    assert {key: named[key] for key in ("USER", "PASSWORD", "HOST", "PORT", "NAME")} == {
        "USER": "us@er",
        "PASSWORD": "p/w",
        "HOST": "db.example",
        "PORT": "6432",
        "NAME": "rel",
    }
    assert named["OPTIONS"]["sslmode"] == "require"
    socket = database_from_url("postgresql://relman:secret@/relman?host=%2Frun%2Fdb&port=5432")
    assert (socket["HOST"], socket["PORT"]) == ("/run/db", "5432")


@pytest.mark.parametrize(
    ("address", "broker"),
    [
        ("redis://:secret@broker:6379/0", "redis://:secret@broker:6379/0"),
        ("unix://:secret@/run/valkey.sock?db=3", "redis+socket://:secret@/run/valkey.sock?virtual_host=3"),
    ],
)
def test_the_broker_address_is_the_cache_address_in_celerys_spelling(address: str, broker: str) -> None:
    assert broker_url(address) == broker
