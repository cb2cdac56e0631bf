"""Charts as SVG: what is drawn, and what a screen reader is told."""

import re
from types import SimpleNamespace
from xml.etree import ElementTree

import pytest

from core import charts, plots
from core.ego import ego, initials
from core.icons import glyphs, icon

PARTS = [
    {"weight": 20, "points": 14},
    {"weight": 20, "points": 8},
    {"weight": 25, "points": 6},
    {"weight": 15, "points": 9, "tone": "good"},
    {"weight": 20, "points": 11},
]


def parsed(markup: str) -> ElementTree.Element:
    """The markup as a tree: fails when it is not well formed."""
    return ElementTree.fromstring(markup)


def arcs(markup: str, css: str) -> list[float]:
    found = [node for node in parsed(markup).iter("circle") if node.get("class") == css]
    return [float(node.get("stroke-dasharray", "0 0").split()[0]) for node in found]


def test_a_large_ring_has_an_arc_for_every_part_filled_to_its_share() -> None:
    drawn = charts.ring(48, 84, PARTS)
    tracks = arcs(drawn, "tr")
    assert len(tracks) == 5
    assert arcs(drawn, "f bad") == pytest.approx([tracks[1] * 0.4, tracks[2] * 0.24], abs=0.02)
    assert arcs(drawn, "f good") == pytest.approx([tracks[0] * 0.7, tracks[3] * 0.6], abs=0.02)
    assert arcs(drawn, "f warn") == pytest.approx([tracks[4] * 0.55], abs=0.02)


def test_the_tracks_of_a_ring_are_as_long_as_their_weights() -> None:
    tracks = arcs(charts.ring(48, 84, PARTS), "tr")
    gap = 7.56 + 3.36
    assert (tracks[2] + gap) / (tracks[3] + gap) == pytest.approx(25 / 15, rel=0.01)


def test_a_small_ring_is_one_arc_of_the_score() -> None:
    drawn = charts.ring(48, 40, PARTS)
    assert arcs(drawn, "f bad") == pytest.approx([arcs(drawn, "tr")[0] * 0.48], abs=0.02)


@pytest.mark.parametrize(
    ("score", "name"),
    [
        (48, "Health 48 of 100, at risk"),
        (50, "Health 50 of 100, watch"),
        (70.4, "Health 70 of 100, healthy"),
        (None, "Health: not enough evidence"),
    ],
)
def test_a_ring_says_the_score_and_the_word(score: float | None, name: str) -> None:
    assert parsed(charts.ring(score)).get("aria-label") == name


def test_a_ring_keeps_the_tone_it_is_given() -> None:
    assert "f warn" in charts.ring(71, tone="warn")
    assert parsed(charts.ring(71, tone="warn")).get("aria-label") == "Health 71 of 100, watch"


def test_a_ring_without_a_score_shows_no_number() -> None:
    drawn = charts.ring(None)
    assert parsed(drawn).find("b").text == "–"  # type: ignore[union-attr]
    assert parsed(drawn).get("class") == "ring md unknown"


def test_a_spark_ends_at_the_last_value_with_its_tone() -> None:
    tree = parsed(charts.spark([60, None, 40]))
    dot = tree.find("circle")
    assert dot is not None
    assert (dot.get("cx"), dot.get("cy")) == ("69", "21")
    assert tree.get("class") == "spark bad"
    assert tree.get("aria-label") == "Health over 2 weeks: from 60 to 40"


def test_a_level_spark_runs_through_the_middle() -> None:
    assert parsed(charts.spark([50, 50, 50], h=20)).find("circle").get("cy") == "10"  # type: ignore[union-attr]


@pytest.mark.parametrize("values", [[], [None], [None, 40]])
def test_a_spark_of_fewer_than_two_values_says_there_is_no_history(values: list[float | None]) -> None:
    assert parsed(charts.spark(values)).find("span").text == " No history yet"  # type: ignore[union-attr]


@pytest.mark.parametrize(("pct", "width"), [(62, "62%"), (-3, "0%"), (140, "100%"), (33.333, "33.33%")])
def test_a_bar_is_as_wide_as_its_share_and_never_wider(pct: float, width: str) -> None:
    assert parsed(charts.bar(pct)).find("svg/rect").get("width") == width  # type: ignore[union-attr]


def test_a_bar_is_decoration_unless_it_is_named() -> None:
    assert parsed(charts.bar(62)).get("aria-hidden") == "true"
    assert parsed(charts.bar(62, label="62 percent kept")).get("aria-label") == "62 percent kept"


def test_a_split_lists_its_parts_and_leaves_out_the_empty_ones() -> None:
    parts = [
        {"count": 259, "tone": "good", "label": "healthy"},
        {"count": 0, "tone": "warn", "label": "watch"},
        {"count": 1041, "tone": "bad", "label": "at risk"},
    ]
    tree = parsed(charts.split(parts))
    assert tree.get("aria-label") == "259 healthy, 0 watch, 1,041 at risk"
    assert [rect.get("class") for rect in tree] == ["f-good", "f-bad"]


def test_a_split_of_nothing_is_an_empty_track() -> None:
    assert [rect.get("class") for rect in parsed(charts.split([]))] == ["f-none"]


@pytest.mark.parametrize(
    ("n", "options", "expected"),
    [
        (-14, {}, ("bad", "trending-down", "down", "14")),
        (3, {}, ("good", "trending-up", "up", "3")),
        (3, {"good": "down"}, ("bad", "trending-up", "up", "3")),
        (-3, {"good": "down"}, ("good", "trending-down", "down", "3")),
        (3, {"good": "none"}, ("flat", "trending-up", "up", "3")),
        (0.2, {}, ("flat", "minus", "no change", "0")),
        (None, {}, ("flat", "minus", "no change", "0")),
        (1.24, {"unit": "pts", "places": 1}, ("good", "trending-up", "up", "1.2 pts")),
    ],
)
def test_a_change_knows_its_direction_and_whether_it_is_good(
    n: float | None, options: dict[str, object], expected: tuple[str, str, str, str]
) -> None:
    assert charts.delta(n, **options) == expected  # type: ignore[arg-type]


