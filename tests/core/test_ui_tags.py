"""The leaf tags and filters as a page uses them."""

from datetime import UTC, date, datetime
from decimal import Decimal
from types import SimpleNamespace

import pytest
import time_machine
from django.template import Context, Template
from django.test import RequestFactory
from django.utils import translation

from core.icons import icon
from core.templatetags import steady

NOW = datetime(2026, 11, 19, 9, 50, tzinfo=UTC)


def rendered(text: str, /, **context: object) -> str:
    return Template(text).render(Context(context))


@time_machine.travel(NOW, tick=False)
def test_a_time_carries_its_machine_form_and_the_whole_in_its_tooltip() -> None:
    shown = rendered("{% when at %}", at=datetime(2026, 11, 18, 17, 42, tzinfo=UTC))
    assert shown == (
        '<time datetime="2026-11-18T17:42+00:00" title="Wednesday 18 November 2026, 17:42">Yesterday 17:42</time>'
    )


@time_machine.travel(NOW, tick=False)
@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{% when at time=False %}", "Yesterday"),
        ("{% when at lower=True %}", "yesterday 17:42"),
        ("{% since at %}", "yesterday"),
        ("{% since day %}", "in 47 days"),
        ("{% when day %}", "5 Jan 2027"),
    ],
)
def test_times_are_worded(text: str, words: str) -> None:
    shown = rendered(text, at=datetime(2026, 11, 18, 17, 42, tzinfo=UTC), day=date(2027, 1, 5))
    assert f">{words}</time>" in shown


@pytest.mark.parametrize(
    "text", ["{% when none %}", "{% since none %}", "{% duration none %}", "{% money none 'EUR' %}"]
)
def test_what_is_absent_is_a_dash(text: str) -> None:
    assert rendered(text, none=None) == "–"


def test_money_takes_a_number_and_a_code_or_one_value_with_both() -> None:
    price = SimpleNamespace(amount=Decimal("12.50"), currency="GBP")
    assert rendered("{% money a 'EUR' %} {% money price %}", a=Decimal(7), price=price) == "€7 £12.50"


def test_a_change_is_icon_colour_word_and_figure() -> None:
    shown = rendered("{% delta n %}", n=Decimal("-14"))
    assert shown.startswith('<span class="delta bad"><svg')
    assert shown.endswith('<span class="vh">down </span>14</span>')


def test_a_name_keeps_its_hue() -> None:
    assert rendered("{{ name|avatar_hue }}", name="Brightwater Clinics") == "h5"
    assert rendered("{{ name|avatar_hue }}", name="Amara Osei") == "h4"


@pytest.mark.parametrize(
    ("text", "query", "shown"),
    [
        ("Brightwater Clinics", "bri", "<mark>Bri</mark>ghtwater Clinics"),
        ("Brightwater", "", "Brightwater"),
        ("Brightwater", "zz", "Brightwater"),
        ("<b>ri", "ri", "&lt;b&gt;<mark>ri</mark>"),
    ],
)
def test_the_searched_part_is_marked_and_the_rest_escaped(text: str, query: str, shown: str) -> None:
    assert rendered("{{ text|marked:query }}", text=text, query=query) == shown


@pytest.mark.parametrize(
    ("score", "tone"), [(None, "none"), ("", "none"), (Decimal("49.9"), "bad"), ("70", "good")]
)
def test_the_tone_of_whatever_a_page_has_for_a_score(score: object, tone: str) -> None:
    assert rendered("{{ score|health_tone }}", score=score) == tone


def test_an_absent_change_is_an_empty_text() -> None:
    assert rendered("{{ n|signed }}|{{ m|signed:1 }}", n=None, m=Decimal("-2.14")) == "|−2.1"


@pytest.mark.parametrize(
    ("cookie", "saved", "theme"),
    [("dark", "light", "dark"), ("", "light", "light"), ("purple", "dark", "dark"), ("", "", "")],
)
def test_the_device_s_theme_comes_before_the_saved_one(cookie: str, saved: str, theme: str) -> None:
    request = RequestFactory().get("/")
    request.COOKIES["relman_theme"] = cookie
    assert rendered("{% theme_of saved %}", request=request, saved=saved) == theme


def test_steps_before_the_present_one_are_done() -> None:
    steps = [{"slug": slug, "label": slug.title()} for slug in ("prospect", "active", "ended")]
    shown = rendered(
        "{% steps_of steps now as marked %}{% for s in marked %}{{ s.label }}={{ s.state }};{% endfor %}",
        steps=steps,
        now="active",
    )
    assert shown == "Prospect=done;Active=now;Ended=;"


