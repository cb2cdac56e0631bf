"""What somebody is told is the same whether or not it is about a role that they may not know of."""

import pytest

from accounts.models import User
from accounts.operations.workspace import Workspace
from messaging.models import Notification, NotificationChoice, OutboxMessage
from messaging.operations.notification_mails import mail_due
from messaging.operations.notifications import Telling, choose_channels, tell
from messaging.registry import registry
from tests.architecture.test_leaks import CASES, Case, add_hidden_role, world_of
from tests.doors import answer, signed_in
from tests.factories import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.no_cover]
SUBJECTS = {
    "relationship": "relationship_id",
    "commitment": "commitment_id",
    "followup": "follow_up_id",
    "interaction": "interaction_id",
    "handoverpack": "pack_id",
    "alert": "alert_id",
    "review": "review_id",
    "proposal": "proposal_id",
    "document": "document_id",
    "case": "case_id",
}
PLACES = ("/notifications/", "/notifications/?show=all", "/notifications/bell/", "/api/v1/notifications/")


def test_everything_that_people_are_told_of_is_tried() -> None:
    assert set(registry.subjects) - {"webhookendpoint"} == set(SUBJECTS)  # one's own, and of no party


@pytest.mark.parametrize("case", CASES, ids=str)
def test_a_notification_tells_nothing_of_a_role_that_its_reader_may_not_know(
    workspace: Workspace, case: Case
) -> None:
    with world_of(case) as world:
        viewer = User.objects.get(pk=world.viewers[case.roles[0]].pk)
        every = {topic.key: "mail" for topic in registry.topics()}
        choose_channels(
            actor=viewer, given=NotificationChoice(channels=every, quiet_from=None, quiet_until=None), now=NOW
        )
        tell_of(viewer, world.shown)
        client = signed_in(viewer)
        before = [answer(client, "get", place) for place in PLACES]
        assert before[0][0] == 200
        hidden = add_hidden_role(world)
        tell_of(viewer, hidden)
        about = Notification.objects.filter(user=viewer).order_by("-pk")[: len(SUBJECTS)]
        assert [answer(client, "get", place) for place in PLACES] == before
        for row in about:
            for method, place in (("post", ""), ("post", "reading/")):
                assert answer(client, method, f"/notifications/{row.pk}/{place}")[0] == 404
        OutboxMessage.objects.all().delete()
        mail_due(now=NOW)
        assert not any("zebra" in letter.body_text.lower() for letter in OutboxMessage.objects.all())


def tell_of(viewer: User, ids: dict[str, object]) -> None:
    """Tells the viewer of each thing, as if it were meant for them."""
    tellings = [Telling(viewer.pk, subject, int(str(ids[name]))) for subject, name in SUBJECTS.items()]
    for telling in tellings:
        tell(topic="assigned", tellings=[telling], actor=None, now=NOW)
