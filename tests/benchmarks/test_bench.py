"""The bench measures what it says, judges by its targets, and leaves everybody else's servers alone."""

import json
import os
import subprocess
import sys
from pathlib import Path

from benchmarks.reference import MOST_QUERIES, PAGES, Target
from benchmarks.report import Times, found, line, pack, unpack, write
from relman.launcher.folders import CHECKOUT
from tests.homes import discard, environment

TWICE = Target(2.0, "F")


def test_a_finding_keeps_its_target_or_misses_it() -> None:
    assert found("a", 2.0, TWICE).met
    assert not found("a", 2.01, TWICE).met
    assert not found("a", 1.0, TWICE, queries=MOST_QUERIES + 1).met
    assert line(found("a", 2.01, TWICE)).startswith("MISS a ")


def test_the_middle_and_the_slow_end() -> None:
    times = Times([float(number) for number in range(1, 101)])
    assert (times.p50, round(times.p95, 2)) == (50.5, 95.05)
    assert Times([0.5]).words() == "500.00 ms (p95 500.00)"


def test_findings_are_written_for_people_and_for_programs(tmp_path: Path) -> None:
    findings = [found("list", 1.25, TWICE, queries=9, detail="3 ms"), found("log", 5.0, TWICE)]
    assert unpack(pack(findings)) == findings
    write(tmp_path, findings, size="10", heading="Ten relationships.", notes=["### Growth"])
    write(tmp_path, findings[:1], size="20", heading="Twenty relationships.", notes=["### Growth"])
    write(tmp_path, findings, size="10", heading="Ten again.", notes=["### Growth"])
    assert json.loads((tmp_path / "latest.json").read_text()) == [
        {"name": "list", "value": 1.25, "target": 2.0, "met": True, "queries": 9},
        {"name": "log", "value": 5.0, "target": 2.0, "met": False, "queries": 0},
    ]
    words = (tmp_path / "RESULTS.md").read_text()
    assert words.count("\n### Growth\n") == 2
    assert "\n## 10\n\nTen again. 1 of 2 targets met.\n" in words
    assert "\n## 20\n\nTwenty relationships. 1 of 1 targets met.\n" in words
    assert "| log | 5.00 × | 2 of F | **no** |" in words


def test_a_small_bench_measures_everything_in_a_home_of_its_own(tmp_path: Path) -> None:
    home, out = tmp_path / "home", tmp_path / "out"
    out.mkdir()
    asked = {"BENCH_SIZES": "300/1500", "BENCH_ROUNDS": "1", "BENCH_HOME": str(home), "BENCH_OUT": str(out)}
    asked["COVERAGE_PROCESS_CONFIG"] = ""  # what is timed is not measured for coverage beside
    elsewhere = {"DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none", "REDIS_URL": "redis://127.0.0.1:1/0"}
    try:
        run = subprocess.run(
            [sys.executable, "-m", "benchmarks"],
            cwd=CHECKOUT,
            env=environment(tmp_path / "other", **asked, **elsewhere),
            capture_output=True,
            text=True,
            check=False,
        )
        assert (out / "latest.json").exists(), run.stderr[-3_000:]
        measured = {entry["name"]: entry for entry in json.loads((out / "latest.json").read_text())}
        expected = {
            *PAGES,
            "api_list",
            "log_interaction",
            "create_party",
            "export",
            "export_first_byte",
            "export_memory",
            "score_all",
            "score_1000",
            "score_one",
        }
        assert expected - measured.keys() <= {"dashboard"}
        assert max(entry["queries"] for entry in measured.values()) <= MOST_QUERIES
        assert run.returncode == int(not all(entry["met"] for entry in measured.values()))
        assert not os.path.exists(tmp_path / "other")
    finally:
        discard(home)
