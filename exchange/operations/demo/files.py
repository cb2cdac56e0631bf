"""Files of the sample company, read through the import's own door."""

import csv
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path

from exchange.operations.demo.world import World
from exchange.operations.ingest import ingest
from exchange.operations.source_files import SourceFile
from exchange.queries.mappings import Mapping


def bring_in(
    world: World, mapping: Mapping, headers: Iterable[object], rows: Iterable[Sequence[object]]
) -> None:
    """Imports a table as the workspace's administrator would."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"{mapping.dataset}.csv"
        with path.open("w", newline="", encoding="utf-8") as file:
            writer = csv.writer(file)
            writer.writerow(headers)
            writer.writerows(rows)
        ingest(
            actor=world.users["sam"],
            dataset=mapping.dataset,
            files=[SourceFile(path.name, path)],
            mapping=mapping,
            now=world.now,
            sample=True,
        )
