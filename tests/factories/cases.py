"""Cases and answers by mail, made through their operations."""

from datetime import timedelta
from typing import Any

from accounts.models import User
from cases.models import Case, CaseOrigin, CaseStep
from cases.operations.cases import Raised, open_case
from cases.operations.mails import Answer, mail_answer
from messaging.models import OutgoingMail
from relationships.models import Relationship
from tests.factories.relationships import NOW, make_relationship, somebody


def make_case(relationship: Relationship | None = None, *, actor: User | None = None, **fields: Any) -> Case:
    """A complaint of theirs, raised on the phone just now, unless told otherwise; `told`: a file says so of it."""
    now, told = fields.pop("now", NOW), fields.pop("told", "")
    given = {"type": "complaint", "channel": "call", "subject": "Cracked trays", "body": "They are cracked."}
    relationship = relationship or make_relationship(now=now - timedelta(days=1))
    actor = somebody(actor, relationship.kind)
    case = open_case(actor=actor, relationship=relationship, raised=Raised(**given | fields), now=now)
    if told:
        CaseOrigin.objects.create(case=case, source="shop", ref=told, theme=told, is_numbered=True)
        CaseStep.objects.create(case=case, at=now, step=told, by=told, source_key=told)
    return case


def make_mail(case: Case, *, actor: User | None = None, **fields: Any) -> OutgoingMail:
    """An answer by mail to Ana, written just now, unless told otherwise."""
    now, key = fields.pop("now", NOW), fields.pop("key", "")
    given = {"body": "New ones come.", "to": ["ana@brightwater.example"]}
    answer = Answer(**given | fields)
    return mail_answer(actor=actor or case.owner, case=case, answer=answer, now=now, key=key)
