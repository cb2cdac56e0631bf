"""What visitors send: kept whole at once, taken in by the worker, so that no answer tells who is known here."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from accounts.models import BusinessUnit, User
from automation.enums import FormField, SentState
from automation.models import SentForm, WebForm
from automation.queries.rules import chosen_owner
from core.refusals import Conflict, Missing, Refusal
from relationships import kinds
from relationships.enums import ConsentDoor
from relationships.models import Interaction, Party, PartyLink, PurposeWording, Relationship
from relationships.operations.consents import Proof, record_consent
from relationships.operations.equal_parties import Reach, clean_reach
from relationships.operations.follow_ups import FollowUpDraft
from relationships.operations.interactions import log_interaction
from relationships.operations.openings import open_with_party
from relationships.operations.persons import add_person
from relationships.operations.relationships import open_relationship
from relationships.queries.equal_parties import equal_parties
from relationships.queries.erased import erased_before

SOURCE = "web_form"


@dataclass(frozen=True)
class Found:
    """Of which relationship it is, who of them wrote, and whether they were known before."""

    relationship: Relationship
    person: Party | None
    is_known: bool


@transaction.atomic
def keep_sent(
    *, form: WebForm, nonce: str, told: Mapping[str, Any], suspicion: str, now: datetime
) -> SentForm:
    """What a visitor sent, to be taken in later; held at once where there is a suspicion. The same page once."""
    state = SentState.HELD if suspicion else SentState.WAITING
    kept, _is_new = SentForm.objects.get_or_create(
        form=form,
        nonce=nonce,
        defaults={"told": dict(told), "received_at": now, "state": state, "reason": suspicion},
    )
    return kept


def take_in_waiting(*, now: datetime, limit: int = 200) -> int:
    """Takes in what waits; returns how many."""
    taken = 0
    while taken < limit and _take_next(now):
        taken += 1
    return taken


@transaction.atomic
def _take_next(now: datetime) -> bool:
    waiting = SentForm.objects.filter(state=SentState.WAITING).select_related("form__author")
    sent = waiting.select_for_update(of=("self",), skip_locked=True).order_by("pk").first()
    if sent is None:
        return False
    try:
        with transaction.atomic():
            found = _take_in(sent, now)
    except Refusal as refusal:
        sent.state, sent.reason = SentState.HELD, str(refusal)[:300]
    else:
        sent.relationship, sent.reason = found.relationship, ""
        sent.state = SentState.MATCHED if found.is_known else SentState.OPENED
    sent.settled_at = now
    sent.save(update_fields=["state", "reason", "relationship", "settled_at"])
    return True


@transaction.atomic
def release_sent(*, actor: User, sent: SentForm, now: datetime) -> SentForm:
    """Lets the worker take in what was held. Raises Missing, Conflict when it is not held."""
    return _settle(actor, sent, SentState.WAITING, now)


@transaction.atomic
def drop_sent(*, actor: User, sent: SentForm, now: datetime) -> SentForm:
    """Says that what was held is not wanted; it stays to be seen. Raises Missing, Conflict when it is not held."""
    return _settle(actor, sent, SentState.DROPPED, now)


def _settle(actor: User, sent: SentForm, state: SentState, now: datetime) -> SentForm:
    seen = SentForm.objects.visible_to(actor).filter(pk=sent.pk, form__author=actor)
    held = seen.select_for_update(of=("self",)).first()
    if held is None:
        raise Missing(_("There is nothing like that."))
    if held.state != SentState.HELD:
        raise Conflict(_("This is not held."))
    held.state, held.settled_at, held.settled_by = state, now, actor
    held.save(update_fields=["state", "settled_at", "settled_by"])
    return held


def _take_in(sent: SentForm, now: datetime) -> Found:
    """The relationship, the talk with its follow-up, and the consent of somebody new."""
    form, answers = sent.form, sent.told["answers"]
    _refuse_erased(sent)
    found = _known(form, answers, now) or _new(form, answers, now)
    zone = ZoneInfo(BusinessUnit.objects.get(is_default=True).time_zone)
    day = now.astimezone(zone).date() + timedelta(days=form.follow_up_days)
    talk = log_interaction(
        actor=form.author,
        relationship=found.relationship,
        now=now,
        channel="message",
        direction="in",
        happened_at=sent.received_at,
        subject=form.title,
        body=_body(sent),
        people=[found.person] if found.person else [],
        source=SOURCE,
        external_id=f"form-{sent.pk}",
        follow_up=FollowUpDraft(form.follow_up, day, assignee=found.relationship.owner),
    )
    if found.person is not None and not found.is_known:
        _agree(sent, found.person, talk, now)
    return found


def _refuse_erased(sent: SentForm) -> None:
    """Nobody who was erased comes back unseen: what they send waits until a person has let it in."""
    answers = sent.told["answers"]
    by = {"emails": [answers.get("email") or ""], "phones": [answers.get("phone") or ""]}
    if sent.settled_by_id is None and erased_before(**by):
        words = _("Somebody with this address or number was erased. Only a person may let them in again.")
        raise Conflict(words)


def _body(sent: SentForm) -> str:
    told = sent.told
    lines = [f"{FormField(key).label}: {value}" for key, value in told["answers"].items() if value]
    lines += [f"{question}: {answer}" for question, answer in told["questions"] if answer]
    agreed = PurposeWording.objects.filter(pk__in=told["agreed"]).select_related("purpose").order_by("pk")
    lines += [_("Agrees to: %(purpose)s") % {"purpose": wording.purpose.name} for wording in agreed]
    return "\n".join(lines)


def _agree(sent: SentForm, person: Party, talk: Interaction, now: datetime) -> None:
    """Consent of somebody new alone: nobody who writes another's address undoes what that one has withdrawn."""
    for wording in PurposeWording.objects.filter(pk__in=sent.told["agreed"]).select_related("purpose"):
        record_consent(
            actor=sent.form.author,
            party=person,
            purpose=wording.purpose,
            state="given",
            door=ConsentDoor.WEB_FORM,
            said_at=sent.received_at,
            proof=Proof(evidence=sent.form.name, wording=wording, interaction=talk),
            now=now,
        )


