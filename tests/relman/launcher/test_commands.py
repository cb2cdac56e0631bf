"""Which command lines of `manage.py` need the servers."""

import pytest

from relman.launcher.commands import needs_servers


@pytest.mark.parametrize(
    ("line", "needed"),
    [
        ("", False),
        ("help", False),
        ("help migrate", False),
        ("--version", False),
        ("migrate --help", False),
        ("check", False),
        ("check --deploy --fail-level WARNING", False),
        ("check --database default", True),
        ("check --database=default", True),
        ("makemigrations --check", False),
        ("collectstatic --no-input", False),
        ("migrate", True),
        ("shell", True),
        ("ingest purchases cdnow.txt", True),
        ("runserver", True),
    ],
)
def test_servers_are_started_for_commands_that_touch_rows(line: str, needed: bool) -> None:
    assert needs_servers(line.split()) is needed
