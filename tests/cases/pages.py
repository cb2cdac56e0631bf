"""The pages of cases among those that list rows; see `tests/pages.py`."""

from collections.abc import Callable
from datetime import timedelta

from accounts.models import User
from cases.models import Case, CaseOrigin, CaseStep, MailFiling
from cases.operations.messages import answer_case, hear_case, note_in_case
from cases.operations.moves import Findings, move_case
from messaging.operations.outbox import send_due
from messaging.operations.suppressions import suppress
from tests.cases.mails import came, make_customer, make_desk
from tests.factories import NOW, make_case, make_mail, make_person, make_relationship
from tests.messaging.mail import mail_of


def busy_case(viewer: User, rows: int) -> Case:
    """A case in which that much was said and promised, and that has waited so often, beside others."""
    relationship = make_relationship(owner=viewer)
    for _ in range(rows):
        make_person(works_for=relationship.party)
        make_case(relationship, actor=viewer)
    case = make_case(relationship, actor=viewer)
    CaseOrigin.objects.create(case=case, source="shop", ref=f"{case.pk}", theme="Trays", remarks=["disputed"])
    given = {"actor": viewer, "case": case, "now": NOW}
    for number in range(rows):
        CaseStep.objects.create(case=case, at=NOW, step=f"Step {number}", source_key=f"{number}")
        note_in_case(**given, body=f"Note {number}")
        promised = {"promise": f"Look again {number}", "promise_due_date": NOW.date()}
        answer_case(**given, body=f"Answer {number}", channel="call", **promised)
        hear_case(**given, body=f"Is it number {number}?", channel="email")
    for name in ("acknowledge", "assess", *("wait_third_party", "resume") * rows):
        case = move_case(actor=viewer, case=case, transition=name, now=NOW)
    return case


def _queue(viewer: User, rows: int) -> str:
    for number in range(rows):
        relationship = make_relationship(owner=viewer)
        make_case(relationship, actor=viewer, now=NOW - timedelta(days=number))
    return "/cases/"


def _one(place: str = "") -> Callable[[User, int], str]:
    return lambda viewer, rows: f"/cases/{busy_case(viewer, rows).pk}/{place}"


def _questioned(viewer: User, rows: int) -> str:
    """That many open problems, unanswered questions, and promises left from closed cases."""
    for number in range(rows):
        case = make_case(make_relationship(owner=viewer), actor=viewer, body="When? And who?", severity=4)
        asked = make_case(case.relationship, actor=viewer, type="question", body="No mark here.")
        given = {"actor": viewer, "case": asked, "now": NOW}
        promised = {"promise": f"Look again {number}", "promise_due_date": NOW.date()}
        answer_case(**given, body="On Monday.", channel="call", **promised)
        move_case(**given, transition="answer")
        move_case(**given, transition="close", findings=Findings(override="Both agreed"))
    return "/cases/unresolved/?owner=team"


def _question(place: str) -> Callable[[User, int], str]:
    def make(viewer: User, rows: int) -> str:
        case = busy_case(viewer, rows)
        return f"/cases/{case.pk}/questions/{case.questions.latest('id').pk}/{place}"

    return make


def _asked(viewer: User, rows: int) -> str:
    _questioned(viewer, rows)
    return "/api/v1/questions/"


def _new(viewer: User, rows: int) -> str:
    return f"/cases/new/?relationship={busy_case(viewer, rows).relationship_id}"


def _mails(place: str) -> Callable[[User, int], str]:
    """So many mails of one case to as many addresses each, some of which have left, beside suppressed addresses."""

    def make(viewer: User, rows: int) -> str:
        before = NOW - timedelta(hours=1)
        relationship = make_relationship(owner=viewer, now=before)
        case = make_case(relationship, actor=viewer, now=before)
        addresses = [f"n{number}@firm.example" for number in range(rows + 1)]
        for number, address in enumerate(addresses):
            mail = make_mail(case, to=addresses, now=NOW - timedelta(minutes=5))
            send_due(now=NOW - timedelta(minutes=number % 2 * 5))
            suppress(actor=viewer, address=f"x{address}", reason="unwanted", now=NOW)
        return place.format(case=case.pk, mail=mail.pk)

    return make


def _filed(viewer: User, rows: int) -> list[MailFiling]:
    """Mails of a case, and others that wait for somebody."""
    make_customer(viewer)
    make_desk(viewer)
    filed = [came(viewer)]
    for number in range(rows):
        answers = {"In_Reply_To": "<one@acme.example>", "Message_ID": f"<a{number}@x>"}
        filed.append(came(viewer, mail_of(b"And?", **answers)))
        came(viewer, From="Eve <eve@x.example>", Message_ID=f"<b{number}@x>")
    return filed


def _mail(place: str) -> Callable[[User, int], str]:
    def address(viewer: User, rows: int) -> str:
        first = _filed(viewer, rows)[0]
        doubted = MailFiling.objects.for_a_person().latest("pk")
        return place.format(
            case=first.case_id, mail=first.pk, doubted=doubted.pk, mailbox=first.mail.mailbox_id
        )

    return address


CASE_PAGES: dict[str, Callable[[User, int], str]] = {
    "case_assign": _one("assignment/"),
    "case_detail": _one(),
    "case_edit": _one("edit/"),
    "case_list": _queue,
    "case_mail": _mails("/cases/{case}/mails/"),
    "case_mailed": _mails("/cases/{case}/"),
    "case_move": _one("transitions/mark_double/"),
    "case_new": _new,
    "case_targets": lambda viewer, rows: "/cases/targets/",
    "case_targets_edit": lambda viewer, rows: "/cases/targets/edit/",
    "question_edit": _question("edit/"),
    "question_move": _question("transitions/rule_out/"),
    "question_new": _one("questions/new/"),
    "unresolved": _questioned,
    "api_case_received_mail": _mail("/api/v1/cases/{case}/received-mail/"),
    "api_mail_desks": _mail("/api/v1/cases/mailboxes/"),
    "api_mail_to_match": _mail("/api/v1/cases/mail/"),
    "case_received_mail": _mail("/cases/{case}/received-mail/{mail}/"),
    "case_received_mails": _mail("/cases/{case}/received-mail/"),
    "mail_desk": _mail("/cases/mailboxes/{mailbox}/"),
    "mail_desks": _mail("/cases/mailboxes/"),
    "mail_match": _mail("/cases/mail/{doubted}/"),
    "mail_to_match": _mail("/cases/mail/"),
    "api_case": lambda viewer, rows: f"/api/v1/cases/{busy_case(viewer, rows).pk}/",
    "api_case_messages": lambda viewer, rows: f"/api/v1/cases/{busy_case(viewer, rows).pk}/messages/",
    "api_questions": _asked,
    "api_outgoing_mail": _mails("/api/v1/outgoing-mails/"),
    "api_outgoing_message": _mails("/api/v1/outgoing-mails/{mail}/"),
    "api_suppressed_addresses": _mails("/api/v1/suppressed-addresses/"),
    "outgoing_mail": _mails("/outgoing-mail/"),
    "outgoing_message": _mails("/outgoing-mail/{mail}/"),
    "suppressed_addresses": _mails("/suppressed-addresses/"),
    "api_case_targets": lambda viewer, rows: "/api/v1/case-targets/",
    "api_cases": lambda viewer, rows: f"/api/v1{_queue(viewer, rows)}",
}
