"""What an import did, in numbers that add up: imported and held make the file, in rows and in money."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from decimal import Decimal
from typing import Any


@dataclass(frozen=True)
class Outcome:
    """Rows that are new, changed and as they were, by what they are."""

    created: dict[str, int]
    updated: dict[str, int]
    unchanged: dict[str, int]
    suppliers: int | None = None
    """How many suppliers the rows name, of a data set that has such."""
    cases: dict[str, Any] | None = None
    """What the cases of the rows are, in figures, where the rows are such."""


@dataclass(frozen=True)
class HeldLine:
    """One row that was kept aside, as the report shows it."""

    file: str
    row: int
    column: str
    value: str
    reason: str


@dataclass(frozen=True)
class Report:
    """The outcome of an import. `amount` is the net of the files; `held_amount` is that of the rows held."""

    dataset: str
    files: Sequence[str]
    rows: int
    created: dict[str, int]
    updated: dict[str, int]
    unchanged: dict[str, int]
    repeated: int
    held: int
    held_by_reason: dict[str, int]
    amount: Decimal
    held_amount: Decimal
    columns_ignored: Sequence[str]
    held_rows: Sequence[HeldLine] = field(default_factory=list)
    run_id: int | None = None
    header_row: int = 1
    encoding: str = ""
    delimiter: str = ","
    suppliers: int | None = None
    cases: dict[str, Any] | None = None
    mapping: dict[str, Any] = field(default_factory=dict)

    @property
    def imported(self) -> int:
        """Rows that are in the workspace now, whether new or known."""
        return self.rows - self.held

    def as_json(self) -> dict[str, Any]:
        """The report as it is kept and written; amounts are texts, so that no digit is lost."""
        return {
            "dataset": self.dataset,
            "files": list(self.files),
            "rows": self.rows,
            "imported": self.imported,
            "created": self.created,
            "updated": self.updated,
            "unchanged": self.unchanged,
            "repeated": self.repeated,
            "held": self.held,
            "held_by_reason": self.held_by_reason,
            "totals": {"amount": str(self.amount), "held_amount": str(self.held_amount)},
            "columns_ignored": list(self.columns_ignored),
            "header_row": self.header_row,
            "encoding": self.encoding,
            "delimiter": self.delimiter,
            **({} if self.suppliers is None else {"suppliers": self.suppliers}),
            **({} if self.cases is None else {"cases": self.cases}),
            "mapping": self.mapping,
            "held_rows": [asdict(line) for line in self.held_rows],
        }
