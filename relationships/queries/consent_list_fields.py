"""Whether somebody may be mailed, for every list: a field for each purpose for which consent is what lets us.

It is asked of whom the relationship is with, and of the people who belong to them and of whom the viewer may know. A
firm answers “yes” where somebody there has agreed, “no” where somebody there took it away or let it lapse, and “not
asked” where nobody there has said anything.
"""

from collections.abc import Callable
from typing import Any

from django.core.cache import cache
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from relationships.enums import ConsentChannel, ConsentState, LawfulBasis, PartyKind
from relationships.models import ConsentStanding, Party, PartyLink, Purpose
from relationships.queries.list_fields import Asked, FieldType, ListField, Operator, Provider

PREFIX = "consent_"
"""How the keys of these fields begin in an address; the purpose's slug follows."""
WORD, SECONDS = "purposes-by-consent", 300
FEW = 5_000
"""So many are gathered in ten milliseconds; of more, a list soon has a page of rows when it asks each of them."""
YES, NO, UNASKED = "yes", "no", "unasked"
ANSWERS = (
    (YES, pgettext_lazy("consent", "yes")),
    (NO, pgettext_lazy("consent", "no")),
    (UNASKED, pgettext_lazy("consent", "not asked")),
)
IS = Operator("is", _("is"))


def consent_fields(_kind: str) -> list[ListField]:
    """A field for each purpose in use that wants consent; the same for every kind."""
    return [
        ListField(
            PREFIX + slug,
            _("May be mailed: %(purpose)s") % {"purpose": name},
            FieldType.CHOICE,
            choices=ANSWERS,
            operators=(IS,),
            condition=_condition(purpose_id),
            is_column=False,
        )
        for purpose_id, slug, name in _purposes()
    ]


def _purposes() -> list[tuple[int, str, str]]:
    """(id, slug, name), kept for a while: a menu of fields is no reason to ask for them each time."""
    found: list[tuple[int, str, str]] | None = cache.get(WORD)
    if found is None:
        used = Purpose.objects.filter(retired_at=None, basis=LawfulBasis.CONSENT).order_by("name", "pk")
        found = list(used.values_list("pk", "slug", "name"))
        cache.set(WORD, found, SECONDS)
    return found


def forget_purposes() -> None:
    """Has them read again: at once, and once this transaction can be seen."""
    cache.delete(WORD)
    transaction.on_commit(lambda: cache.delete(WORD))


def _condition(purpose_id: int) -> Callable[[str, tuple[str, ...], Asked], Q]:
    def condition(_operator: str, values: tuple[str, ...], asked: Asked) -> Q:
        said = _said(purpose_id, values[0], asked)
        near = Party.objects.beside_seen(asked.viewer).filter(kind=PartyKind.PERSON)
        links = PartyLink.objects.as_of(asked.today).filter(type__slug="employs", target_party__in=near)
        if values[0] != UNASKED and not asked.either and not _are_many(purpose_id, values[0], said):
            belonging = links.filter(target_party__in=said.values("party"))
            return Q(party__in=said.values("party").union(belonging.values("source_party"), all=True))
        own = Exists(said.filter(party=OuterRef("party")))
        belonging = links.filter(Exists(said.filter(party=OuterRef("target_party"))))
        theirs = Exists(belonging.filter(source_party=OuterRef("party")))
        return Q(~own) & Q(~theirs) if values[0] == UNASKED else Q(own) | Q(theirs)

    return condition


def _are_many(purpose_id: int, answer: str, said: "QuerySet[Any]") -> bool:
    """Whether so many answered so that each row of a list is asked, rather than all of them gathered first.

    That is believed for a while: it decides how is sought, and not what is found.
    """
    word = f"{WORD}-{purpose_id}-{answer}"
    found: bool | None = cache.get(word)
    if found is None:
        found = said.order_by().values("pk")[: FEW + 1].count() > FEW
        cache.set(word, found, SECONDS)
    return found


def _said(purpose_id: int, answer: str, asked: Asked) -> "QuerySet[Any]":
    """What holds for mail, of those who answered so; for “not asked”, of all who answered."""
    rows = ConsentStanding.objects.filter(purpose=purpose_id, channel=ConsentChannel.EMAIL)
    lasting = Q(expires_at=None) | Q(expires_at__gt=asked.now)
    if answer == YES:
        return rows.filter(lasting, state=ConsentState.GIVEN)
    if answer == NO:
        return rows.filter(~Q(state=ConsentState.GIVEN) | Q(expires_at__lte=asked.now))
    return rows


OF_CONSENT = Provider(PREFIX, consent_fields)
