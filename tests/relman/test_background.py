"""The worker and beat start with celery's own commands, and without what those processes never need."""

import subprocess
import sys

import pytest

from relman import background
from relman.launcher.folders import CHECKOUT

LOADED = """
import sys
from relman.background import main
try:
    main([{name!r}, "--help"])
finally:
    print("loaded:", *sorted({{name.partition(".")[0] for name in sys.modules}}))
    print("again:", *sys.argv)
"""


def output(code: str) -> str:
    """What a fresh process prints."""
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=CHECKOUT, capture_output=True, text=True, check=True
    )
    return done.stdout


@pytest.mark.parametrize(("name", "option"), [("worker", "--concurrency"), ("beat", "--max-interval")])
def test_a_command_has_celerys_options_and_no_shell(name: str, option: str) -> None:
    said = output(LOADED.format(name=name))
    loaded = said.partition("loaded:")[2].splitlines()[0].split()
    assert option in said
    assert "celery" in loaded
    assert not {"click_repl", "prompt_toolkit"} & set(loaded)


def test_a_worker_that_is_hung_up_starts_itself_by_the_same_words() -> None:
    assert (
        output(LOADED.format(name="worker")).splitlines()[-1] == "again: -m relman.background worker --help"
    )


@pytest.mark.parametrize("arguments", [[], ["shell"], ["--help"]])
def test_no_other_command_is_run(arguments: list[str]) -> None:
    with pytest.raises(SystemExit) as refused:
        background.main(arguments)
    assert refused.value.code == "Say what is to run: worker or beat."
