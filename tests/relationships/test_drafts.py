"""What is typed in the composer survives leaving the page, for its writer alone, until it is logged."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from core.refusals import Invalid, Missing, NotAllowed
from relationships.models import ComposerDraft, Interaction, Relationship
from relationships.operations.drafts import LONGEST, forget_old_drafts, save_draft
from relationships.tasks import forget_drafts
from tests.doors import signed_in
from tests.factories import NOW, make_relationship, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_now")]
AS_HTMX = {"HX-Request": "true"}


@pytest.fixture
def viewer() -> User:
    return make_user(name="Vera")


@pytest.fixture
def acme(viewer: User) -> Relationship:
    return make_relationship(owner=viewer, name="Acme")


def words_of(response: Any) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def keep(
    writer: User, relationship: Relationship, body: str = "Half a thought", **more: Any
) -> ComposerDraft | None:
    given = {"channel": "call", "now": NOW} | more
    return save_draft(actor=writer, relationship=relationship, body=body, **given)


def typed_in(client: Client, relationship: Relationship) -> str:
    page = client.get(f"/customers/{relationship.pk}/").content.decode()
    return re.findall(r'<textarea name="body".*?">([^<]*)</textarea>', page)[0]


def test_a_draft_is_kept_said_and_there_again_on_return(viewer: User, acme: Relationship) -> None:
    client = signed_in(viewer)
    here = f"/customers/{acme.pk}/"
    response = client.post(
        f"{here}interactions/draft/", {"body": "Half a\r\nthought", "channel": "meeting"}, headers=AS_HTMX
    )
    assert "Draft saved 10:00" in words_of(response)
    assert ComposerDraft.objects.get().body == "Half a\nthought"
    assert typed_in(client, acme) == "Half a\nthought"
    page = client.get(here)
    assert "Your draft of today 10:00" in words_of(page)
    assert re.search(r'value="meeting" data-composer-kind="[^"]*" checked', page.content.decode())
    asked = client.get(f"{here}?compose=email").content.decode()
    assert re.search(r'value="email" data-composer-kind="[^"]*" checked', asked)


def test_the_last_text_counts_and_an_empty_one_drops_the_draft(viewer: User, acme: Relationship) -> None:
    keep(viewer, acme)
    keep(viewer, acme, "A whole thought", now=NOW + timedelta(minutes=1))
    draft = ComposerDraft.objects.get()
    assert (draft.body, draft.saved_at) == ("A whole thought", NOW + timedelta(minutes=1))
    assert keep(viewer, acme, " \n") is None
    assert ComposerDraft.objects.count() == 0


def test_nobody_but_its_writer_is_shown_a_draft(viewer: User, acme: Relationship) -> None:
    keep(viewer, acme, "zebra")
    for reader in (make_user(), make_user("administrator"), make_user("auditor")):
        client = signed_in(reader)
        for page in ("", "timeline/", "pieces/", "strip/", "panels/", "about/"):
            assert "zebra" not in client.get(f"/customers/{acme.pk}/{page}").content.decode()
        client.post(f"/customers/{acme.pk}/interactions/draft/discarding/")
    assert ComposerDraft.objects.get().writer == viewer


def test_whoever_may_not_see_or_log_keeps_nothing(acme: Relationship) -> None:
    with pytest.raises(Missing):
        keep(make_user(kind="suppliers"), acme)
    with pytest.raises(NotAllowed):
        keep(make_user("auditor"), acme)
    stranger = signed_in(make_user(kind="suppliers"))
    for address in ("draft/", "draft/discarding/"):
        assert stranger.post(f"/customers/{acme.pk}/interactions/{address}").status_code == 404
    assert ComposerDraft.objects.count() == 0


def test_what_cannot_be_logged_is_not_kept_either(viewer: User, acme: Relationship) -> None:
    with pytest.raises(Invalid) as refusal:
        keep(viewer, acme, "x" * (LONGEST + 1), channel="telepathy")
    assert sorted(refusal.value.errors) == ["body", "channel"]


def test_logging_ends_the_draft_and_what_comes_late_from_that_form_is_not_kept(
    viewer: User, acme: Relationship
) -> None:
    keep(viewer, acme)
    client, here = signed_in(viewer), f"/customers/{acme.pk}/interactions/"
    form = {"body": "Half a thought, now whole", "channel": "call", "idempotency_key": "form-1"}
    response = client.post(here, form, headers=AS_HTMX)
    assert response.status_code == 200
    assert Interaction.objects.count() == 1
    assert ComposerDraft.objects.count() == 0
    assert words_of(client.post(f"{here}draft/", form, headers=AS_HTMX)) == ""
    assert ComposerDraft.objects.count() == 0
    client.post(f"{here}draft/", form | {"idempotency_key": "form-2"}, headers=AS_HTMX)
    assert ComposerDraft.objects.count() == 1


def test_a_log_that_is_refused_leaves_the_draft(viewer: User, acme: Relationship) -> None:
    keep(viewer, acme)
    body = {"body": "call !us send quote", "channel": "call"}
    assert signed_in(viewer).post(f"/customers/{acme.pk}/interactions/", body).status_code == 422
    assert ComposerDraft.objects.get().body == "Half a thought"


def test_the_one_line_log_is_another_text_and_leaves_the_draft(viewer: User, acme: Relationship) -> None:
    keep(viewer, acme)
    client = signed_in(viewer)
    client.post("/log/", {"line": "call @Acme hello", "relationship": acme.pk, "idempotency_key": "k"})
    assert (Interaction.objects.count(), ComposerDraft.objects.count()) == (1, 1)


def test_a_draft_can_be_discarded_with_and_without_scripts(viewer: User, acme: Relationship) -> None:
    client, address = signed_in(viewer), f"/customers/{acme.pk}/interactions/draft/discarding/"
    keep(viewer, acme)
    assert client.post(address).headers["Location"] == f"/customers/{acme.pk}/"
    keep(viewer, acme)
    response = client.post(address, headers=AS_HTMX)
    assert 'id="composer"' in response.content.decode()
    assert "Half a thought" not in response.content.decode()
    assert ComposerDraft.objects.count() == 0


def test_drafts_are_forgotten_after_thirty_days(viewer: User, acme: Relationship) -> None:
    keep(viewer, acme, now=NOW - timedelta(days=30, seconds=1))
    keep(make_user(), acme, now=NOW - timedelta(days=30))
    assert forget_drafts() == 1
    assert forget_old_drafts(now=NOW) == 0
    assert ComposerDraft.objects.exclude(writer=viewer).count() == 1
