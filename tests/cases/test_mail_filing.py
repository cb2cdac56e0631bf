"""Mail that is taken in becomes a case, answers one, opens one again, is kept as a contact, or waits for a person."""

from datetime import timedelta

import pytest

from accounts.models import User
from accounts.operations.service_accounts import create_service_account
from accounts.operations.workspace import Workspace
from analytics.thanks import is_mere_thanks
from cases.models import Case, MailFiling
from cases.operations import mail_filing
from cases.operations.mail_by_hand import (
    Decision,
    Desk,
    drop_mail,
    end_desk,
    file_again,
    match_mail,
    set_desk,
)
from cases.operations.messages import answer_case
from cases.operations.moves import move_case
from cases.queries.mails import addressed, thread_of
from cases.tasks import file_mail
from core.refusals import Conflict, Invalid, Missing, NotAllowed
from messaging.models import InboundMessage, Notification
from messaging.operations.outbox import send_due
from relationships.models import ContactPoint, Interaction, Party
from relationships.operations.relationships import close_relationship
from tests.cases.mails import ANA, came, make_customer, make_desk
from tests.factories import NOW, make_case, make_mail, make_person, make_relationship, make_team, make_user
from tests.messaging.mail import box, brought, mail_of, parts

pytestmark = pytest.mark.django_db
REPLY = "Re: [{ref}] Trays"
REPORT = parts(
    b"Content-Type: text/plain\r\n\r\nNo such user",
    b"Content-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx\r\n\r\n"
    b"Final-Recipient: rfc822; ana@acme.example\r\nAction: failed\r\nStatus: 5.1.1\r\n",
    kind="report",
    From="Mail <mailer-daemon@mx.example>",
    Message_ID="<report@mx>",
    References="<u1.CAS-2026-000001@firm.example>",
)


@pytest.fixture
def boss(workspace: Workspace) -> User:
    return make_user("administrator", name="Ann Lee", email="ann@firm.example")


def closed(case: Case, days_ago: int = 1) -> Case:
    """The question was answered and closed."""
    at = NOW - timedelta(days=days_ago)
    given = {"actor": case.owner, "case": case, "now": at}
    answer_case(**given, body="Monday.", channel="email")
    return move_case(**given | {"case": move_case(**given, transition="answer")}, transition="close")


def test_a_mail_opens_a_case_and_the_answer_is_heard_in_it_once(boss: User) -> None:
    seller = make_user("relationship_manager")
    relationship, ana = make_customer(seller)
    make_desk(boss)
    raw = mail_of(
        b"Where are our trays?\r\n\r\n-- \r\nAna Ruiz\r\nAcme",
        Subject="Re: Trays",
        Received="from a by b; Wed, 18 Mar 2026 09:30:00 +0000",
    )
    taken = brought(boss, raw)
    assert file_mail() == 1
    assert (brought(boss, raw).outcome, file_mail()) == ("duplicate", 0)
    filing = MailFiling.objects.get()
    case = Case.objects.get()
    assert (filing.state, filing.case, filing.mail, filing.talk) == (
        "opened",
        case,
        taken.message,
        Interaction.objects.get(),
    )
    assert (case.subject, case.type, case.channel, case.person, case.owner, case.opened_by) == (
        "Trays", "question", "email", ana, seller, boss,
    )  # fmt: skip
    assert (case.messages.get().text, case.opened_at) == ("Where are our trays?", NOW - timedelta(minutes=30))
    tom = make_person("Tom", works_for=relationship.party)
    ContactPoint.objects.filter(value=ANA).update(party=tom)
    heard = came(boss, mail_of(b"Still waiting.", Message_ID="<2@x>", In_Reply_To="<one@acme.example>"))
    assert (heard.state, heard.case, list(heard.talk.people.all())) == ("heard", case, [tom])
    assert [each.text for each in case.messages.order_by("pk")] == ["Where are our trays?", "Still waiting."]
    notices = (
        Notification.objects.filter(user=seller, topic__startswith="case")
        .order_by("pk")
        .values_list("topic", flat=True)
    )
    assert list(notices) == ["case_assigned", "case_heard"]


