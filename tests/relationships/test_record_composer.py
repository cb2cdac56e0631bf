"""Logging on the record, correcting what was logged, and solving what was raised."""

import re
from datetime import UTC, datetime, timedelta

import pytest

from accounts.models import User
from relationships.models import Commitment, FollowUp, Interaction
from tests.doors import signed_in, words_of
from tests.factories import NOW, make_person, make_relationship, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_now")]
HTMX = {"HTTP_HX_REQUEST": "true"}
TODAY = NOW.date()


@pytest.fixture
def viewer() -> User:
    return make_user(name="Amara Osei")


def test_a_text_is_logged_as_the_kind_that_was_tapped_with_what_was_tapped_beside_it(viewer: User) -> None:
    relationship = make_relationship(owner=viewer)
    helen = make_person("Helen Marsh", works_for=relationship.party)
    form = {
        "channel": "call", "body": "She accepts 120 trays.\n\nWants one contact.", "people": [helen.pk],
        "direction": "in", "day": "2026-03-17", "clock": "08:05", "minutes": 12, "felt": "0.5", "severity": 4,
        "promise_direction": "ours", "promise_what": "Send 120 trays", "promise_due": "2026-03-20",
        "next_what": "Call her", "next_due": "2026-03-19", "idempotency_key": "k1",
    }  # fmt: skip
    client = signed_in(viewer)
    here = f"/customers/{relationship.pk}/interactions/"
    assert client.post(here, form).headers["Location"] == f"/customers/{relationship.pk}/"
    client.post(here, form)
    talk = Interaction.objects.get()
    assert talk.body == "She accepts 120 trays.\n\nWants one contact."
    assert (talk.channel, talk.direction, talk.duration_minutes) == ("call", "in", 12)
    assert talk.happened_at == datetime(2026, 3, 17, 8, 5, tzinfo=UTC)
    assert (talk.sentiment, talk.problem_severity, list(talk.people.all())) == (0.5, 4, [helen])
    promise, plan = Commitment.objects.get(), FollowUp.objects.get()
    assert (promise.what, promise.person, promise.made_in) == ("Send 120 trays", helen, talk)
    assert (plan.what, plan.due_date) == ("Call her", TODAY + timedelta(days=1))


def test_the_first_line_is_read_like_the_one_line_log(viewer: User) -> None:
    relationship = make_relationship(owner=viewer)
    make_person("Ana Ruiz", works_for=relationship.party)
    line = "email from Ana Ruiz price rise angry !us by fri send quote #renewal"
    signed_in(viewer).post(f"/customers/{relationship.pk}/interactions/", {"channel": "call", "body": line})
    talk = Interaction.objects.get()
    assert (talk.channel, talk.direction, talk.body, talk.tags) == ("email", "in", "price rise", ["renewal"])
    assert [person.name for person in talk.people.all()] == ["Ana Ruiz"]
    assert Commitment.objects.get().current_due_date == TODAY + timedelta(days=2)


def test_after_logging_every_place_that_moved_comes_back_at_once(viewer: User) -> None:
    relationship = make_relationship(owner=viewer)
    form = {"channel": "meeting", "body": "Walked the site. !us by fri send photos", "idempotency_key": "k"}
    response = signed_in(viewer).post(f"/customers/{relationship.pk}/interactions/", form, **HTMX)
    page, words = response.content.decode(), words_of(response)
    for place in ("record-head", "record-tabs", "timeline", "aside", "toasts"):
        assert f':#{place}"' in page
    assert 'class="fresh"' in page
    assert "Meeting logged" in words
    assert "1 commitment added" in words
    assert "We promised: send photos" in words
    assert '<textarea name="body" rows="2"' in page
    assert "Walked the site. !us" not in page


