"""The pages of an entry: its versions, its correction, and the problem raised in it."""

from datetime import timedelta

import pytest

from accounts.operations.workspace import Workspace
from relationships.models import Interaction
from relationships.operations.interactions import correct_interaction
from tests.doors import signed_in
from tests.factories import NOW, make_interaction, make_relationship, make_user

pytestmark = pytest.mark.django_db


def filled(talk: Interaction, **changed: str) -> dict[str, str]:
    """The correction form as it is first shown, with what somebody changed in it."""
    return {
        "channel": talk.channel,
        "direction": talk.direction,
        "happened_at": f"{talk.happened_at:%Y-%m-%dT%H:%M:%S}",
        "subject": talk.subject,
        "body": talk.body,
        "problem_severity": str(talk.problem_severity or ""),
        **changed,
    }


def test_every_version_is_shown_newest_first_with_what_may_be_done(workspace: Workspace) -> None:
    viewer = make_user()
    old = make_interaction(actor=viewer, body="Ten boxes", problem_severity=4)
    new = correct_interaction(actor=viewer, interaction=old, now=NOW, reason="Misheard", body="Twelve boxes")
    for version in (old, new):
        page = signed_in(viewer).get(f"/interactions/{version.pk}/versions/").content.decode()
        assert page.index("Twelve boxes") < page.index("Ten boxes")
        assert f"/interactions/{new.pk}/corrections/" in page
        assert f"/interactions/{new.pk}/problem-closing/" in page
    auditors = signed_in(make_user("auditor")).get(f"/interactions/{new.pk}/versions/").content.decode()
    assert "/corrections/" not in auditors
    assert "/problem-closing/" not in auditors


def test_a_correction_changes_only_what_was_changed(workspace: Workspace) -> None:
    viewer = make_user(time_zone="UTC")
    talk = make_interaction(
        actor=viewer, body="Ten boxes", happened_at=NOW - timedelta(hours=1, microseconds=7), tone=0.5
    )
    address = f"/interactions/{talk.pk}/corrections/"
    client = signed_in(viewer)
    assert "Ten boxes" in client.get(address).content.decode()
    answer = client.post(address, filled(talk, body="Twelve boxes", reason="Misheard"))
    assert answer.status_code == 302
    new = Interaction.objects.get(superseded_at=None)
    assert (new.body, new.happened_at, new.sentiment, new.corrects) == (
        "Twelve boxes",
        talk.happened_at,
        0.5,
        talk,
    )


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"body": "Twelve", "reason": ""}, "This field is required."),
        ({"reason": "x"}, "Nothing was changed."),
        ({"happened_at": "2200-01-01T10:00", "reason": "x"}, "This lies in the future."),
        ({"body": "", "reason": "x"}, "Write down what was said"),
    ],
)
def test_a_wrong_correction_is_shown_again_with_the_reason(
    workspace: Workspace, changed: dict[str, str], words: str
) -> None:
    viewer = make_user(time_zone="UTC")
    talk = make_interaction(actor=viewer)
    answer = signed_in(viewer).post(f"/interactions/{talk.pk}/corrections/", filled(talk, **changed))
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert Interaction.objects.count() == 1


def test_a_problem_is_closed_with_how_it_was_solved(workspace: Workspace) -> None:
    viewer = make_user()
    talk = make_interaction(actor=viewer, problem_severity=2)
    client, address = signed_in(viewer), f"/interactions/{talk.pk}/problem-closing/"
    assert client.get(address).status_code == 200
    assert client.post(address, {"reason": ""}).status_code == 422
    assert client.post(address, {"reason": "Replaced"}).status_code == 302
    talk.refresh_from_db()
    assert (talk.problem_closed_by, talk.problem_closed_reason) == (viewer, "Replaced")
    assert client.post(address, {"reason": "Replaced"}).status_code == 409


def test_an_entry_out_of_sight_has_no_page(workspace: Workspace) -> None:
    talk = make_interaction(make_relationship("customers"))
    client = signed_in(make_user(kind="suppliers"))
    for page in ("versions", "corrections", "problem-closing"):
        assert client.get(f"/interactions/{talk.pk}/{page}/").status_code == 404