@pytest.mark.parametrize(
    "head",
    [
        {"References": "<u1.CAS-2026-000001@firm.example> <u2.CAS-2026-000001@firm.example>"},
        {"Subject": "AW: [CAS-2026-000001] Trays"},
        {"In_Reply_To": "<u1.CAS-2026-000001@firm.example>", "Subject": "[CAS-2026-000002] no"},
    ],
)
def test_what_answers_a_case_is_known_by_its_name(boss: User, head: dict[str, str]) -> None:
    relationship, _ana = make_customer(boss)
    make_desk(boss, does="record")
    asked = {"actor": boss, "type": "question", "now": NOW - timedelta(hours=3)}
    first, _second = make_case(relationship, **asked), make_case(relationship, **asked)
    heard = came(boss, **head)
    assert (heard.state, heard.case, heard.why) == ("heard", first, "")
    assert Notification.objects.filter(user=boss, topic="case_heard").count() == 1


def test_an_answer_without_references_joins_by_subject_and_sender(boss: User) -> None:
    make_customer(boss)
    make_desk(boss)
    first = came(boss)
    heard = came(boss, Subject="Re: Trays", Message_ID="<2@x>", Date="Wed, 18 Mar 2026 10:30:00 +0100")
    other = came(boss, Subject="Trays", Message_ID="<3@x>")
    assert (first.state, heard.state, heard.case, other.state) == ("opened", "heard", first.case, "opened")
    assert other.case != first.case


def test_an_answer_opens_a_closed_case_again_and_later_another_follows_it(boss: User) -> None:
    relationship, ana = make_customer(boss)
    make_desk(boss)
    long_ago = {"type": "question", "now": NOW - timedelta(days=40), "actor": boss}
    soon = closed(make_case(relationship, **long_ago), days_ago=13)
    late = closed(make_case(relationship, severity=3, **long_ago), days_ago=15)
    thanks = came(
        boss,
        mail_of(b"Thank you very much, Ann!\r\nAna", Subject=REPLY.format(ref=soon.ref), Message_ID="<t@x>"),
    )
    soon.refresh_from_db()
    assert (thanks.state, soon.state) == ("heard", "closed")
    heard = came(boss, Subject=REPLY.format(ref=soon.ref), Message_ID="<a@x>")
    soon.refresh_from_db()
    assert (heard.case, soon.state, soon.cycle) == (soon, "reopened", 2)
    assert set(soon.clocks.open().values_list("type", "cycle")) == {("next_response", 2), ("resolution", 2)}
    follows = came(boss, Subject=REPLY.format(ref=late.ref), Message_ID="<b@x>")
    late.refresh_from_db()
    assert (follows.state, follows.why, follows.case.follows, late.state) == (
        "opened",
        "follows",
        late,
        "closed",
    )
    assert (follows.case.severity, follows.case.subject, follows.case.person) == (3, "Trays", ana)
    double = make_case(relationship, actor=boss)
    given = {"actor": boss, "now": NOW, "reason": "Twice"}
    withdrawn = make_case(relationship, actor=boss)
    move_case(case=withdrawn, transition="withdraw", **given)
    case = make_case(relationship, actor=boss)
    case.state, case.duplicate_of, case.closed_at, case.closed_by = "duplicate", double, NOW, boss
    case.save()
    assert came(boss, Subject=f"[{case.ref}]", Message_ID="<c@x>").case == double
    assert came(boss, Subject=f"[{withdrawn.ref}]", Message_ID="<d@x>").case.follows == withdrawn


def test_written_before_it_was_closed_and_read_after_it_opens_again(boss: User) -> None:
    relationship, _ana = make_customer(boss)
    make_desk(boss)
    case = make_case(relationship, type="question", actor=boss, now=NOW - timedelta(days=2))
    given = {"actor": boss, "case": case, "now": NOW}
    answer_case(**given, body="Monday.", channel="email")
    move_case(**given | {"case": move_case(**given, transition="answer")}, transition="close")
    came(boss, Subject=f"[{case.ref}]")
    case.refresh_from_db()
    assert case.state == "reopened"