def test_a_pole_goes_left_for_us_and_right_for_them() -> None:
    ours, theirs = (parsed(charts.pole(value)).findall("rect")[1] for value in (25, -25))
    assert (ours.get("x"), ours.get("width")) == ("25%", "25%")
    assert (theirs.get("x"), theirs.get("width")) == ("50%", "25%")


def test_a_share_says_who_takes_how_much_and_what_is_fair() -> None:
    words = "We take 63 percent of the benefit. The fair range is 40 to 60 percent."
    assert parsed(charts.share(64, 38)).get("aria-label") == words


def test_lines_are_labelled_at_their_end_and_labels_never_overlap() -> None:
    series = [
        SimpleNamespace(label="Suppliers", tone="suppliers", values=[70, None, 72]),
        SimpleNamespace(label="Customers", tone="customers", values=[73, 72, 71.8]),
        SimpleNamespace(label="None yet", tone="muted", values=[None, None, None]),
    ]
    drawn = plots.lines(series, ["Dec", "Jan", "Feb"], lo=60, hi=80, step=10)
    tree = parsed(drawn)
    ends = list(tree)[2].findall("text")
    assert ["".join(end.itertext()) for end in ends] == ["72 Suppliers", "71.8 Customers"]
    apart = float(ends[1].get("y", "0")) - float(ends[0].get("y", "0"))
    assert apart == pytest.approx(plots.LABEL_GAP)
    assert tree.get("aria-label") == "Suppliers from 70 to 72; Customers from 73 to 71.8"
    assert [text.text for text in next(iter(tree)).findall("text")] == ["60", "70", "80"]


def test_columns_grow_from_the_target_and_name_their_misses() -> None:
    drawn = plots.cols([96, 94, None, 97], ["D", "J", "F", "M"], target=95, lo=90, hi=100)
    plot = list(parsed(drawn))[1]
    assert [rect.get("class") for rect in plot.iter("rect")] == ["f-muted", "f-bad", "f-good"]
    assert [title.text for title in plot.iter("title")] == ["D: 96 %", "J: 94 %", "M: 97 %"]
    figures = [text.text for text in plot.findall("text") if text.get("class") in {"k", "v"}]
    assert figures == ["94", "97"]


def test_every_node_of_the_people_graph_is_a_named_link() -> None:
    nodes = [
        {"name": "Dr Helen Marsh", "role": "Decides", "url": "/p/1/", "strong": True},
        {"name": "Paul Kerr", "role": "", "url": "/p/2/", "past": True},
    ]
    tree = parsed(ego({"name": "Brightwater Clinics"}, nodes))
    links = [(link.get("href"), link.get("aria-label")) for link in tree.iter("a")]
    assert links == [("/p/1/", "Dr Helen Marsh, Decides"), ("/p/2/", "Paul Kerr, past link")]
    assert [line.get("class") for line in tree.iter("line")] == ["e strong", "e past"]
    assert tree.get("aria-label") == "People around Brightwater Clinics: 2 of 2 shown"


def test_the_people_graph_shows_twelve_and_counts_the_rest() -> None:
    nodes = [{"name": f"Person {i}", "url": "/"} for i in range(15)]
    tree = parsed(ego({"name": "Hub"}, nodes))
    assert len(list(tree.iter("a"))) == 12
    assert tree.get("aria-label") == "People around Hub: 12 of 15 shown"


def test_a_name_from_outside_cannot_break_out_of_a_chart() -> None:
    drawn = ego({"name": "x"}, [{"name": '"><script>alert(1)</script>', "url": "/?a=1&b=2"}])
    assert "<script" not in drawn
    assert next(parsed(drawn).iter("a")).get("href") == "/?a=1&b=2"


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("Dr Helen Marsh", "HM"),
        ("Brightwater Clinics", "BC"),
        ("Oakham", "OA"),
        ("Rowan & Pike Restaurants", "RR"),
        ("Anne-Marie of York", "AY"),
        ("", "?"),
    ],
)
def test_initials_are_of_the_first_and_last_word(name: str, letters: str) -> None:
    assert initials(name) == letters


def test_an_icon_is_decoration_unless_it_is_named() -> None:
    assert parsed(icon("check")).get("aria-hidden") == "true"
    assert parsed(icon("check", label="Kept")).get("aria-label") == "Kept"
    assert parsed(icon("check", "i-s")).get("class") == "i i-s"


def test_an_icon_that_was_not_vendored_is_an_error() -> None:
    with pytest.raises(LookupError, match="No icon 'unicorn'"):
        icon("unicorn")


def test_every_glyph_is_plain_shapes() -> None:
    for name in glyphs():
        tags = {node.tag for node in parsed(icon(name)).iter()}
        assert tags <= {"svg", "path", "circle", "rect", "line", "polyline", "polygon", "ellipse"}, name


def test_no_chart_holds_a_style() -> None:
    drawn = "".join(
        [
            charts.ring(48, 84, PARTS),
            charts.spark([1, 2, 3]),
            charts.split([{"count": 1, "tone": "good", "label": "x"}]),
            plots.cols([96], ["D"], target=95, lo=90, hi=100),
            plots.lines([{"values": [1, 2], "label": "x", "tone": "good"}], ["a", "b"], lo=0, hi=10, step=5),
        ]
    )
    assert re.findall(r"style", drawn) == []