def test_what_is_doubtful_is_asked_and_nothing_is_written(viewer: User) -> None:
    relationship = make_relationship(owner=viewer)
    for name in ("Ana Ruiz", "Ana Roth"):
        make_person(name, works_for=relationship.party)
    client = signed_in(viewer)
    here = f"/customers/{relationship.pk}/interactions/"
    response = client.post(here, {"channel": "call", "body": "call Ana price rise"}, **HTMX)
    assert response.status_code == 422
    assert "Ana Ruiz" in words_of(response)
    answer = re.search(r'name="(answer:[^"]+)" value="(party:\d+)"', response.content.decode())
    assert Interaction.objects.count() == 0
    assert answer
    client.post(here, {"channel": "call", "body": "call Ana price rise", answer[1]: answer[2]}, **HTMX)
    assert Interaction.objects.get().people.count() == 1


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"body": ""}, "Write what happened."),
        ({"promise_what": "Send trays"}, "By which day is it promised?"),
        ({"next_what": "Call"}, "On which day is it due?"),
        ({"day": "2027-01-01"}, "This lies in the future."),
        ({"day": "1492-10-12"}, "1492-10-12 is not between 1900 and 2100."),
        ({"minutes": "5000"}, "Ensure this value is less than or equal to 1440."),
    ],
)
def test_what_is_wrong_is_said_with_what_was_typed_still_there(
    viewer: User, wrong: dict[str, str], words: str
) -> None:
    relationship = make_relationship(owner=viewer)
    form = {"channel": "call", "body": "We spoke about trays"} | wrong
    here = f"/customers/{relationship.pk}/interactions/"
    client = signed_in(viewer)
    for response in (client.post(here, form, **HTMX), client.post(here, form)):
        assert response.status_code == 422
        assert words in words_of(response)
        assert form["body"] in response.content.decode()
    assert Interaction.objects.count() == 0


def test_the_preview_shows_what_was_found_and_writes_nothing(viewer: User) -> None:
    relationship = make_relationship(owner=viewer)
    form = {"channel": "call", "body": "Spoke about trays !us by fri send quote"}
    response = signed_in(viewer).post(f"/customers/{relationship.pk}/interactions/preview/", form, **HTMX)
    assert "We promise: send quote" in words_of(response)
    assert Interaction.objects.count() == 0


def test_who_may_not_log_has_no_composer_and_is_refused() -> None:
    relationship = make_relationship()
    client = signed_in(make_user("auditor"))
    assert 'id="composer"' not in client.get(f"/customers/{relationship.pk}/").content.decode()
    response = client.post(
        f"/customers/{relationship.pk}/interactions/", {"channel": "call", "body": "Sneaky"}
    )
    assert response.status_code == 422
    assert Interaction.objects.count() == 0
    hidden = signed_in(make_user("relationship_manager", kind="suppliers"))
    here = f"/customers/{relationship.pk}/interactions/"
    assert hidden.post(here, {"channel": "call", "body": "Sneaky"}).status_code == 404


def test_a_record_under_the_name_of_another_kind_takes_no_entry(viewer: User) -> None:
    relationship = make_relationship(owner=viewer)
    form = {"channel": "call", "body": "They called."}
    client = signed_in(viewer)
    assert client.post(f"/suppliers/{relationship.pk}/interactions/", form).status_code == 404
    assert not Interaction.objects.exists()


def test_a_line_that_names_another_organisation_is_logged_there_and_leaves_this_one_alone(
    viewer: User,
) -> None:
    here, there = make_relationship(owner=viewer), make_relationship(name="Acme Trading", owner=viewer)
    form = {"channel": "call", "body": "call @Acme price rise"}
    client = signed_in(viewer)
    assert client.post(f"/customers/{here.pk}/interactions/", form).status_code == 302
    assert Interaction.objects.get().relationship == there
    here.state.refresh_from_db()
    there.state.refresh_from_db()
    assert (here.state.last_interaction_at, there.state.last_interaction_at) == (None, NOW)


def test_to_log_a_call_with_a_promise_takes_fourteen_statements(
    viewer: User, django_assert_num_queries
) -> None:
    relationship = make_relationship(owner=viewer)
    form = {
        "channel": "call", "direction": "out", "body": "They like the new range", "promise_direction": "ours",
        "promise_what": "Send the offer", "promise_due": "2026-03-24", "idempotency_key": "k1",
    }  # fmt: skip
    client = signed_in(viewer)
    client.post(f"/customers/{relationship.pk}/interactions/", form)  # what a process reads once is read
    with django_assert_num_queries(14):
        client.post(f"/customers/{relationship.pk}/interactions/", form | {"idempotency_key": "k2"})
