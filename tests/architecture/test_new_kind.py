"""A kind is a folder and its name in two lists: nothing else is touched, no table of the kernel changes.

The project is copied to a temporary folder and a kind of guilds is added to the copy as a person would: an app,
its name among the installed apps, and its name in the import contracts. Its contract then passes there.
"""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LEFT_OUT = shutil.ignore_patterns(
    ".git",
    ".venv",
    ".cache",
    "var",
    "shots",
    "__pycache__",
    ".mypy_cache",
    ".ruff_cache",
    ".pytest_cache",
    ".coverage*",
)

FILES = {
    "guilds/__init__.py": "",
    "guilds/migrations/__init__.py": "",
    "guilds/models.py": '''
from django.db import models

from relationships.models import Relationship


class Guild(models.Model):
    """The guild's profile."""

    relationship = models.OneToOneField(
        Relationship, on_delete=models.CASCADE, primary_key=True, related_name="guild"
    )
    craft = models.CharField("craft", max_length=40, blank=True)
''',
    "guilds/kind.py": """
from relationships.kinds import Column, Kind, Playbook, PlaybookStep, ScorecardComponent, Stage

KIND = Kind(
    slug="guilds", label="Guild", label_plural="Guilds", icon="award", colour="community", key="z",
    profile="guilds.Guild", cadence_days=60, position=70, has_trade=False,
    stages=(Stage("known", "Known"), Stage("member", "Member")),
    groups={"contact": "Contact", "promises": "Promises"},
    components=(
        ScorecardComponent("recency", "contact", "recency", 40, ((1.0, 100.0), (5.0, 0.0)), 60),
        ScorecardComponent("promises", "promises", "promise_keeping", 60, ((0.0, 0.0), (1.0, 100.0)), 180),
    ),
    columns=(Column("craft", "Craft", "guild__craft"),),
    playbooks=(Playbook("join", "Join", "When they invite us.", (PlaybookStep("Say yes", 1, "call"),)),),
)
""",
    "guilds/apps.py": """
from django.apps import AppConfig


class GuildsConfig(AppConfig):
    name = "guilds"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from guilds.kind import KIND
        from relationships import kinds

        kinds.registry.register(KIND)
""",
    "tests/contracts/test_guilds.py": """
from tests.contracts.kind import KindContract


class TestGuilds(KindContract):
    kind = "guilds"
""",
}


def run(folder: Path, *command: str) -> str:
    """What a program said in the copy; fails with it when the program does."""
    address = re.sub(r"/[^/?]+(?=$|\?)", f"/guilds_{os.getpid()}", os.environ["DATABASE_URL"])
    environment = os.environ | {
        "DATABASE_URL": address,
        "PYTHONPATH": str(folder),
        "DJANGO_SETTINGS_MODULE": "",
    }
    environment.pop("DJANGO_SETTINGS_MODULE")
    environment.pop("PYTEST_XDIST_WORKER", None)
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-2000:]
    return done.stdout


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The project with the new kind: a folder, and its name in two lists."""
    folder = tmp_path / "project"
    shutil.copytree(ROOT, folder, ignore=LEFT_OUT)
    for name, text in FILES.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    settings = folder / "relman" / "settings.py"
    settings.write_text(
        settings.read_text().replace('    "suppliers",\n', '    "suppliers",\n    "guilds",\n')
    )
    project = folder / "pyproject.toml"
    head, contracts = project.read_text().split("[tool.importlinter]")
    contracts = contracts.replace('"suppliers",', '"suppliers", "guilds",').replace(
        "suppliers |", "suppliers | guilds |"
    )
    project.write_text(f"{head}[tool.importlinter]{contracts}")
    return folder


def test_a_kind_is_a_folder_and_its_name_in_two_lists(copy: Path) -> None:
    made = run(copy, sys.executable, "manage.py", "makemigrations")
    assert [line for line in made.splitlines() if line.startswith("Migrations for")] == [
        "Migrations for 'guilds':"
    ]
    contract = run(
        copy, sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--create-db",
        "tests/contracts/test_guilds.py", "tests/architecture/test_contracts.py",
    )  # fmt: skip
    assert re.search(r"^1\d passed|^2\d passed", contract.splitlines()[-1])
    assert "0 broken" in run(copy, str(Path(sys.executable).parent / "lint-imports"))
