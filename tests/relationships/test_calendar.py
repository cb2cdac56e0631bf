"""The calendar page: each thing on its day where the viewer is, each a link; and nothing that is not the viewer's."""

from datetime import UTC, date, datetime, time

import pytest
import time_machine

from accounts.enums import Confidentiality
from accounts.models import User
from accounts.operations.workspace import Workspace
from relationships.models import Relationship
from relationships.operations.follow_ups import finish_follow_up
from relationships.queries.calendar import days_between
from tests.doors import signed_in
from tests.factories import (
    NOW,
    make_commitment,
    make_follow_up,
    make_interaction,
    make_relationship,
    make_user,
)

pytestmark = pytest.mark.django_db
DAY = date(2026, 3, 18)


@pytest.fixture
def olga(workspace: Workspace) -> User:
    return make_user(name="Olga", time_zone="Asia/Tokyo")


@pytest.fixture
def acme(olga: User) -> Relationship:
    return make_relationship(owner=olga, actor=olga, name="Acme")


def shown(viewer: User, first: date = DAY, last: date = DAY) -> dict[str, list[tuple[str, str]]]:
    """By day, what is there and of which sort."""
    days = days_between(viewer=viewer, first=first, last=last, today=DAY)
    return {
        f"{day.date:%m-%d}": [(each.sort, each.what) for each in day.entries] for day in days if day.entries
    }


def test_a_day_holds_what_is_to_do_promised_and_met_what_has_no_hour_first(
    olga: User, acme: Relationship
) -> None:
    make_follow_up(acme, actor=olga, what="Lunch", due_date=DAY, due_time=time(12), channel="meeting")
    make_follow_up(acme, actor=olga, what="Call", due_date=DAY)
    make_commitment(acme, actor=olga, what="Quote", due_date=DAY)
    make_commitment(acme, actor=olga, what="Samples", due_date=DAY, direction="theirs")
    make_interaction(
        acme,
        actor=olga,
        channel="visit",
        direction="mutual",
        subject="Tour",
        happened_at=datetime(2026, 3, 17, 23, 30, tzinfo=UTC),  # the next morning in Tokyo
    )
    assert shown(olga) == {
        "03-18": [
            ("Promised", "Quote"),
            ("They promised", "Samples"),
            ("Follow up", "Call"),
            ("Met", "Tour"),
            ("Meeting", "Lunch"),
        ]
    }


def test_what_is_done_somebody_else_s_or_out_of_sight_is_not_there(olga: User, acme: Relationship) -> None:
    finish_follow_up(actor=olga, follow_up=make_follow_up(acme, actor=olga, due_date=DAY), now=NOW)
    other = make_user()
    make_follow_up(acme, actor=other, due_date=DAY)
    make_commitment(acme, actor=other, due_date=DAY)
    make_interaction(acme, actor=other, channel="meeting", direction="mutual", happened_at=NOW)
    make_interaction(acme, actor=olga, channel="call", happened_at=NOW)
    sealed = make_relationship(owner=olga, actor=olga, confidentiality=Confidentiality.CONFIDENTIAL)
    make_follow_up(sealed, actor=olga, due_date=DAY)
    Relationship.objects.filter(pk=sealed.pk).update(owner=other)
    assert shown(User.objects.get(pk=olga.pk)) == {}


@pytest.mark.parametrize(
    ("question", "title", "days", "there"),
    [
        ("", "March 2026", 42, True),
        ("?view=month&on=2026-02-10", "February 2026", 35, False),
        ("?view=week", "16 March to 22 March 2026", 7, True),
        ("?view=week&on=2026-03-29", "23 March to 29 March 2026", 7, False),
        ("?view=agenda", "18 March to 16 April 2026", 0, True),
        ("?view=agenda&on=2026-03-19", "19 March to 17 April 2026", 0, False),
        ("?view=year&on=2026-02-31", "March 2026", 42, True),
        ("?on=0001-01-01", "March 2026", 42, True),
    ],
)
def test_a_stretch_of_days_is_shown_and_leads_on(
    olga: User, acme: Relationship, question: str, title: str, days: int, there: bool
) -> None:
    plan = make_follow_up(acme, actor=olga, what="Call", due_date=DAY)
    with time_machine.travel(NOW, tick=False):
        page = signed_in(olga).get(f"/calendar/{question}").content.decode()
    assert (f"<h2>{title}</h2>" in page, page.count('class="cal-d"')) == (True, days)
    assert (f'href="/follow-ups/{plan.pk}/"' in page, "Nothing in these days" in page) == (there, not there)
    assert ('rel="prev"' in page, 'rel="next"' in page) == (True, True)


def test_a_full_day_of_a_month_leads_to_all_of_it(olga: User, acme: Relationship) -> None:
    for number in range(6):
        make_follow_up(acme, actor=olga, what=f"Call {number}", due_date=DAY)
    with time_machine.travel(NOW, tick=False):
        page = signed_in(olga).get("/calendar/").content.decode()
    assert ("Call 3" in page, "Call 4" in page, "All of the day (6)" in page) == (True, False, True)


@pytest.mark.parametrize(
    ("view", "on"), [("month", "2026-12-15"), ("week", "2026-12-30"), ("agenda", "2026-12-15")]
)
def test_going_on_and_back_ends_where_it_began(olga: User, view: str, on: str) -> None:
    client = signed_in(olga)

    def title_and_links(address: str) -> tuple[str, str, str]:
        page = client.get(address).content.decode().replace("&amp;", "&")
        parts = [page.split(f'rel="{way}" href="')[1].split('"')[0] for way in ("prev", "next")]
        return (page.split("<h2>")[1].split("</h2>")[0], parts[0], parts[1])

    title, _before, after = title_and_links(f"/calendar/?view={view}&on={on}")
    assert title_and_links(title_and_links(after)[1])[0] == title