def test_a_case_of_somebody_else_is_not_heard_whoever_names_it(boss: User) -> None:
    relationship, _ana = make_customer(boss)
    make_desk(boss)
    other = make_case(actor=boss)
    filed = came(boss, Subject=f"[{other.ref}] Trays")
    assert (filed.state, filed.why, filed.case.relationship) == ("opened", "others_case", relationship)
    stranger = came(boss, From="Eve <eve@evil.example>", Subject=f"[{other.ref}]", Message_ID="<e@x>")
    assert (stranger.state, stranger.why, stranger.case) == ("to_match", "unknown", None)
    assert other.messages.count() == 1


def test_whom_we_wrote_to_in_a_case_is_heard_in_it_and_nobody_else_who_names_our_mail(boss: User) -> None:
    relationship, _ana = make_customer(boss)
    make_desk(boss)
    case = make_case(relationship, actor=boss, now=NOW - timedelta(hours=3))
    mail = make_mail(case, to=[ANA], cc=["Bo@b.example"], now=NOW - timedelta(hours=2))
    assert send_due(now=NOW - timedelta(hours=1)) == 1
    answers = {"References": f"<start@x> {mail.message_id}", "Subject": "Re: Trays"}
    heard = came(boss, From="Bo <bo@b.example>", Message_ID="<bo@x>", **answers)
    assert (heard.state, heard.case, heard.why) == ("heard", case, "")
    stranger = came(boss, From="Eve <eve@b.example>", Message_ID="<eve@x>", **answers)
    assert (stranger.state, stranger.why, stranger.case) == ("to_match", "unknown", None)
    held_back = make_mail(case, to=["eve@b.example"], send_at=NOW + timedelta(days=1))
    early = came(boss, From="eve@b.example", Message_ID="<2@x>", In_Reply_To=held_back.message_id)
    assert (early.state, case.messages.filter(sort="theirs").count()) == ("to_match", 2)


def test_an_answer_by_mail_goes_on_from_the_mail_that_stands_in_the_case(boss: User) -> None:
    make_customer(boss)
    make_desk(boss)
    first = came(boss, Cc="Bo <bo@b.example>", References="<before@acme.example>")
    thread = addressed(first.case)
    assert (list(thread.to), list(thread.cc), thread.reply_to) == (
        [ANA],
        ["bo@b.example"],
        "sales@firm.example",
    )
    mail = make_mail(first.case, to=thread.to, now=NOW)
    chain = ["<before@acme.example>", "<one@acme.example>"]
    assert (mail.in_reply_to, mail.references) == (chain[-1], chain)
    assert mail.outbox.reply_to == ["sales@firm.example"]
    left = NOW + timedelta(hours=1)
    send_due(now=left)
    assert thread_of(first.case).in_reply_to == mail.message_id
    heard = came(boss, Message_ID="<3@x>", In_Reply_To=mail.message_id)
    assert (heard.state, thread_of(first.case).in_reply_to) == (
        "heard",
        mail.message_id,
    )  # it came before ours left
    InboundMessage.objects.filter(message_id="3@x").update(taken_in_at=left + timedelta(hours=1))
    assert thread_of(first.case).in_reply_to == "<3@x>"


def test_a_mail_that_cannot_be_filed_holds_up_no_other(boss: User, monkeypatch: pytest.MonkeyPatch) -> None:
    make_customer(boss)
    make_desk(boss)
    known = mail_filing.words_of

    def words_of(mail: InboundMessage) -> str:
        return known(mail) if mail.message_id != "bad@x" else str(1 / 0)

    monkeypatch.setattr(mail_filing, "words_of", words_of)
    brought(boss, mail_of(Message_ID="<bad@x>"))
    assert came(boss, Message_ID="<good@x>").state == "opened"
    bad = MailFiling.objects.for_a_person().get()
    assert (bad.state, bad.refusal, bad.case, Case.objects.count()) == (
        "refused",
        "It could not be filed.",
        None,
        1,
    )


def test_nobody_is_guessed(boss: User) -> None:
    relationship, _ana = make_customer(boss)
    make_desk(boss)
    assert came(boss, From="", Message_ID="<0@x>").why == "unknown"
    forged = came(boss, From="Ann Lee <ann@firm.example>", Message_ID="<f@x>")
    assert (forged.state, forged.why) == ("to_match", "forged")
    second = make_relationship("suppliers", party=relationship.party, owner=boss)
    assert came(boss, Message_ID="<1@x>").why == "several"
    close_relationship(actor=boss, relationship=second, reason="Over", now=NOW)
    close_relationship(actor=boss, relationship=relationship, reason="Over", now=NOW)
    assert came(boss, Message_ID="<2@x>").why == "no_relationship"
    assert (Case.objects.count(), Interaction.objects.count()) == (0, 0)


