"""Introductions on a handover: prepared, read, changed, and sent once."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client

from accounts.enums import Confidentiality
from accounts.models import User
from core.refusals import Conflict, Invalid, Missing, NotAllowed
from messaging.models import OutboxMessage
from relationships.models import Event, Handover, HandoverMail, HandoverPack, Relationship
from relationships.operations.contact_points import add_contact_point
from relationships.operations.handover_mails import edit_letter, send_letters
from relationships.operations.handovers import hand_over
from relationships.queries.handover_mails import Letter, letters_of
from tests.api import ApiClient
from tests.factories import NOW, make_link, make_person, make_relationship, make_user

pytestmark = pytest.mark.django_db


def mail(boss: User, party: object, value: str, **fields: object) -> None:
    add_contact_point(actor=boss, party=party, kind="email", value=value, now=NOW, **fields)  # type: ignore[arg-type]  # a party


@pytest.fixture
def halden(boss: User, leaver: User) -> Relationship:
    """Two people with an address, one of them deciding, and an address of the firm."""
    relationship = make_relationship(owner=leaver, name="Halden")
    ana = make_person("Ana Ruiz", works_for=relationship.party)
    ben = make_person("Ben Boss", works_for=relationship.party)
    make_link(ben, relationship.party, "decides_for", influence=3)
    for party, value in (
        (relationship.party, "info@h.example"),
        (ana, "ana@h.example"),
        (ben, "ben@h.example"),
    ):
        mail(boss, party, value)
    return relationship


def give(boss: User, leaver: User, heir: User, **fields: object) -> Handover:
    given = {"actor": boss, "leaver": leaver, "receiver": heir, "reason": "She leaves", "now": NOW}
    return hand_over(**given | fields).handover


def letters(viewer: User, handover: Handover) -> list[Letter]:
    return letters_of(viewer=viewer, handover=handover, as_of=NOW.date())


def test_who_decides_is_written_to_in_words_that_say_who_is_there_now(
    boss: User, leaver: User, heir: User, halden: Relationship
) -> None:
    (letter,) = letters(boss, give(boss, leaver, heir))
    assert [each.value for each in letter.addresses] == ["ben@h.example", "ana@h.example", "info@h.example"]
    assert letter.address == letter.addresses[0]
    assert letter.subject == f"Heir is there for you at {halden.business_unit.name}"
    assert letter.body.startswith(
        "Dear Ben Boss,\n\nHeir looks after you from now on in place of Lena Leaver"
    )
    assert heir.email in letter.body


def test_an_absence_says_until_when(boss: User, leaver: User, heir: User, halden: Relationship) -> None:
    back = NOW.date() + timedelta(days=14)
    (letter,) = letters(boss, give(boss, leaver, heir, returns_date=back))
    assert "Lena Leaver is away until 1 April 2026. Until then Heir looks after you" in letter.body


def test_an_organisation_without_people_is_written_to_at_its_own_address(
    boss: User, leaver: User, heir: User
) -> None:
    firm, person = make_relationship(owner=leaver, name="A firm"), make_person("Zoe Alone")
    mail(boss, firm.party, "info@f.example")
    make_relationship(owner=leaver, party=person)
    mail(boss, person, "zoe@z.example")
    first, second = letters(boss, give(boss, leaver, heir))
    assert (first.address.value, first.body.split("\n")[0]) == ("info@f.example", "Dear Sir or Madam,")  # type: ignore[union-attr]  # has one
    assert (second.address.value, second.body.split("\n")[0]) == ("zoe@z.example", "Dear Zoe Alone,")  # type: ignore[union-attr]  # has one


def test_what_is_for_few_people_or_has_gone_on_is_not_told_by_mail(
    boss: User, leaver: User, heir: User
) -> None:
    shut, gone, bare = (make_relationship(owner=leaver, name=name) for name in ("Shut", "Gone", "Bare"))
    handover = give(boss, leaver, heir)
    Relationship.objects.filter(pk=shut.pk).update(confidentiality=Confidentiality.RESTRICTED)
    Relationship.objects.filter(pk=gone.pk).update(owner=make_user())
    (letter,) = letters(boss, handover)
    assert (letter.pack.relationship, letter.address, letter.can_go) == (bare, None, False)
    assert send_letters(actor=boss, handover=handover, pack_ids=[letter.pack.pk], now=NOW) == 0


def test_it_goes_once_through_the_outbox_and_stands_on_the_timeline(
    boss: User, leaver: User, heir: User, halden: Relationship
) -> None:
    handover = give(boss, leaver, heir)
    pack = HandoverPack.objects.get()
    sent = [send_letters(actor=boss, handover=handover, pack_ids=[pack.pk, 0], now=NOW) for _ in range(2)]
    assert sent == [1, 0]
    message = OutboxMessage.objects.get()
    assert (message.to, message.reply_to) == (["ben@h.example"], [heir.email])
    assert HandoverMail.objects.get().sent_by == boss
    assert Event.objects.get(verb="handover_introduced").data == {"to": "Ben Boss", "new": "Heir"}
    assert halden.state.last_interaction_at is None


def test_a_changed_one_goes_as_it_was_changed(
    boss: User, leaver: User, heir: User, halden: Relationship
) -> None:
    handover = give(boss, leaver, heir)
    pack = HandoverPack.objects.get()
    given = {"actor": boss, "pack": pack, "subject": "Hello", "body": "Words.", "now": NOW}
    edit_letter(address="ana@h.example", **given)
    (letter,) = letters(boss, handover)
    assert (letter.address.name, letter.subject, letter.body) == ("Ana Ruiz", "Hello", "Words.\n")  # type: ignore[union-attr]  # has one
    edit_letter(address="info@h.example", **given)
    assert letters(boss, handover)[0].address.name == "Halden"  # type: ignore[union-attr]  # has one
    send_letters(actor=boss, handover=handover, pack_ids=[pack.pk], now=NOW)
    message = OutboxMessage.objects.get()
    assert (message.to, message.subject) == (["info@h.example"], "Hello")
    with pytest.raises(Conflict):
        edit_letter(address="ana@h.example", **given)


def test_wrong_words_and_wrong_people_are_refused(
    boss: User, leaver: User, heir: User, halden: Relationship
) -> None:
    handover = give(boss, leaver, heir)
    pack = HandoverPack.objects.get()
    with pytest.raises(Invalid) as refused:
        edit_letter(actor=boss, pack=pack, address="x@x.example", subject="a\nb", body=" ", now=NOW)
    assert sorted(refused.value.errors) == ["address", "body", "subject"]
    for act in (
        lambda actor: send_letters(actor=actor, handover=handover, pack_ids=[pack.pk], now=NOW),
        lambda actor: edit_letter(actor=actor, pack=pack, address="", subject="", body="", now=NOW),
    ):
        with pytest.raises(NotAllowed):
            act(heir)
        with pytest.raises(Missing):
            act(make_user(""))
    Relationship.objects.update(confidentiality=Confidentiality.RESTRICTED)
    with pytest.raises(Missing):
        edit_letter(actor=boss, pack=pack, address="", subject="", body="", now=NOW)


def test_the_pages_let_one_read_change_and_send(
    boss: User, leaver: User, heir: User, halden: Relationship
) -> None:
    handover, client = give(boss, leaver, heir), Client()
    client.force_login(boss, backend="allauth.account.auth_backends.AuthenticationBackend")
    pack = HandoverPack.objects.get()
    here, edit = f"/handovers/{handover.pk}/mails/", f"/handovers/{handover.pk}/packs/{pack.pk}/mail/"
    with time_machine.travel(NOW, tick=False):
        assert f'href="{here}"' in client.get(f"/handovers/{handover.pk}/").content.decode()
        assert "Dear Ben Boss" in client.get(here).content.decode()
        assert "ana@h.example" in client.get(edit).content.decode()
        changed = {"address": "ana@h.example", "subject": "Hello", "body": ""}
        assert client.post(edit, changed).status_code == 422
        assert client.post(edit, changed | {"body": "Words"}).headers["Location"] == here
        assert client.post(here, {"pack": ["x", pack.pk]}).headers["Location"] == here
        page = client.get(here).content.decode()
        assert ("Send what is ticked" in page, "0 ready to go, 1 on their way" in page) == (False, True)
        assert client.get(edit).status_code == 404
        other = Client()
        other.force_login(heir, backend="allauth.account.auth_backends.AuthenticationBackend")
        assert other.get(here).status_code == 403
    assert OutboxMessage.objects.get().to == ["ana@h.example"]
    Relationship.objects.update(confidentiality=Confidentiality.RESTRICTED)
    assert "Nobody to tell" in client.get(here).content.decode()


def test_the_api_reads_changes_and_sends_introductions(
    boss: User, leaver: User, heir: User, halden: Relationship
) -> None:
    make_relationship(owner=leaver, name="Mute")
    handover = give(boss, leaver, heir)
    client, here = ApiClient(boss), f"handovers/{handover.pk}/"
    page = client.call("get", f"{here}mails/?limit=1").json()
    (first,) = page["results"]
    assert (first["relationship"]["id"], first["address"]["value"]) == (halden.pk, "ben@h.example")
    assert [each["value"] for each in first["addresses"]] == [
        "ben@h.example",
        "ana@h.example",
        "info@h.example",
    ]
    (mute,) = client.call("get", f"{here}mails/?limit=1&cursor={page['next']}").json()["results"]
    assert (mute["relationship"]["name"], mute["address"], mute["can_go"]) == ("Mute", None, False)
    one = f"{here}packs/{first['pack']}/mail/"
    assert client.call("get", one).json() == first
    said = {"address": "ana@h.example", "subject": "Hello", "body": "Heir is here"}
    changed = client.call("post", one, said).json()
    assert (changed["address"]["name"], changed["subject"], changed["body"]) == (
        "Ana Ruiz",
        "Hello",
        "Heir is here\n",
    )
    refused = client.call("post", one, said | {"address": "who@h.example", "subject": "a\nb"})
    assert [each["field"] for each in refused.json()["errors"]] == ["address", "subject"]
    sent = client.call("post", f"{here}mails/", {"packs": [first["pack"], mute["pack"]]})
    assert sent.json() == {"sent": 1}
    assert OutboxMessage.objects.get().to == ["ana@h.example"]
    gone = client.call("get", one).json()
    assert (gone["can_go"], gone["sent_by"]["id"], gone["sent_at"] is not None) == (False, boss.pk, True)
    assert client.call("post", one, said).status_code == 409
    assert client.call("post", f"{here}mails/", {"packs": [first["pack"]]}).json() == {"sent": 0}
    receiver = ApiClient(heir)
    for verb, place, body in (
        ("get", f"{here}mails/", None),
        ("get", one, None),
        ("post", f"{here}mails/", {"packs": [first["pack"]]}),
        ("post", one, said),
    ):
        assert receiver.call(verb, place, body).status_code == 403, place
    Relationship.objects.filter(pk=halden.pk).update(confidentiality=Confidentiality.RESTRICTED)
    assert client.call("get", one).status_code == 404