@pytest.fixture
def drawings(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """A number for each time that something steady was drawn to be kept."""
    told: list[int] = []

    class Telling(dict[object, list[str]]):
        def __setitem__(self, key: object, pieces: list[str]) -> None:
            told.append(len(self))
            super().__setitem__(key, pieces)

    monkeypatch.setattr(steady, "_drawn", Telling())
    return told


def test_what_is_steady_is_drawn_once_for_the_same_values_and_language(drawings: list[int]) -> None:
    text = "{% load steady %}{% steady day %}<b>{{ day }}</b>{% endsteady %}"
    assert [rendered(text, day=day) for day in (1, 1, 2, 1)] == [
        "<b>1</b>",
        "<b>1</b>",
        "<b>2</b>",
        "<b>1</b>",
    ]
    assert drawings == [0, 1]
    with translation.override("de"):
        assert rendered(text, day=1) == "<b>1</b>"
    assert drawings == [0, 1, 2]


def test_what_is_steady_is_forgotten_when_there_is_too_much(
    monkeypatch: pytest.MonkeyPatch, drawings: list[int]
) -> None:
    monkeypatch.setattr(steady, "MOST_KEPT", 1)
    text = "{% load steady %}{% steady n %}{{ n }}{% endsteady %}"
    assert [rendered(text, n=n) for n in (1, 2, 1)] == ["1", "2", "1"]
    assert drawings == [0, 0, 0]


def test_each_page_puts_its_own_words_and_its_own_token_into_what_is_steady(drawings: list[int]) -> None:
    text = (
        '{% load steady %}{% steady "form" with here=place short=name|truncatechars:4 %}'
        '<form action="{{ here }}">{% csrf_token %}{% blocktrans with name=short %}Change {{ name }}{% endblocktrans %}'
        "</form>{% endsteady %}"
    )
    field = '<input type="hidden" name="csrfmiddlewaretoken" value="{}">'
    assert rendered(text, place="/a/", name="A&B", csrf_token="one") == (
        f'<form action="/a/">{field.format("one")}Change A&amp;B</form>'
    )
    assert rendered(text, place="/b/", name="Brightwater", csrf_token="two") == (
        f'<form action="/b/">{field.format("two")}Change Bri…</form>'
    )
    assert len(drawings) == 1


def test_what_is_steady_but_depends_on_more_than_it_says_is_found_out() -> None:
    text = '{% load steady %}{% steady "wrong" %}{{ word }}{% endsteady %}'
    rendered(text, word="one")
    with pytest.raises(AssertionError):
        rendered(text, word="two")


def test_the_button_of_a_row_opens_its_menu_and_escapes_what_it_is_called() -> None:
    shown = rendered('{% opener "more" 7 label css="hide-m" key="s" %}', label="More for: <b>")
    assert 'class="btn btn-q btn-s btn-i hide-m" popovertarget="more-7"' in shown
    assert 'aria-label="More for: &lt;b&gt;" title="More for: &lt;b&gt;" data-row-key="s"' in shown
    assert "data-row-key" not in rendered('{% opener "more" 7 "More" %}')


def test_the_days_of_a_menu_are_buttons() -> None:
    shown = rendered("{% load vocabulary %}{% day_buttons days %}", days=[(date(2026, 11, 20), "Tomorrow")])
    assert shown == (
        '<button type="submit" name="due_date" value="2026-11-20">Tomorrow'
        '<span class="c-3 end">Fri 20 Nov</span></button>'
    )


def test_a_fixed_text_is_put_anew_in_another_language_and_by_its_name() -> None:
    template = Template(
        '{% trans "Health" as named %}{% trans "100% of it" %} {% trans "Health" %} {{ named }}'
    )
    said = template.render(Context())
    with translation.override("de"):
        assert template.render(Context()) == "100% of it Gesundheit Gesundheit"
    assert (said, template.render(Context())) == ("100% of it Health Health", said)


def test_a_text_that_depends_on_more_than_the_language_is_put_each_time() -> None:
    template = Template('{% trans word %} {% trans "Health"|upper %} {% trans "Open" context "action" %}')
    shown = [template.render(Context({"word": word})) for word in ("Health", "<Talk>")]
    assert shown == ["Health HEALTH Open", "&lt;Talk&gt; HEALTH Open"]


def test_an_icon_that_is_written_out_is_the_one_that_is_asked_for() -> None:
    ways = ('{% icon "phone" "i-s" %}', "{% icon name css %}", '{% icon "phone" css=css %}')
    drawn = {rendered(way, name="phone", css="i-s") for way in ways}
    assert drawn == {icon("phone", "i-s")} == {rendered('{% icon "phone" "i-s" as it %}{{ it }}')}
