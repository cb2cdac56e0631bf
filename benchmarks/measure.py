"""`python -m benchmarks.measure PORT FILE [--rounds N] …`: measures one size; its findings go to the file."""

import json
import sys
from argparse import ArgumentParser, Namespace
from pathlib import Path

import django


def main() -> None:
    """Measures what the arguments ask for, and says each finding as it is made."""
    parser = ArgumentParser()
    parser.add_argument("port", type=int)
    parser.add_argument("file", type=Path)
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--pages-only", action="store_true", help="for comparing sizes")
    parser.add_argument("--ingest", type=int, nargs="*", default=[])
    django.setup()
    _measure(parser.parse_args())


def _measure(asked: Namespace) -> None:
    from benchmarks import jobs  # noqa: PLC0415  models exist only once Django is set up
    from benchmarks.exporting import exporting  # noqa: PLC0415  as above
    from benchmarks.pages import Pages  # noqa: PLC0415  as above
    from benchmarks.report import Finding, line, pack  # noqa: PLC0415  as above
    from benchmarks.subjects import Subjects  # noqa: PLC0415  as above
    from benchmarks.writes import Writes  # noqa: PLC0415  as above

    findings: list[Finding] = []

    def tell(found: list[Finding]) -> None:
        findings.extend(found)
        for finding in found:
            sys.stdout.write(f"{line(finding)}\n")
        sys.stdout.flush()

    subjects = Subjects.choose()
    pages = Pages(subjects, asked.port)
    if asked.pages_only:
        pages.look(asked.rounds)
    else:
        tell(pages.measure(asked.rounds))
        tell(pages.eight(max(asked.rounds // 3, 3)))
        tell(Writes(subjects, asked.port).measure(asked.rounds))
        tell(exporting(subjects, asked.port))  # before what makes this process large
        tell(jobs.scoring())
        for rows in asked.ingest:
            tell(jobs.ingesting(rows))
    asked.file.write_text(json.dumps({"findings": pack(findings), "medians": pages.medians()}))


if __name__ == "__main__":
    main()
