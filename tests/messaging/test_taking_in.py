"""Mail taken in: once, marked, threaded, as far as its mailbox keeps it; held with a reason, and tried again."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.core.mail import EmailMessage

from accounts.models import User
from accounts.operations.workspace import Workspace
from core.refusals import Conflict, Invalid, Missing, NotAllowed
from messaging.enums import HeldBecause, InboundOutcome, Mark
from messaging.models import InboundFile, InboundMessage, InboundOriginal, Mailbox, OutboxMessage
from messaging.operations.mail_reading import MESSAGE_LIMIT_BYTES
from messaging.operations.mail_stores import mail_in
from messaging.operations.outbox import enqueue_message
from messaging.operations.stored_mail import take_in_stored
from messaging.operations.taking_in import DUPLICATE, ensure_mailbox, retry_held
from relationships.operations.contact_points import add_contact_point
from relationships.operations.merging import merge_parties
from relationships.queries.correspondents import party_behind, words_for
from tests.factories import NOW, make_party, make_person, make_relationship, make_user
from tests.messaging.mail import PUBLISHED, box, brought, file, mail_of, parts, stored

pytestmark = pytest.mark.django_db


@pytest.fixture
def system(workspace: Workspace) -> User:
    return workspace.system_actor


def test_the_same_mail_is_taken_in_once(system: User) -> None:
    first = brought(system, mail_of())
    again = brought(system, mail_of(Received="from x by y; Wed, 18 Mar 2026 09:01:00 +0100"))
    assert (first.outcome, again.outcome, again.message) == (
        InboundOutcome.IMPORTED,
        DUPLICATE,
        first.message,
    )
    elsewhere = brought(system, mail_of(), box(system, address="press@firm.example"))
    assert (elsewhere.outcome, InboundMessage.objects.count()) == (InboundOutcome.IMPORTED, 2)


def test_another_mail_with_the_same_message_id_is_taken_in_beside_it(system: User) -> None:
    first, other = brought(system, mail_of()), brought(system, mail_of(b"Something else"))
    assert (first.is_variant, other.is_variant, other.message.variant_of) == (False, True, first.message)
    assert (first.message.marks, other.message.marks) == ([], [Mark.VARIANT])
    assert brought(system, mail_of(b"Something else")).outcome == DUPLICATE


@pytest.mark.parametrize(
    ("privacy", "kept"),
    [
        ("full", ("Trays", "trays", "Hello", True, True, True)),
        ("subject", ("Trays", "trays", "", False, False, False)),
        ("metadata", ("", "", "", False, False, False)),
    ],
)
def test_a_mailbox_keeps_what_it_was_set_to_keep(
    system: User, privacy: str, kept: tuple[object, ...]
) -> None:
    raw = parts(b"Content-Type: text/plain\r\n\r\nHello", file("secret.pdf", b"%PDF"))
    row = brought(system, raw, box(system, privacy)).message
    row.refresh_from_db()
    has_files = InboundFile.objects.filter(message=row).exists()
    has_bytes = InboundOriginal.objects.filter(message=row).exists()
    assert (row.subject, row.subject_key, row.body_text, bool(row.headers), has_files, has_bytes) == kept
    assert (row.sender, row.to) == ("ana@acme.example", [["Sales", "sales@firm.example"]])


def test_what_a_mailbox_keeps_is_settled_when_it_is_made(system: User) -> None:
    mailbox = box(system, "metadata", "Sales@Firm.example ")
    assert (mailbox.address, box(system).privacy, str(mailbox)) == (
        "sales@firm.example",
        "metadata",
        mailbox.address,
    )
    with pytest.raises(Conflict):
        box(system, "full")
    with pytest.raises(Invalid):
        box(system, "some")
    with pytest.raises(Invalid):
        box(system, address="no address")


def test_answers_stand_with_what_they_answer_whichever_came_first(system: User) -> None:
    names = ("example07.eml", "example06.eml", "example05.eml")
    rows = [brought(system, (PUBLISHED / name).read_bytes()).message for name in names]
    assert {row.thread_key for row in rows} == {"1234@local.machine.example"}


def test_a_thread_that_turns_out_to_be_part_of_another_follows_it(system: User) -> None:
    answer = brought(system, mail_of(Message_ID="<c@x>", In_Reply_To="<b@x>")).message
    brought(system, mail_of(Message_ID="<b@x>", References="<a@x>"))
    answer.refresh_from_db()
    assert answer.thread_key == "a@x"
    later = brought(system, mail_of(Message_ID="<d@x>", References="<unknown@x> <c@x>")).message
    assert later.thread_key == "a@x"


def test_an_answer_without_references_is_found_by_subject_and_sender(system: User) -> None:
    first = brought(system, mail_of()).message
    later = {"Date": "Fri, 20 Mar 2026 09:00:00 +0100"}
    answer = brought(system, mail_of(Message_ID="<two@x>", Subject="AW\uff1a Re: Trays", **later)).message
    assert answer.thread_key == first.thread_key == "one@acme.example"
    others = [
        mail_of(Message_ID="<3@x>", Subject="Trays", **later),  # as a newsletter says the same again
        mail_of(Message_ID="<4@x>", Subject="Re: Trays", From="tom@else.example", **later),
        mail_of(Message_ID="<5@x>", Subject="Re: Trays", Date="Fri, 20 Nov 2026 09:00:00 +0100"),
        mail_of(Message_ID="<6@x>", Subject="Re: ", **later),
        mail_of(Message_ID="<7@x>", Subject="Re: Trays", From="", **later),
    ]
    keys = [brought(system, raw).message.thread_key for raw in others]
    assert keys == ["3@x", "4@x", "5@x", "6@x", "7@x"]


def test_a_party_with_two_addresses_answers_from_the_other_one(system: User) -> None:
    ana, boss = make_person(), make_user("administrator")
    for address in ("ana@acme.example", "ana@home.example"):
        add_contact_point(actor=boss, party=ana, kind="email", value=address, now=NOW)
    first = brought(system, mail_of()).message
    answer = mail_of(
        Message_ID="<2@x>",
        Subject="Re: Trays",
        From="Ana@home.example",
        Date="Fri, 20 Mar 2026 09:00:00 +0100",
    )
    assert brought(system, answer).message.thread_key == first.thread_key


def test_a_sender_is_known_where_the_address_is_one_partys_alone(system: User) -> None:
    assert brought(system, mail_of()).message.correspondent == ""
    boss, stranger = make_user("administrator"), make_user("hr")
    acme = make_relationship("customers", actor=boss).party
    add_contact_point(actor=boss, party=acme, kind="email", value="Ana@Acme.example", now=NOW)
    known = brought(system, mail_of(b"Two")).message
    assert known.correspondent == f"party:{acme.pk}" == party_behind(boss, "ANA@acme.example")
    assert words_for(boss, [known.correspondent])[known.correspondent].place == f"/parties/{acme.pk}/"
    limited = make_user("representative", "suppliers")
    assert (party_behind(limited, "ana@acme.example"), words_for(limited, [known.correspondent])) == ("", {})
    assert words_for(stranger, ["somebody:1"]) == {}
    kept = make_party("Acme Works", actor=boss)
    merge_parties(actor=boss, keep=kept, drop=acme, choices={}, now=NOW)
    assert words_for(boss, [known.correspondent])[known.correspondent].place == f"/parties/{kept.pk}/"
    assert words_for(limited, [known.correspondent]) == {}
    other = make_person()
    add_contact_point(actor=boss, party=other, kind="email", value="ana@acme.example", now=NOW)
    assert brought(system, mail_of(b"Three")).message.correspondent == ""


def test_who_only_says_that_a_colleague_wrote_is_marked(system: User) -> None:
    tom = make_user("representative", name="Tom Lee", email="tom@firm.example")
    mailbox = ensure_mailbox(
        actor=system, address="sales@firm.example", trusted_server="MX.firm.example", now=NOW
    )
    proof = "mx.firm.example; spf=pass; dmarc=pass header.from=firm.example"
    senders = {
        "tom@firm.example": True,
        "Tom Lee <tom@evil.example>": True,
        '"tom@firm.example" <x@evil.example>': True,
        "Sales <sales@firm.example>": True,
        "Tommy Leeds <tommy@acme.example>": False,
        "tommy@acme.example": False,
    }
    for sender, is_forged in senders.items():
        row = brought(system, mail_of(From=sender, Message_ID=""), mailbox).message
        assert (sender, Mark.FORGED in row.marks) == (sender, is_forged)
    for told, is_forged in ((proof, False), (f"evil.example; x\r\nAuthentication-Results: {proof}", True)):
        raw = mail_of(told.encode(), From="tom@firm.example", Authentication_Results=told, Message_ID="")
        assert (Mark.FORGED in brought(system, raw, mailbox).message.marks) == is_forged
    User.objects.filter(pk=tom.pk).update(is_active=False, deactivated_at=NOW)
    gone = brought(system, mail_of(b"Gone", From="tom@firm.example", Message_ID=""), mailbox).message
    assert Mark.FORGED not in gone.marks


LOOPS = [{"Received": "from a by b\r\n" + "Received: from a by b\r\n" * 60 + "X-A: b"}]
LOOPS += [{"Delivered_To": "sales@firm.example\r\nDelivered-To: Sales@firm.example"}]


@pytest.mark.parametrize("head", LOOPS, ids=["servers", "places"])
def test_a_mail_that_goes_round_is_held(system: User, head: dict[str, str]) -> None:
    taken = brought(system, mail_of(**head))
    assert (taken.outcome, taken.message.reason) == (InboundOutcome.HELD, HeldBecause.LOOP)
    assert (taken.message.sender, taken.is_variant) == ("ana@acme.example", False)


def test_a_mail_of_ours_that_came_back_is_held_and_can_be_read_again(system: User) -> None:
    ours = enqueue_message(
        message=EmailMessage("A", "B", "us@firm.example", ["a@b.example"]), actor=None, now=NOW
    )
    held = brought(system, mail_of(Message_ID=f"<{ours.message_id.strip('<>')}>"))
    assert (held.outcome, held.message.reason) == (InboundOutcome.HELD, HeldBecause.OURS)
    boss, later = make_user("administrator"), NOW + timedelta(hours=1)
    assert retry_held(actor=boss, message_id=held.message.pk, now=later).outcome == InboundOutcome.HELD
    OutboxMessage.objects.all().delete()
    taken = retry_held(actor=boss, message_id=held.message.pk, now=later)
    assert (taken.outcome, taken.message.pk) == (InboundOutcome.IMPORTED, held.message.pk)
    assert (taken.message.attempts, taken.message.tried_at, taken.message.reason) == (3, later, "")


def test_only_a_held_mail_whose_bytes_are_kept_is_read_again(system: User) -> None:
    boss, row = make_user("administrator"), brought(system, mail_of()).message
    bare = brought(system, b"no mail", box(system, "subject", "press@firm.example")).message
    for actor, number, refusal in (
        (make_user("executive"), row.pk, NotAllowed),
        (boss, 0, Missing),
        (boss, row.pk, Conflict),
        (boss, bare.pk, Conflict),
    ):
        with pytest.raises(refusal):
            retry_held(actor=actor, message_id=number, now=NOW)


def unread(system: User, raw: bytes) -> InboundMessage:
    """A mail that could not be read when it came, and can be now."""
    row = brought(system, b"no mail").message
    InboundMessage.objects.filter(pk=row.pk).update(raw_hash=stored(raw).sha256)
    InboundOriginal.objects.filter(message=row).update(content=raw)
    return row


def test_a_held_mail_that_comes_again_is_tried_again(system: User) -> None:
    row = unread(system, mail_of())
    taken = brought(system, mail_of())
    assert (taken.outcome, taken.message.pk, InboundMessage.objects.count()) == (
        InboundOutcome.IMPORTED,
        row.pk,
        1,
    )


def test_a_held_mail_that_turns_out_to_be_there_already_is_held_no_more(system: User) -> None:
    row, there = unread(system, mail_of()), brought(system, mail_of(Received="from a by b; x")).message
    taken = retry_held(actor=make_user("administrator"), message_id=row.pk, now=NOW)
    assert (taken.outcome, taken.message.pk) == (DUPLICATE, there.pk)
    assert list(InboundMessage.objects.values_list("pk", flat=True)) == [there.pk]


def test_a_mail_that_is_too_large_is_held_without_its_bytes(system: User) -> None:
    raw = mail_of(b"x" * MESSAGE_LIMIT_BYTES)
    taken = brought(system, raw)
    assert (taken.message.reason, taken.message.size_bytes) == (HeldBecause.TOO_LARGE, len(raw))
    assert not InboundOriginal.objects.exists()
    assert brought(system, raw).message == taken.message


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with single mails, an mbox, and a Maildir."""
    (tmp_path / "a.eml").write_bytes(mail_of())
    (tmp_path / "b.eml").write_bytes(mail_of(b"Else"))
    (tmp_path / "empty.eml").write_bytes(b"")
    quoted = mail_of(b"one\n>From the beginning\n\nFrom here on\n", Message_ID="<m1@x>")
    between = b"From ana@acme.example Wed Mar 18 09:00:00 2026\n"
    (tmp_path / "box").write_bytes(between + quoted + b"\n" + between + mail_of(Message_ID="<m2@x>"))
    for name, raw in (
        ("cur/1:2,S", mail_of()),
        ("new/2", mail_of(Message_ID="<n@x>")),
        ("tmp/3", mail_of()),
        ("index", b"x"),
    ):
        (tmp_path / "Maildir" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "Maildir" / name).write_bytes(raw)
    return tmp_path


