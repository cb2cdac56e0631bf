"""Joining css and js: in order, in layers, with what cannot be joined refused; and pages without it."""

import json
from pathlib import Path

import pytest
from django.core.management import call_command
from django.test import override_settings

from core.storage import JoinedStaticFilesStorage, JoinError, join_css, join_js


def reader(**files: str):  # type: ignore[no-untyped-def]  # a test's own closure
    return lambda name: files[name.replace("/", "_").replace(".", "_")]


def test_a_sheet_is_joined_in_order_inside_its_layers_without_comments() -> None:
    read = reader(
        css_app_css='@layer a, b;\n@import url("one.css") layer(a);\n@import url("ui/two.css");\n',
        css_one_css="/* note\n over lines */\np {\n  color: red;\n}\n",
        css_ui_two_css="q { color: blue; }\n",
    )
    assert join_css("css/app.css", read) == (
        "@layer a, b;\n@layer a{\np {\ncolor: red;\n}\n}\nq { color: blue; }"
    )


def test_a_part_in_a_folder_may_not_name_a_file_by_a_relative_address() -> None:
    read = reader(css_app_css='@import url("ui/two.css");', css_ui_two_css="p { background: url(x.png); }")
    with pytest.raises(JoinError, match=r"ui/two\.css uses url"):
        join_css("css/app.css", read)


def test_each_behaviour_keeps_a_scope_of_its_own() -> None:
    read = reader(js_app_js='// list\nimport "./one.js";\n', js_one_js="// why\nconst a = 1;\n")
    assert join_js("js/app.js", read) == "// list\n(() => {\nconst a = 1;\n})();\n"


def test_a_behaviour_that_imports_another_is_refused() -> None:
    read = reader(js_app_js='import "./one.js";', js_one_js='import "./two.js";')
    with pytest.raises(JoinError, match="a behaviour stands alone"):
        join_js("js/app.js", read)


@pytest.fixture
def collected(tmp_path: Path) -> Path:
    """The folder of a fresh `collectstatic`."""
    with override_settings(STATIC_ROOT=tmp_path):
        call_command("collectstatic", interactive=False, verbosity=0)
    return tmp_path


def test_collecting_leaves_one_sheet_and_one_script_hashed_and_compressed(collected: Path) -> None:
    paths = json.loads((collected / "staticfiles.json").read_text())["paths"]
    ours = {name for name in paths if name.startswith(("css/", "js/"))}
    scripts = {f"js/apart/{name}.js" for name in ("board", "in_place", "live", "passkey", "widths")}
    apart = {
        f"css/apart/{name}.css" for name in ("calendar", "kanban", "layout", "message", "specimen")
    } | scripts
    assert ours == {"css/app.css", "js/app.js"} | apart
    sheet = collected / paths["css/app.css"]
    assert "@import" not in sheet.read_text()
    assert f"../{paths['vendor/inter/inter-latin-wght-normal.woff2']}" in sheet.read_text()
    assert "import " not in (collected / paths["js/app.js"]).read_text()
    assert {f"{sheet.name}.br", f"{sheet.name}.gz"} <= {path.name for path in sheet.parent.iterdir()}


def test_collecting_again_takes_up_what_changed(collected: Path) -> None:
    paths = json.loads((collected / "staticfiles.json").read_text())["paths"]
    (collected / "css" / "app.css").write_text("stale")
    with override_settings(STATIC_ROOT=collected):
        call_command("collectstatic", interactive=False, verbosity=0)
    assert json.loads((collected / "staticfiles.json").read_text())["paths"] == paths
    assert (collected / "css" / "app.css").read_text() != "stale"


def test_addresses_carry_a_hash_once_collected_and_none_before(collected: Path, tmp_path: Path) -> None:
    paths = json.loads((collected / "staticfiles.json").read_text())["paths"]
    after = JoinedStaticFilesStorage(location=collected, base_url="/static/")
    before = JoinedStaticFilesStorage(location=tmp_path / "nothing", base_url="/static/")
    assert after.url("css/app.css") == f"/static/{paths['css/app.css']}"
    assert before.url("css/app.css") == "/static/css/app.css"
