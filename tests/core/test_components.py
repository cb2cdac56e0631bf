"""Components as markup: names, ties between label, hint and error, and what passes through."""

import re

import pytest
from django.http import HttpRequest
from django.template import RequestContext
from django.template.loader import get_template
from django.test import RequestFactory
from django_cotton.compiler_regex import CottonCompiler

from core.forms import SpecimenForm


def rendered(markup: str, /, **context: object) -> str:
    """A page's piece that uses components, with its white space folded."""
    engine = get_template("base.html").backend.engine  # type: ignore[attr-defined]  # Django's own backend
    template = engine.from_string(CottonCompiler().process(markup))
    request: HttpRequest = RequestFactory().get("/")
    shown = template.render(RequestContext(request, context))
    return re.sub(r"\s+", " ", shown).replace(" >", ">").strip()


def test_a_button_is_a_button_unless_it_leads_somewhere() -> None:
    assert rendered("<c-btn>Save</c-btn>") == '<button type="button" class="btn ">Save</button>'
    assert (
        rendered('<c-btn href="/x/" kind="p s">Go</c-btn>') == '<a href="/x/" class="btn btn-p btn-s ">Go</a>'
    )


def test_html_attributes_pass_through_and_are_escaped() -> None:
    shown = rendered('<c-btn name="do" value="{{ value }}" hx-post="/x/">Go</c-btn>', value='"><script>')
    assert shown == (
        '<button type="button" class="btn " name="do" value="&quot;&gt;&lt;script&gt;" hx-post="/x/">Go</button>'
    )


def test_an_icon_button_has_a_name() -> None:
    assert 'aria-label="More actions"' in rendered(
        '<c-btn kind="q i" icon="ellipsis" label="More actions" />'
    )


def test_a_panel_is_a_section_named_by_its_heading() -> None:
    shown = rendered('<c-panel id="promises" title="Commitments" count="0">rows</c-panel>')
    assert '<section class="panel " id="promises" aria-labelledby="promises-h">' in shown
    assert '<h2 id="promises-h">Commitments</h2><span class="n">0</span>' in shown


@pytest.mark.parametrize(
    ("markup", "tone", "words"),
    [
        ('<c-health :score="score" />', "bad", "48 <span>At risk</span>"),
        ('<c-health :score="score" compact />', "bad", '48 <span class="vh">At risk</span>'),
        ('<c-health :score="score" tone="warn" />', "warn", "48 <span>Watch</span>"),
    ],
)
def test_health_is_icon_number_and_word(markup: str, tone: str, words: str) -> None:
    shown = rendered(markup, score=48.4)
    assert shown.startswith(f'<span class="badge {tone}"><svg')
    assert words in shown


def test_health_without_evidence_has_no_number() -> None:
    assert re.sub(r"<svg.*?</svg>", "", rendered('<c-health :score="score" />', score=None)) == (
        '<span class="badge none" title="Not enough evidence">Not enough evidence</span>'
    )


def test_the_health_strip_shows_no_number_without_a_score() -> None:
    shown = rendered('<c-health-strip :score="score" why="Log two calls." />', score=None)
    assert "Not enough evidence" in shown
    assert re.findall(r"<ol|class=\"delta", shown) == []


def form() -> SpecimenForm:
    wrong = SpecimenForm({"promised": "Replace 240 trays", "direction": "ours"})
    wrong.is_valid()
    return wrong


def test_a_wrong_field_is_tied_to_its_hint_and_error() -> None:
    shown = rendered('<c-field :field="form.due" />', form=form())
    assert 'aria-describedby="id_due_helptext id_due_error"' in shown
    assert 'aria-invalid="true"' in shown
    assert '<p class="hint" id="id_due_helptext">The original date is kept when it is moved.</p>' in shown
    assert "<span>Choose the day by which it is kept.</span></p>" in shown
    assert '<label class="lab" for="id_due">Due date</label>' in shown


def test_choices_are_a_fieldset_and_one_box_stands_before_its_words() -> None:
    choices = rendered('<c-field :field="form.direction" />', form=form())
    assert '<legend class="lab">Who promised</legend>' in choices
    assert choices.count('type="radio"') == 2
    box = rendered('<c-field :field="form.tell" />', form=form())
    assert '<label class="field-row"><input type="checkbox" name="tell" class="chk"' in box


def test_the_summary_links_to_each_wrong_field() -> None:
    shown = rendered('<c-error-summary :form="form" />', form=form())
    assert "2 things to correct" in shown
    assert re.findall(r'href="(#[a-z_]+)"', shown) == ["#id_due", "#id_owner"]


def test_there_is_no_summary_without_an_error() -> None:
    assert rendered('<c-error-summary :form="form" />', form=SpecimenForm()) == ""


def test_a_filter_names_what_its_cross_removes() -> None:
    shown = rendered('<c-filter field="Health" value="below 70" remove="?owner=me" />')
    assert '<a class="x" href="?owner=me" aria-label="Remove the filter Health below 70">' in shown


def test_a_sorted_column_says_its_direction() -> None:
    columns = [
        {"label": "Name", "sort": "?sort=name"},
        {"label": "Health", "sort": "?s=h", "direction": "ascending"},
    ]
    shown = rendered('<c-table caption="Customers" :columns="columns"><tr></tr></c-table>', columns=columns)
    assert '<th scope="col" aria-sort="ascending"><a href="?s=h">Health' in shown
    assert '<caption class="vh">Customers</caption>' in shown


def test_a_component_does_not_see_the_page_s_variables() -> None:
    assert rendered("<c-badge>New</c-badge>", tone="bad", icon="check") == '<span class="badge ">New</span>'


def test_a_toast_offers_undo_only_where_there_is_one() -> None:
    assert "<form" not in rendered("<c-toast>Saved</c-toast>")
    assert 'hx-post="/undo/"' in rendered('<c-toast undo="/undo/">Saved</c-toast>')


def test_a_picker_is_a_combobox_over_its_list() -> None:
    shown = rendered(
        '<c-picker id="who" name="party" label="Customer" src="/options/" value="7" text="Oakham" />'
    )
    assert '<label class="lab" for="who">Customer</label>' in shown
    assert 'role="combobox" aria-expanded="false" aria-controls="who-l"' in shown
    assert '<input type="hidden" name="party" value="7" data-picker-value>' in shown
    assert '<div class="picker-l" id="who-l" role="listbox" aria-label="Customer" hidden></div>' in shown
