"""What was said in a case, in the words of the newest version that somebody may read."""

from collections.abc import Sequence

from accounts.enums import Confidentiality
from accounts.models import User
from cases.models import Case, CaseMessage
from relationships.models import Interaction


def as_corrected(viewer: User, case: Case, messages: Sequence[CaseMessage]) -> list[CaseMessage]:
    """Messages of a case that the viewer may know of, each with the newest version of its talk.

    A correction that is for fewer people than the case is, and the viewer none of them, leaves the words before it.
    """
    older = {
        message.talk.pk: message
        for message in messages
        if message.talk is not None and message.talk.superseded_at is not None
    }
    while older:
        newer = Interaction.objects.filter(corrects__in=list(older))
        older = {talk.pk: _put(talk, older) for talk in newer if _may_read(viewer, case, talk)}
    return list(messages)


def _put(talk: Interaction, older: dict[int, CaseMessage]) -> CaseMessage:
    message = older[talk.corrects_id or 0]
    message.talk = talk
    return message


def _may_read(viewer: User, case: Case, talk: Interaction) -> bool:
    if talk.confidentiality <= max(case.confidentiality, Confidentiality.INTERNAL):
        return True
    return viewer.pk in (talk.actor_id, case.relationship.owner_id)
