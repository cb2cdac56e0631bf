"""Files as somebody else's software writes them, brought in through the operation."""

import tarfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from accounts.operations.workspace import Workspace
from exchange.operations.ingest import ingest
from exchange.operations.report import Report
from exchange.operations.source_files import SourceFile
from exchange.operations.terms import unheard
from exchange.queries.mappings import load_mapping, parse_mapping
from tests.factories import NOW

ROOT = Path(__file__).resolve().parents[2]

PURCHASES: dict[str, Any] = {
    "source": "shop",
    "columns": {
        "order_ref": "Order",
        "customer_ref": "Customer",
        "ordered_at": "Date",
        "amount": "Amount",
    },
    "constants": {"kind": "customers", "currency": "GBP", "stage": "active"},
}

Bring = Callable[..., Report]


@pytest.fixture
def bring(workspace: Workspace, tmp_path: Path) -> Bring:
    """Imports texts as files: `bring("a,b\\n1,2\\n", columns={…})` changes keys of a mapping of purchases."""

    def carry_out(
        *contents: str | bytes,
        actor: Any = None,
        dataset: str = "purchases",
        dry_run: bool = False,
        accept_equal: bool = False,
        tell: Any = unheard,
        **keys: Any,
    ) -> Report:
        files = []
        for number, content in enumerate(contents, 1):
            path = tmp_path / f"file{number}.csv"
            path.write_bytes(content.encode() if isinstance(content, str) else content)
            files.append(SourceFile(path.name, path))
        base = PURCHASES if dataset == "purchases" else {"source": "shop"}
        return ingest(
            actor=actor or workspace.system_actor,
            dataset=dataset,
            files=files,
            mapping=parse_mapping("test", {**base, **keys}, dataset),
            now=NOW,
            dry_run=dry_run,
            accept_equal=accept_equal,
            tell=tell,
        )

    return carry_out


@pytest.fixture
def bring_shipped(workspace: Workspace) -> Bring:
    """Imports files by a mapping that comes with the product."""

    def carry_out(name: str, dataset: str, paths: list[Path]) -> Report:
        return ingest(
            actor=workspace.system_actor,
            dataset=dataset,
            files=[SourceFile(path.name, path) for path in paths],
            mapping=load_mapping(name, dataset),
            now=NOW,
        )

    return carry_out


@pytest.fixture(scope="session")
def online_retail(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """The daily files of Online Retail, December 2010, unpacked."""
    folder = tmp_path_factory.mktemp("online-retail")
    with tarfile.open(ROOT / "demo" / "online-retail" / "online-retail-2010-12.tar.xz") as archive:
        for member in archive:
            if content := archive.extractfile(member):
                (folder / Path(member.name).name).write_bytes(content.read())
    return sorted(folder.rglob("*.csv"))


@pytest.fixture(scope="session")
def cdnow() -> Path:
    """The CDNOW sample inside the test-only wheel, found without importing the package."""
    from importlib.metadata import distribution  # noqa: PLC0415  only this fixture needs it

    return Path(str(distribution("lifetimes").locate_file("lifetimes/datasets/CDNOW_sample.txt")))
