"""How parties belong together: typed, dated, told from both ends."""

from datetime import date, datetime
from typing import Any, TypedDict, Unpack

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from core.refusals import Conflict, Invalid, Missing
from relationships.enums import Stance, Verb
from relationships.models import LinkType, Party, PartyLink
from relationships.operations.access import hold_party
from relationships.operations.events import record_event
from relationships.operations.inputs import Problems
from relationships.queries.tie_words import tie_words


class LinkFacts(TypedDict, total=False):
    """What may be known of a link beside its ends and its type."""

    since_date: date | None
    until_date: date | None
    strength: int
    influence: int
    stance: str
    origin: str
    note: str


DEFAULTS: LinkFacts = {
    "since_date": None,
    "until_date": None,
    "strength": 3,
    "influence": 0,
    "stance": Stance.UNKNOWN,
    "origin": "",
    "note": "",
}


@transaction.atomic
def link_parties(
    *,
    actor: User,
    source_party: Party,
    target_party: Party,
    type: LinkType | str,
    now: datetime,
    **facts: Unpack[LinkFacts],
) -> PartyLink:
    """Says that `source_party` stands to `target_party` as the type's forward name tells.

    A symmetric type is stored once, whichever way round it is told. A second open link of the same type
    between the same two is refused.
    """
    link_type = _link_type(type)
    if source_party.pk == target_party.pk:
        raise Invalid({"target_party": _("A party cannot be linked to itself.")})
    if link_type.is_symmetric and source_party.pk > target_party.pk:
        source_party, target_party = target_party, source_party
    held = {pk: hold_party(actor, pk) for pk in sorted((source_party.pk, target_party.pk))}
    source, target = held[source_party.pk], held[target_party.pk]
    clean = _clean(facts)
    if clean["until_date"] is None:
        _refuse_duplicate(source, target, link_type)
    link = PartyLink.objects.create(
        source_party=source, target_party=target, type=link_type, created_at=now, created_by=actor, **clean
    )
    _tell(link, Verb.LINK_ADDED, actor, now)
    return link


@transaction.atomic
def edit_link(
    *,
    actor: User,
    link: PartyLink,
    now: datetime,
    **facts: Unpack[LinkFacts],
) -> PartyLink:
    """Rewrites what is known of a link; its two ends and its type never change."""
    found = _hold(actor, link)
    clean = _clean(facts)
    if clean["until_date"] is None and found.until_date is not None:
        _refuse_duplicate(found.source_party, found.target_party, found.type)
    for field, value in clean.items():
        setattr(found, field, value)
    found.save(update_fields=list(clean))
    _tell(found, Verb.LINK_EDITED, actor, now)
    return found


@transaction.atomic
def end_link(*, actor: User, link: PartyLink, until_date: date, now: datetime) -> PartyLink:
    """They belonged together until that day."""
    found = _hold(actor, link)
    if found.until_date is not None:
        raise Conflict(_("This link ended on %(day)s already.") % {"day": found.until_date.isoformat()})
    problems = Problems()
    problems.day("until_date", until_date)
    problems.span("until_date", found.since_date, until_date)
    problems.refuse()
    found.until_date = until_date
    found.save(update_fields=["until_date"])
    _tell(found, Verb.LINK_ENDED, actor, now)
    return found


def _link_type(given: LinkType | str) -> LinkType:
    slug = given if isinstance(given, str) else given.slug
    found = LinkType.objects.filter(slug=slug, retired_at=None).first()
    if found is None:
        raise Invalid({"type": _("“%(slug)s” is not a kind of link here.") % {"slug": slug}})
    return found


def _clean(facts: LinkFacts) -> dict[str, Any]:
    problems = Problems()
    given = DEFAULTS | facts
    problems.day("since_date", given["since_date"])
    problems.day("until_date", given["until_date"])
    problems.span("until_date", given["since_date"], given["until_date"])
    problems.whole_number("strength", given["strength"], least=1, most=5)
    problems.whole_number("influence", given["influence"], least=0, most=5)
    problems.choice("stance", given["stance"], Stance.values)
    given["origin"] = problems.text("origin", given["origin"], most=80)
    given["note"] = problems.text("note", given["note"], most=400)
    problems.refuse()
    return dict(given)


def _refuse_duplicate(source: Party, target: Party, link_type: LinkType) -> None:
    if PartyLink.objects.filter(
        source_party=source, target_party=target, type=link_type, until_date=None
    ).exists():
        raise Conflict(
            _("“%(source)s %(what)s %(target)s” is already known.")
            % {"source": source.name, "what": tie_words(link_type.forward), "target": target.name}
        )


def _hold(actor: User, link: PartyLink) -> PartyLink:
    """The link with both ends locked, in the order of their ids; raises Missing or NotAllowed."""
    for party_id in sorted((link.source_party_id, link.target_party_id)):
        hold_party(actor, party_id)
    found = (
        PartyLink.objects.select_related("source_party", "target_party", "type").filter(pk=link.pk).first()
    )
    if found is None:
        raise Missing(_("There is no such link."))
    return found


def _tell(link: PartyLink, verb: Verb, actor: User, now: datetime) -> None:
    """On both timelines, each without the other's name: who may not know of it reads no name here."""
    for party, end in ((link.source_party, "source"), (link.target_party, "target")):
        record_event(
            relationship=None,
            party=party,
            verb=verb,
            actor=actor,
            now=now,
            subject=link,
            data={"type": link.type.slug, "end": end},
        )