def _known(form: WebForm, answers: Mapping[str, str], now: datetime) -> Found | None:
    """Somebody whom the form's author may know of, by what belongs to one alone, else by the name."""
    unit = BusinessUnit.objects.get(is_default=True)
    points, _none = clean_reach(Reach(answers.get("email", ""), answers.get("phone", "")), unit.country)
    name = answers.get("organisation") or answers.get("name", "")
    equals = equal_parties(viewer=form.author, told={"name": name, **points})
    ranked = sorted(equals, key=lambda equal: (set(equal.by) == {"name"}, equal.party.pk))
    for equal in ranked:
        found = _of_party(form, equal.party)
        if found is not None:
            return found
    allowed = kinds.registry.get(form.kind).party_kinds
    for equal in ranked:
        if set(equal.by) != {"name"} and equal.party.kind in allowed:
            return _taken_up(form, equal.party, now)
    return None


def _taken_up(form: WebForm, party: Party, now: datetime) -> Found:
    """A relationship of the kind with somebody who is known in another."""
    relationship = open_relationship(
        actor=form.author, party=party, kind=form.kind, owner=_next_owner(form), stage=form.stage, now=now
    )
    return Found(relationship, party if party.kind == "person" else None, is_known=True)


def _next_owner(form: WebForm) -> User:
    owner = chosen_owner({"people": form.people, "by": form.choosing}, form.turn)
    if owner is None:
        raise Conflict(_("None of the people named works here any more."))
    WebForm.objects.filter(pk=form.pk).update(turn=F("turn") + 1)
    return owner


def _of_party(form: WebForm, party: Party) -> Found | None:
    """The open relationship of the kind with the party, or with one that employs it."""
    employers = PartyLink.objects.filter(target_party=party, type__slug="employs", until_date=None)
    seen = Relationship.objects.visible_to(form.author).open().of_kind(form.kind)
    rows = seen.filter(party__in=[party.pk, *employers.values_list("source_party_id", flat=True)])
    relationship = rows.select_related("owner", "party").order_by("pk").first()
    if relationship is None:
        return None
    return Found(relationship, party if party.kind == "person" else None, is_known=True)


def _new(form: WebForm, answers: Mapping[str, str], now: datetime) -> Found:
    """Somebody new, given to whose turn it is; a person who writes for an organisation is one of its people."""
    organisation, name = answers.get("organisation", ""), answers.get("name", "")
    reach = Reach(answers.get("email", ""), answers.get("phone", ""))
    allowed = kinds.registry.get(form.kind).party_kinds
    is_person = not organisation and "person" in allowed
    relationship = open_with_party(
        actor=form.author,
        kind=form.kind,
        party=None,
        party_kind="person" if is_person else next(kind for kind in allowed if kind != "person"),
        facts={"name": organisation or name},
        terms={"owner": _next_owner(form), "stage": form.stage},
        reach=reach if is_person or not name else Reach(),
        is_another=True,
        now=now,
    )
    if is_person:
        return Found(relationship, relationship.party, is_known=False)
    person = None
    if name and organisation:
        person = add_person(
            actor=form.author,
            party=relationship.party,
            name=name,
            email=reach.email,
            phone=reach.phone,
            is_another=True,
            now=now,
        )
    return Found(relationship, person, is_known=False)