@pytest.mark.parametrize(
    ("head", "why"),
    [
        ({"Auto_Submitted": "auto-replied"}, "machine"),
        ({"Precedence": "bulk"}, "bulk"),
        ({"X_Autoreply": "yes"}, "machine"),
        ({"X_Autorespond": "out"}, "machine"),
        ({"Return_Path": "<>"}, "machine"),
    ],
)
def test_what_no_person_wrote_opens_nothing(boss: User, head: dict[str, str], why: str) -> None:
    relationship, _ana = make_customer(boss)
    make_desk(boss)
    case = closed(make_case(relationship, type="question", actor=boss, now=NOW - timedelta(days=3)))
    left = came(boss, Subject=f"[{case.ref}]", **head)
    alone = came(boss, Message_ID="<2@x>", **head)
    case.refresh_from_db()
    assert (left.state, left.why, left.case, alone.case, case.state) == ("left", why, case, None, "closed")
    assert case.messages.count() == 2


def test_a_delivery_report_stands_beside_its_case(boss: User) -> None:
    case = make_case(actor=boss)
    make_desk(boss)
    left = came(boss, REPORT)
    assert (left.state, left.why, left.case, case.messages.count()) == ("left", "report", case, 1)


def test_mail_is_kept_as_a_contact_where_the_desk_says_so_or_it_is_old(boss: User) -> None:
    relationship, ana = make_customer(boss)
    desk = make_desk(boss, does="record")
    filed = came(boss)
    assert (filed.state, filed.case, filed.talk.people.get(), filed.talk.body, filed.talk.subject) == (
        "recorded", None, ana, "Where are our trays?", "Trays",
    )  # fmt: skip
    assert (filed.talk.channel, filed.talk.direction, filed.talk.relationship) == (
        "email",
        "in",
        relationship,
    )
    assert set_desk(actor=boss, mailbox=desk.mailbox, desk=Desk("cases"), now=NOW).since == NOW
    old = came(boss, Message_ID="<2@x>", Subject="", Date="Wed, 18 Mar 2026 05:00:00 +0000")
    assert (old.state, old.why, old.talk.subject) == ("recorded", "earlier", "Where are our trays?")
    odd = came(boss, Message_ID="<3@x>", Date="", Subject="")
    assert odd.state == "opened"


def test_a_case_for_few_people_is_heard_by_who_looks_after_it(boss: User) -> None:
    relationship, _ana = make_customer(make_user("executive"))
    keeper = make_user("executive")
    make_desk(boss)
    case = make_case(
        relationship, actor=keeper, owner=keeper, confidentiality=3, now=NOW - timedelta(hours=3)
    )
    heard = came(boss, Subject=f"[{case.ref}]")
    assert (heard.state, heard.message.actor, heard.talk.confidentiality) == ("heard", keeper, 3)
    assert Notification.objects.filter(user=keeper, topic="case_heard").count() == 1


def test_what_is_refused_says_why_and_is_tried_again(boss: User) -> None:
    make_customer(boss)
    gone = make_user("representative", member_of=make_team())
    make_desk(boss, owner=gone)
    refused = came(boss)
    assert (refused.state, "cannot see" in refused.refusal, Case.objects.count()) == ("refused", True, 0)
    make_desk(boss)
    file_again(actor=boss, filing=refused)
    file_mail()
    refused.refresh_from_db()
    assert (refused.state, refused.refusal) == ("opened", "")
    with pytest.raises(Conflict):
        file_again(actor=boss, filing=refused)


