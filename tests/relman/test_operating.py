"""docs/operating.md names every variable that the product reads, and none that it does not."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
READERS = (
    r"environ(?:\.get)?[\[(]\s*\"([A-Z][A-Z_]+)\"",
    r"\b(?:flag|one_of|read_secret)\(\"([A-Z][A-Z_]+)\"",
)
OTHERS_OWN = {
    "DJANGO_SETTINGS_MODULE",
    "MAKELEVEL",
    "PATH",
    "PLAYWRIGHT_BROWSERS_PATH",
    "PYTEST_XDIST_WORKER",
}


def read_by_the_product() -> set[str]:
    files = [path for path in ROOT.glob("*/**/*.py") if path.parts[len(ROOT.parts)] not in {"var", ".venv"}]
    files = [path for path in files if "tests" not in path.parts or path.name in {"chromium.py"}]
    found: set[str] = set()
    for path in files:
        if not any(part.startswith(".") for part in path.relative_to(ROOT).parts):
            for pattern in READERS:
                found.update(re.findall(pattern, path.read_text()))
    return found - OTHERS_OWN


def test_every_variable_is_in_the_table() -> None:
    section = (
        (ROOT / "docs" / "operating.md").read_text().split("## Environment variables")[1].split("\n## ")[0]
    )
    rows = [line.split("|")[1] for line in section.splitlines() if line.startswith("| `")]
    named = {name for row in rows for name in re.findall(r"`([A-Z_]+)`", row)}
    assert read_by_the_product() - named == set()
    assert named - read_by_the_product() <= {"RELMAN_DATA"}  # read by tests alone
