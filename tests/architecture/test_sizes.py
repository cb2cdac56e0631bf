"""The hard size limits of the code, and the few files that may still exceed them."""

import ast
import json
import tomllib
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
APPS = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["root_packages"]
ALLOWED = json.loads(Path(__file__).with_name("size_allowances.json").read_text())

MODULE, TEST_MODULE, FUNCTION, VIEW = 500, 500, 35, 25
TEMPLATE, FRAGMENT, STYLESHEET, BEHAVIOUR = 120, 40, 250, 100

Function = ast.FunctionDef | ast.AsyncFunctionDef


def lines(path: Path) -> int:
    return len(path.read_text().splitlines())


def product_modules() -> Iterator[Path]:
    for app in APPS:
        yield from (path for path in sorted((ROOT / app).rglob("*.py")) if "migrations" not in path.parts)
    yield ROOT / "manage.py"


def function_lines(function: Function) -> int:
    """Lines from `def` to the end, the docstring not counted: words about code are not code."""
    total = (function.end_lineno or function.lineno) - function.lineno + 1
    first = function.body[0]
    if ast.get_docstring(function) is not None:
        total -= (first.end_lineno or first.lineno) - first.lineno + 1
    return total


def is_view(path: Path, function: Function) -> bool:
    return (path.name == "views.py" or path.parent.name == "views") and any(
        argument.arg == "request" for argument in function.args.args[:1]
    )


def too_long() -> dict[str, tuple[int, int]]:
    """Name → (lines, limit) of everything above its limit."""
    found: dict[str, tuple[int, int]] = {}

    def measure(name: str, size: int, limit: int) -> None:
        if size > limit:
            found[name] = (size, limit)

    for path in product_modules():
        name = str(path.relative_to(ROOT))
        measure(name, lines(path), MODULE)
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, Function):
                limit = VIEW if is_view(path, node) else FUNCTION
                measure(f"{name}::{node.name}", function_lines(node), limit)
    for path in sorted((ROOT / "tests").rglob("*.py")):
        measure(str(path.relative_to(ROOT)), lines(path), TEST_MODULE)
    for path in sorted((ROOT / "templates").rglob("*.html")):
        limit = FRAGMENT if path.name.startswith("_") else TEMPLATE
        measure(str(path.relative_to(ROOT)), lines(path), limit)
    for folder, ending, limit in (("css", "css", STYLESHEET), ("js", "js", BEHAVIOUR)):
        for path in sorted((ROOT / "static" / folder).rglob(f"*.{ending}")):
            measure(str(path.relative_to(ROOT)), lines(path), limit)
    return found


def test_nothing_exceeds_its_size_limit() -> None:
    excess = {name: size for name, size in too_long().items() if name not in ALLOWED}
    assert excess == {}, "split these (lines, limit)"


def test_allowances_only_shrink() -> None:
    """An allowance is exactly the size of today, and goes away with the need for it."""
    today = too_long()
    assert {name: today.get(name, (0, 0))[0] for name in ALLOWED} == ALLOWED


def test_functions_are_measured_without_their_docstring() -> None:
    tree = ast.parse('def three():\n    """One.\n\n    Two."""\n    value = 1\n    return value\n')
    assert isinstance(tree.body[0], ast.FunctionDef)
    assert function_lines(tree.body[0]) == 3
