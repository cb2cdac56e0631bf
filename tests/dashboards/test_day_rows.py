"""What stands in every row of My day is drawn once and filled in safely."""

from datetime import date

from django.template import Context, Template

from relationships.models import FollowUp

DAYS = [(date(2026, 11, 20), "Tomorrow")]


def menus(follow_up: FollowUp, **context: object) -> str:
    given = {"follow_up": follow_up, "days": DAYS, **context}
    return Template("{% load day %}{% follow_up_menus follow_up days %}").render(Context(given))


def test_the_menus_of_a_row_carry_its_own_values_and_the_token_of_the_page() -> None:
    shown = menus(FollowUp(pk=7, what="Call again", relationship_id=9), csrf_token="abc")
    assert 'id="snooze-7"' in shown
    assert 'id="more-7"' in shown
    assert 'action="/follow-ups/7/snoozes/"' in shown
    assert 'href="/log/?relationship=9"' in shown
    assert 'name="csrfmiddlewaretoken" value="abc"' in shown
    assert 'aria-label="Put off: Call again"' in shown
    assert 'value="2026-11-20">Tomorrow' in shown
    assert "[[" not in shown
    assert 'id="snooze-8"' in menus(FollowUp(pk=8, what="Write", relationship_id=9))


def test_what_somebody_wrote_is_escaped_and_fills_nothing_in() -> None:
    shown = menus(FollowUp(pk=7, what='"><b>[[csrf_token]]', relationship_id=9), csrf_token="abc")
    assert 'aria-label="Put off: &quot;&gt;&lt;b&gt;[[csrf_token]]"' in shown
