"""Icons: the vendored strokes in one path, drawn where they were."""

import json

import pytest

from core.icons import ICONS_FILE, glyphs, icon, joined


def test_paths_become_one_whose_moves_stay_where_they_were() -> None:
    assert joined('<path d="M16 17h6v-6"/><path d="m22 17-8.5-8.5-5 5L2 7"/>') == (
        '<path d="M16 17h6v-6M22 17l-8.5-8.5-5 5L2 7"/>'
    )
    assert joined(
        '<path d="m9 12 2 2"/><circle cx="1" cy="1" r="1"/><path d="m21.8.9.1a2 2 0 0 1 1 1"/>'
    ) == ('<path d="M9 12l 2 2M21.8 .9l.1a2 2 0 0 1 1 1"/><circle cx="1" cy="1" r="1"/>')


def test_a_single_path_is_left_alone() -> None:
    assert joined('<path d="m1 2 3 4"/>') == '<path d="m1 2 3 4"/>'


def test_no_glyph_has_more_than_one_path_and_none_is_lost() -> None:
    assert glyphs().keys() == json.loads(ICONS_FILE.read_text()).keys()
    assert max(body.count("<path") for body in glyphs().values()) == 1


def test_an_icon_that_was_not_vendored_is_refused() -> None:
    with pytest.raises(LookupError, match="No icon 'nothing-like-it'"):
        icon("nothing-like-it")
