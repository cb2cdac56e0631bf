"""How operations come to a case: only through what the actor may know of, locked, with the right."""

from django.utils.translation import gettext as _

from accounts.enums import Permission
from accounts.models import User
from cases.models import Case
from core.refusals import Missing
from relationships.models import Relationship
from relationships.operations.access import hold_relationship


def hold_case(actor: User, case: Case) -> tuple[Case, Relationship]:
    """The case and its relationship, locked until the transaction ends; raises Missing or NotAllowed.

    The relationship is held first, as whoever changes anything in one does.
    """
    seen = Case.objects.visible_to(actor).filter(pk=case.pk).first()
    if seen is None:
        raise Missing(_("There is no such case."))
    held = hold_relationship(actor, seen.relationship_id, Permission.MANAGE_CASES)
    found = Case.objects.select_for_update(of=("self",), no_key=True).get(pk=seen.pk)
    found.relationship = held
    return found, held