def test_folders_mboxes_and_maildirs_are_read_and_a_second_time_nothing_comes(
    system: User, folder: Path
) -> None:
    given = {"actor": system, "paths": [str(folder)], "now": NOW}
    figures = {
        "messages": 7,
        "imported": 5,
        "duplicates": 1,
        "variants": 1,
        "held": 1,
        "held_by_reason": {"empty": 1},
    }
    assert take_in_stored(**given, dry_run=True).as_json() == figures
    assert (InboundMessage.objects.count(), Mailbox.objects.count()) == (0, 0)
    assert take_in_stored(**given).as_json() == figures
    again = take_in_stored(**given).as_json()
    assert again == figures | {"imported": 0, "duplicates": 6, "variants": 0}
    assert InboundMessage.objects.count() == 6
    found = InboundMessage.objects.get(message_id="m1@x")
    assert found.body_text == "one\nFrom the beginning\n\nFrom here on"
    assert (found.origin, found.mailbox.address) == (f"{folder}/box:1", "stored-mail@localhost")


def test_how_far_it_is_is_said(system: User, tmp_path: Path) -> None:
    between = b"From a@b.example Wed Mar 18 09:00:00 2026\n"
    (tmp_path / "box").write_bytes(b"".join(between + b"From: a@b.example\n\n%d\n\n" % n for n in range(100)))
    told: list[str] = []
    take_in_stored(actor=system, paths=[str(tmp_path / "box")], now=NOW, tell=told.append)
    assert told == ["100 mails"]


def test_a_path_that_leads_nowhere_is_refused_and_what_cannot_be_opened_is_held(system: User) -> None:
    with pytest.raises(Invalid):
        mail_in(["/nowhere/at/all"])
    report = take_in_stored(actor=system, paths=["/proc/self/mem"], now=NOW)
    assert report.as_json()["held_by_reason"] == {"unreadable": 1}
