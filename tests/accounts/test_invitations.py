"""People come by invitation: a mail, a link that works once, and the role that was promised."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from pytest_django.fixtures import Settings

from accounts.models import AuditEntry, Invitation, Team, TeamMembership, User
from accounts.operations.invitations import (
    accept_invitation,
    invite,
    open_invitation,
    resend_invitation,
    revoke_invitation,
)
from core.refusals import Conflict, Invalid, Missing, NotAllowed
from messaging.models import OutboxMessage
from tests.factories.people import make_team, make_user

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 18, 10, 0, tzinfo=UTC)
LINK = re.compile(r"http://localhost:8000(/invitation/([^/]+)/)")


def send(
    actor: User | None = None, *, email: str = "tom@firm.example", now: datetime = NOW, **fields: object
) -> Invitation:
    return invite(
        actor=actor or make_user("administrator", name="Ann Lee"),
        email=email,
        name="Tom Baptiste",
        role=str(fields.pop("role", "representative")),
        now=now,
        **fields,
    )


def token_in_mail() -> str:
    message = OutboxMessage.objects.order_by("-id")[0]
    found = LINK.search(message.body_text)
    assert found is not None
    return found[2]


def test_an_invitation_goes_out_by_mail() -> None:
    team = make_team("North")
    invitation = send(team=team, business_unit=team.business_unit, kind="customers")
    message = OutboxMessage.objects.get()
    assert (message.to, message.subject) == (["tom@firm.example"], "Ann Lee invites you to Relman")
    assert message.body_text.startswith("Hello Tom Baptiste,\n\nAnn Lee invites you to Relman")
    assert "Your role: Representative." in message.body_text
    assert "The link works once, for 7 days." in message.body_text
    assert open_invitation(token=token_in_mail(), now=NOW) == invitation
    assert (invitation.expires_at, invitation.is_open(NOW)) == (NOW + timedelta(days=7), True)
    assert token_in_mail() not in invitation.token_hash


def test_the_name_in_the_mail_is_not_html(settings: Settings) -> None:
    invite(
        actor=make_user("administrator"), email="o@firm.example", name="O'Hara & Söhne", role="hr", now=NOW
    )
    assert "Hello O'Hara & Söhne," in OutboxMessage.objects.get().body_text


def test_whoever_accepts_gets_what_was_promised() -> None:
    team = make_team("North")
    actor = make_user("administrator")
    invitation = send(actor, team=team, business_unit=team.business_unit, kind="customers")
    user = accept_invitation(
        token=token_in_mail(),
        name="Tom B",
        password="correct horse battery",
        time_zone="Asia/Tokyo",
        now=NOW + timedelta(days=6),
    )
    assert (user.email, user.name, user.time_zone) == ("tom@firm.example", "Tom B", "Asia/Tokyo")
    assert user.check_password("correct horse battery")
    [grant] = user.current_grants()
    assert (grant.role, grant.kind, grant.team, grant.business_unit) == (
        "representative",
        "customers",
        team,
        team.business_unit,
    )
    assert (grant.granted_by, list(user.teams.all())) == (actor, [team])
    invitation.refresh_from_db()
    assert (invitation.user, invitation.accepted_at) == (user, NOW + timedelta(days=6))
    assert list(AuditEntry.objects.order_by("id").values_list("verb", "actor_id")) == [
        ("invitation_sent", actor.pk),
        ("invitation_accepted", user.pk),
        ("role_granted", actor.pk),
        ("team_member_added", actor.pk),
    ]


def test_a_team_that_was_closed_meanwhile_is_not_joined() -> None:
    team = make_team("North")
    send(team=team)
    Team.objects.filter(pk=team.pk).update(closed_at=NOW)
    user = accept_invitation(
        token=token_in_mail(), name="Tom", password="correct horse battery", time_zone="UTC", now=NOW
    )
    assert TeamMembership.objects.filter(user=user).count() == 0


def test_a_link_that_was_used_revoked_or_ran_out_opens_nothing() -> None:
    actor = make_user("administrator")

    def refused(token: str, now: datetime = NOW) -> str:
        with pytest.raises(Missing) as refusal:
            accept_invitation(
                token=token, name="Tom", password="correct horse battery", time_zone="UTC", now=now
            )
        return refusal.value.message

    send(actor)
    ran_out = refused(token_in_mail(), NOW + timedelta(days=7))
    used = token_in_mail()
    accept_invitation(token=used, name="Tom", password="correct horse battery", time_zone="UTC", now=NOW)
    revoked = send(actor, email="eve@firm.example")
    revoke_invitation(actor=actor, invitation=revoked, now=NOW)
    words = {refused("nonsense"), refused(used), refused(token_in_mail()), ran_out}
    assert words == {"This invitation does not work any more. Ask whoever invited you to send it again."}
    assert User.objects.filter(email="eve@firm.example").count() == 0


def test_wrong_values_are_named_and_the_link_still_works() -> None:
    send()
    with pytest.raises(Invalid) as refusal:
        accept_invitation(token=token_in_mail(), name=" ", password="123456789012", time_zone="Mars", now=NOW)
    assert refusal.value.errors == {
        "name": ["Write a name."],
        "time_zone": ["“Mars” is not a time zone."],
        "password": ["This password is entirely numeric."],
    }
    open_invitation(token=token_in_mail(), now=NOW)


def test_an_address_that_somebody_took_meanwhile_is_refused() -> None:
    send()
    make_user("", email="tom@firm.example")
    with pytest.raises(Invalid) as refusal:
        accept_invitation(
            token=token_in_mail(), name="Tom", password="correct horse battery", time_zone="UTC", now=NOW
        )
    assert list(refusal.value.errors) == ["email"]


def test_every_wrong_field_of_an_invitation_is_named_and_nothing_is_sent() -> None:
    actor = make_user("administrator")
    with pytest.raises(Invalid) as refusal:
        invite(actor=actor, email="tom@", name="x" * 121, role="king", kind="aliens", now=NOW)
    assert refusal.value.errors == {
        "name": ["At most 120 characters; this has 121."],
        "email": ["“tom@” is not an e-mail address."],
        "role": ["There is no role called “king”."],
        "kind": ["There is no kind of relationship called “aliens”."],
    }
    assert (Invitation.objects.count(), OutboxMessage.objects.count()) == (0, 0)


def test_a_colleague_is_not_invited_twice() -> None:
    actor = make_user("administrator", email="ann@firm.example")
    send(actor)
    for address, words in (
        ("ANN@firm.example", "There is already a person with the address ann@firm.example."),
        (
            "Tom@firm.example",
            "tom@firm.example has been invited already; send that invitation again instead.",
        ),
    ):
        with pytest.raises(Invalid) as refusal:
            send(actor, email=address)
        assert refusal.value.errors == {"email": [words]}


def test_an_invitation_that_ran_out_makes_way() -> None:
    actor = make_user("administrator")
    old = send(actor)
    later = NOW + timedelta(days=8)
    with pytest.raises(Invalid):
        send(actor, role="king", now=later)
    old.refresh_from_db()
    assert old.revoked_at is None
    new = send(actor, now=later)
    old.refresh_from_db()
    assert (old.revoked_at, old.revoked_by, new.is_open(later)) == (later, actor, True)


def test_sending_again_makes_a_new_link_and_ends_the_old() -> None:
    actor = make_user("administrator")
    invitation = send(actor)
    old = token_in_mail()
    later = NOW + timedelta(days=9)
    resend_invitation(actor=actor, invitation=invitation, now=later)
    assert OutboxMessage.objects.count() == 2
    assert open_invitation(token=token_in_mail(), now=later) == invitation
    with pytest.raises(Missing):
        open_invitation(token=old, now=NOW)


def test_an_answered_invitation_is_neither_sent_again_nor_revoked() -> None:
    actor = make_user("administrator")
    revoked = send(actor)
    revoke_invitation(actor=actor, invitation=revoked, now=NOW)
    accepted = send(actor)
    accept_invitation(
        token=token_in_mail(), name="Tom", password="correct horse battery", time_zone="UTC", now=NOW
    )
    for operation in (resend_invitation, revoke_invitation):
        with pytest.raises(Conflict, match="The invitation of Tom Baptiste has been revoked"):
            operation(actor=actor, invitation=revoked, now=NOW)
        with pytest.raises(Conflict, match="Tom Baptiste has accepted this invitation"):
            operation(actor=actor, invitation=accepted, now=NOW)


def test_only_an_administrator_invites() -> None:
    invitation = send()
    manager = make_user("relationship_manager")
    with pytest.raises(NotAllowed):
        send(manager, email="eve@firm.example")
    for operation in (resend_invitation, revoke_invitation):
        with pytest.raises(NotAllowed):
            operation(actor=manager, invitation=invitation, now=NOW)
    assert OutboxMessage.objects.count() == 1


def test_the_pages_invite_and_let_in(client: Client) -> None:
    client.force_login(make_user("administrator", name="Ann Lee"))
    form = {"name": "Tom Baptiste", "email": "tom@firm.example", "role": "representative"}
    answer = client.post("/administration/invitations/new/", form)
    assert answer.headers["Location"] == "/administration/people/"
    people = client.get("/administration/people/").content.decode()
    assert "Tom Baptiste" in people
    assert "An invitation is on its way to tom@firm.example." in people
    newcomer = Client()
    path = f"/invitation/{token_in_mail()}/"
    assert "Ann Lee invites you" in newcomer.get(path).content.decode()
    wrong = newcomer.post(path, {"name": "Tom", "time_zone": "Europe/Paris", "password": "short"})
    assert (wrong.status_code, 'id="id_password_error"' in wrong.content.decode()) == (422, True)
    right = {"name": "Tom", "time_zone": "Europe/Paris", "password": "correct horse battery"}
    assert newcomer.post(path, right).headers["Location"] == "/"
    assert "Tom" in newcomer.get("/settings/").content.decode()
    assert newcomer.get(path).status_code == 404


def test_whoever_was_signed_in_before_is_not_the_newcomer(client: Client) -> None:
    administrator = make_user("administrator")
    send(administrator, now=datetime.now(UTC))
    client.force_login(administrator)
    form = {"name": "Tom", "time_zone": "UTC", "password": "correct horse battery"}
    client.post(f"/invitation/{token_in_mail()}/", form)
    assert client.session["_auth_user_id"] == str(User.objects.get(email="tom@firm.example").pk)


def test_a_wrong_form_sends_nothing(client: Client) -> None:
    client.force_login(make_user("administrator"))
    answer = client.post(
        "/administration/invitations/new/", {"name": "Tom", "email": "no address", "role": "hr"}
    )
    assert (answer.status_code, OutboxMessage.objects.count()) == (422, 0)
    make_user("", email="tom@firm.example")
    answer = client.post(
        "/administration/invitations/new/", {"name": "Tom", "email": "tom@firm.example", "role": "hr"}
    )
    assert answer.status_code == 422
    assert "There is already a person with the address tom@firm.example." in answer.content.decode()


def test_the_pages_send_again_and_revoke(client: Client) -> None:
    administrator = make_user("administrator")
    invitation = send(administrator, now=datetime.now(UTC))
    client.force_login(administrator)
    client.post(f"/administration/invitations/{invitation.pk}/sending/")
    assert OutboxMessage.objects.count() == 2
    client.post(f"/administration/invitations/{invitation.pk}/revocation/")
    invitation.refresh_from_db()
    assert invitation.revoked_by == administrator
    assert client.post(f"/administration/invitations/{invitation.pk}/sending/").status_code == 409
    assert client.post("/administration/invitations/0/sending/").status_code == 404


def test_an_invitation_that_ran_out_is_shown_as_such(client: Client) -> None:
    administrator = make_user("administrator")
    send(administrator)
    client.force_login(administrator)
    assert "ran out" in client.get("/administration/people/").content.decode()
