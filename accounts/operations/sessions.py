"""Signing browsers out from afar."""

from datetime import datetime

from allauth.usersessions.models import UserSession
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.operations.audit import record_audit
from core.refusals import Conflict, Missing


@transaction.atomic
def end_session(*, actor: User, session_id: int, here: str, now: datetime) -> None:
    """Signs one of the actor's other browsers out. Raises Missing, Conflict for the one they use (`here`)."""
    session = UserSession.objects.filter(user=actor, pk=session_id).first()
    if session is None:
        raise Missing(_("This session has ended already."))
    if session.session_key == here:
        raise Conflict(_("This is the browser that you are using. Sign out instead."))
    session.end()
    record_audit(actor_id=actor.pk, verb="session_ended", now=now, subject_type="user", subject_id=actor.pk)


@transaction.atomic
def end_other_sessions(*, actor: User, here: str, now: datetime) -> int:
    """Signs every browser out but the one in use; returns how many."""
    others = list(UserSession.objects.filter(user=actor).exclude(session_key=here))
    end_every_session(user=actor, but=here)
    record_audit(
        actor_id=actor.pk,
        verb="other_sessions_ended",
        now=now,
        subject_type="user",
        subject_id=actor.pk,
        data={"sessions": len(others)},
    )
    return len(others)


def end_every_session(*, user: User, but: str = "") -> None:
    """Signs somebody out everywhere, for operations that have checked the right to."""
    for session in UserSession.objects.filter(user=user).exclude(session_key=but):
        session.end()
