"""Playbooks on the record: chosen, seen step by step, a step left out, closed with what they changed."""

import pytest

from accounts.models import User
from relationships.models import PlaybookRun, Relationship
from relationships.operations.playbooks import close_playbook, start_playbook
from tests.doors import signed_in, words_of
from tests.factories import NOW, make_relationship, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_now")]


@pytest.fixture
def viewer() -> User:
    return make_user(name="Viewer")


@pytest.fixture
def relationship(viewer: User) -> Relationship:
    return make_relationship(owner=viewer)


def test_one_is_chosen_by_what_it_is_for_and_its_steps_stand_on_the_record(
    viewer: User, relationship: Relationship
) -> None:
    client = signed_in(viewer)
    here = f"/customers/{relationship.pk}/"
    assert "None has run here" in words_of(client.get(f"{here}panels/"))
    page = client.get(f"{here}playbooks/")
    assert "Win back: They have gone quiet" in words_of(page)
    assert client.post(f"{here}playbooks/", {"assignee": viewer.pk}).status_code == 422
    given = {"playbook": "win_back", "aim": "Hear why", "assignee": viewer.pk, "idempotency_key": "k"}
    for _twice in range(2):
        response = client.post(f"{here}playbooks/", given)
        assert response.headers["Location"] == here
    assert PlaybookRun.objects.count() == 1
    words = words_of(client.get(f"{here}panels/"))
    for told in ("Win back 0 of 4", "Hear why", "Ask what changed for them, and listen", "Viewer"):
        assert told in words


def test_a_step_is_skipped_and_the_run_closed_with_words(viewer: User, relationship: Relationship) -> None:
    run = start_playbook(actor=viewer, relationship=relationship, playbook="after_complaint", now=NOW)
    step = run.steps.get(position=0)
    client = signed_in(viewer)
    skipping, closing = f"/playbook-steps/{step.pk}/skipping/", f"/playbook-runs/{run.pk}/closing/"
    assert "Skip “Call to say that we own it" in words_of(client.get(skipping))
    assert client.post(skipping, {"reason": ""}).status_code == 422
    client.post(skipping, {"reason": "They called us"})
    assert "Skipped They called us" in words_of(client.get(f"/customers/{relationship.pk}/panels/"))
    assert "It helped" in words_of(client.get(closing))
    assert client.post(closing, {"effect": "worked"}).status_code == 422
    client.post(closing, {"effect": "worked", "note": "They reordered"})
    words = words_of(client.get(f"/customers/{relationship.pk}/panels/"))
    assert "After a complaint It helped They reordered" in words


def test_who_may_only_read_sees_the_runs_and_starts_none(viewer: User, relationship: Relationship) -> None:
    run = start_playbook(actor=viewer, relationship=relationship, playbook="win_back", now=NOW)
    auditor = signed_in(make_user("auditor"))
    words = words_of(auditor.get(f"/customers/{relationship.pk}/panels/"))
    assert "Win back" in words
    assert "Skip" not in words
    step = run.steps.get(position=0)
    for address in (
        f"/customers/{relationship.pk}/playbooks/",
        f"/playbook-steps/{step.pk}/skipping/",
        f"/playbook-runs/{run.pk}/closing/",
    ):
        assert auditor.get(address).status_code == 403
    stranger = signed_in(make_user(kind="suppliers"))
    assert stranger.get(f"/playbook-steps/{step.pk}/skipping/").status_code == 404
    assert stranger.get(f"/playbook-runs/{run.pk}/closing/").status_code == 404
    close_playbook(actor=viewer, run=run, effect="unclear", note="Too soon", now=NOW)
    assert "Too early to tell" in words_of(auditor.get(f"/customers/{relationship.pk}/panels/"))
