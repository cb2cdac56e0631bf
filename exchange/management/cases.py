"""What the command says of imported cases."""

from collections.abc import Iterator
from typing import Any

SHOWN = 5


def cases_told(told: dict[str, Any]) -> Iterator[str]:
    """The figures of a report about cases, a line each; none of other reports."""
    if not told.get("cases"):
        return
    yield f"{told['cases']:,} cases, {told['open']:,} of them open."
    if told["said_in_time"] or told["said_late"]:
        yield f"By the file's own word {told['said_in_time']:,} were answered in time, {told['said_late']:,} were not."
    for clock, counts in told["clocks"].items():
        yield f"Clock “{clock}”: {counts['kept']:,} kept, {counts['broken']:,} broken, {counts['running']:,} run."
    for remark, count in told["remarks"].items():
        yield f"  {remark}: {count:,}"
    for title in ("product", "theme"):
        first = list(told[f"by_{title}"].items())[:SHOWN]
        yield (
            f"By {title}: " + ", ".join(f"{name or '–'} {counts['cases']:,}" for name, counts in first) + "."
        )
