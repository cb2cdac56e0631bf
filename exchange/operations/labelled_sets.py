"""How well duplicates are found, measured on published files in which people marked them. Labels are never compared."""

import re
import shutil
import tarfile
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from time import monotonic

from django.utils.translation import gettext as _

from analytics.linkage.decisions import Decision
from core.refusals import Missing
from exchange.operations.duplicates import column_of, find_duplicates
from exchange.operations.source_files import SourceFile

ARCHIVES = "*.tar.xz"


@dataclass(frozen=True)
class LabelledSet:
    """A published file: rows whose `label` column shows the same `entity` are one thing."""

    name: str
    file: str
    label: str
    entity: str = ".+"


SETS = (
    LabelledSet("FEBRL dataset1", "dataset1.csv", "rec_id", r"rec-\d+"),
    LabelledSet("FEBRL dataset3", "dataset3.csv", "rec_id", r"rec-\d+"),
    LabelledSet("childcare", "dedupe_chicago_childcare_true_ids.csv", "True Id"),
    LabelledSet("fake_1000", "splink_fake_1000.csv", "cluster"),
    LabelledSet("RLdata500", "RLdata500.csv", "ent_id"),
)


@dataclass(frozen=True)
class Measured:
    """Counts of one set: true pairs, pairs called the same, and how many of them and of those for review are true."""

    name: str
    rows: int
    true: int
    same: int
    review: int
    same_true: int
    review_true: int
    seconds: float

    @property
    def precision(self) -> float:
        """Of the pairs called the same, the share that is; 1 where none is."""
        return self.same_true / self.same if self.same else 1.0

    @property
    def recall(self) -> float:
        """Of the true pairs, the share called the same or shown for review; 1 where there are none."""
        return (self.same_true + self.review_true) / self.true if self.true else 1.0


def measured(folder: Path, scratch: Path) -> Iterator[Measured]:
    """Each known set in `folder`, anywhere beneath it or in an archive of it, which is unpacked into `scratch`.

    Raises Missing where the folder is not there or holds none of the sets.
    """
    files = {
        labelled: path for labelled in SETS if (path := _found(folder, labelled.file, scratch)) is not None
    }
    if not files:
        names = ", ".join(labelled.file for labelled in SETS)
        raise Missing(
            _("%(folder)s holds none of the labelled sets, which are %(names)s.")
            % {"folder": folder, "names": names}
        )
    for labelled, path in files.items():
        yield _measure(labelled, SourceFile(labelled.file, path))


def _found(folder: Path, name: str, scratch: Path) -> Path | None:
    for path in sorted(folder.rglob(name)):
        return path
    for archive in sorted([*folder.glob(ARCHIVES), *([folder] if folder.is_file() else [])]):
        if "dedup" in archive.name:
            with tarfile.open(archive) as packed:
                for member in packed:
                    stream = packed.extractfile(member) if Path(member.name).name == name else None
                    if stream is not None:
                        with (scratch / name).open("wb") as target:
                            shutil.copyfileobj(stream, target)
                        return scratch / name
    return None


def _measure(labelled: LabelledSet, file: SourceFile) -> Measured:
    began = monotonic()
    found = find_duplicates(files=[file])
    seconds = monotonic() - began
    truth = _true_pairs(labelled, column_of(file, labelled.label))
    counts = Counter(match.decision for match in found.matches)
    right = Counter(match.decision for match in found.matches if (match.first, match.second) in truth)
    return Measured(
        name=labelled.name,
        rows=sum(found.rows),
        true=len(truth),
        same=counts[Decision.SAME],
        review=counts[Decision.REVIEW],
        same_true=right[Decision.SAME],
        review_true=right[Decision.REVIEW],
        seconds=seconds,
    )


def _true_pairs(labelled: LabelledSet, labels: list[str]) -> set[tuple[int, int]]:
    members: dict[str, list[int]] = defaultdict(list)
    for row, label in enumerate(labels):
        entity = re.match(labelled.entity, label.strip())
        if entity is not None:
            members[entity[0]].append(row)
    return {pair for rows in members.values() for pair in combinations(rows, 2)}