def test_a_person_matches_what_nobody_knows_and_the_next_mail_finds_its_way(boss: User) -> None:
    relationship = make_relationship(owner=boss)
    ana = make_person("Ana Ruiz", works_for=relationship.party)
    make_desk(boss)
    held = came(boss)
    stranger = make_person("Eve")
    for decision in (
        Decision(),
        Decision(relationship, case_type="joke"),
        Decision(relationship, person=stranger),
    ):
        with pytest.raises(Invalid):
            match_mail(actor=boss, filing=held, decision=decision, now=NOW)
    seller = make_user("relationship_manager")
    with pytest.raises(Missing):
        match_mail(actor=seller, filing=held, decision=Decision(relationship), now=NOW)
    filed = match_mail(
        actor=boss, filing=held, decision=Decision(relationship, None, "complaint", ana), now=NOW
    )
    assert (filed.state, filed.case.type, filed.filed_by, filed.case.person) == (
        "opened",
        "complaint",
        boss,
        ana,
    )
    assert came(boss, Message_ID="<2@x>", In_Reply_To="<one@acme.example>").case == filed.case
    for number in (3, 4):
        held = came(boss, From="Tom <tom@acme.example>", Message_ID=f"<{number}@x>")
        filed = match_mail(actor=boss, filing=held, decision=Decision(None, filed.case), now=NOW)
        assert filed.state == "heard"
    held = came(boss, From="Tom <tom@acme.example>", Message_ID="<5@x>")
    party = relationship.party
    recorded = match_mail(actor=boss, filing=held, decision=Decision(relationship, person=party), now=NOW)
    assert (recorded.state, recorded.talk.people.count()) == ("recorded", 0)
    with pytest.raises(Conflict):
        match_mail(actor=boss, filing=held, decision=Decision(relationship), now=NOW)
    held = came(boss, From="Eve <eve@acme.example>", Message_ID="<6@x>")
    hidden = make_case(make_relationship(owner=seller), actor=seller, owner=seller, confidentiality=3)
    with pytest.raises(Missing):
        match_mail(actor=boss, filing=held, decision=Decision(None, hidden), now=NOW)
    assert drop_mail(actor=boss, filing=held, now=NOW).state == "dropped"
    assert Party.objects.filter(contact_points__value="eve@acme.example").count() == 0


def test_a_desk_is_set_by_administrators_for_themselves_or_a_program(boss: User) -> None:
    mailbox = box(boss)
    given = {"mailbox": mailbox, "now": NOW}
    with pytest.raises(NotAllowed):
        set_desk(actor=make_user("relationship_manager"), desk=Desk("cases"), **given)
    with pytest.raises(Invalid) as refused:
        set_desk(actor=boss, desk=Desk("joke", "joke", agent=make_user()), **given)
    assert set(refused.value.errors) == {"does", "case_type", "agent"}
    bare = box(boss, "metadata", "hr@firm.example")
    with pytest.raises(Invalid):
        set_desk(actor=boss, mailbox=bare, desk=Desk("cases"), now=NOW)
    program = create_service_account(actor=boss, name="Mail", now=NOW)
    desk = set_desk(actor=boss, desk=Desk("cases", agent=program), **given)
    assert (desk.agent, desk.version, desk.since) == (program, 1, NOW)
    assert came(boss).why == "unknown"  # the program has no role, so it knows nobody
    again = set_desk(actor=boss, mailbox=mailbox, desk=Desk("cases"), now=NOW + timedelta(days=1))
    assert (again.agent, again.version, again.since) == (boss, 2, NOW)
    end_desk(actor=boss, **given)
    with pytest.raises(Missing):
        end_desk(actor=boss, **given)
    brought(boss, mail_of(Message_ID="<9@x>"))
    assert MailFiling.objects.filter(mail__message_id="9@x").exists() is False
    seen = MailFiling.objects.visible_to(make_user("relationship_manager"))
    assert (seen.count(), MailFiling.objects.visible_to(boss).for_a_person().count()) == (0, 1)


@pytest.mark.parametrize(
    ("text", "is_thanks"),
    [
        ("Thank you very much!", True),
        ("Vielen Dank für die schnelle Hilfe, Ann. Viele Grüße\nAna Ruiz", True),
        ("Merci beaucoup", True),
        ("Thanks. And when do they come?", False),
        ("Thanks, but they are cracked.", False),
        ("Great", False),
        ("", False),
        ("thanks " * 30, False),
    ],
)
def test_mere_thanks_are_known_by_every_word(text: str, is_thanks: bool) -> None:
    assert is_mere_thanks(text, ["Ana Ruiz", "Ann Lee"]) is is_thanks
