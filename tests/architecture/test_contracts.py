"""The import contracts name what exists: a list that is silent about a module does not protect it."""

import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LINTER = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]
KERNEL_PRIVATE = {"api", "filters", "forms", "importers", "panels", "tables", "tasks", "urls", "views"}


def contract(kind: str) -> dict[str, list[str]]:
    return next(contract for contract in LINTER["contracts"] if contract["type"] == kind)


def test_every_private_module_of_the_kernel_is_protected() -> None:
    kernel = ROOT / "relationships"
    present = {path.stem for path in kernel.iterdir() if path.suffix == ".py" or path.is_dir()}
    expected = sorted(f"relationships.{name}" for name in KERNEL_PRIVATE & present)
    assert sorted(contract("protected")["protected_modules"]) == expected


def test_every_app_folder_is_under_the_contracts() -> None:
    folders = {path.parent.name for path in ROOT.glob("*/apps.py")} | {"analytics"}
    assert set(LINTER["root_packages"]) == folders
