"""Two parties that are one: one goes into the other with everything that names it, and can come out again."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Unpack

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.enums import Permission
from accounts.models import User
from accounts.operations.audit import Fact, record_audit
from core.append_only import unlock_append_only
from core.refusals import Conflict, Invalid, Missing, NotAllowed
from relationships import kinds
from relationships.enums import Verb
from relationships.models import (
    ErasedIdentity,
    JoinedRelationship,
    MergeRecord,
    Party,
    PartyIdentifier,
    PartyLink,
    Relationship,
    RelationshipState,
)
from relationships.operations.access import check_colleague, require
from relationships.operations.events import About, event_of, record_events
from relationships.operations.inputs import Problems
from relationships.operations.merge_ledger import Ledger, take_back
from relationships.operations.relationships import profile_model
from relationships.operations.state import recompute_contact, settle_states
from relationships.queries.merging import (
    PARTY,
    TERMS,
    Both,
    Joined,
    across_classes,
    has_for_few,
    is_partly_hidden,
    two_parties,
)
from relationships.registry import Carried, registry

STATE = "relationships.relationshipstate"


@transaction.atomic
def merge_parties(
    *, actor: User, keep: Party, drop: Party, choices: Mapping[str, str], now: datetime, reason: str = ""
) -> MergeRecord:
    """Makes one of two: everything that names `drop` names `keep` from now on, and `drop` is gone until it is undone.

    Open relationships of the same kind and unit become one; all others come along as they are, closed ones
    too. `choices` says by the keys of `Both.every_choice` whose value stands, "keep" or "drop"; without a word
    the kept party's, unless that is empty. Raises what `two_parties` raises, and Invalid for a choice.
    """
    _lock([keep.pk, drop.pk])
    both = two_parties(viewer=actor, keep_id=keep.pk, drop_id=drop.pk, every=True)
    taken = _chosen(both, choices)
    _check_choices(both, taken, actor)
    if has_for_few(both, taken):
        raise across_classes()
    problems = Problems()
    words = problems.text("reason", reason, most=400)
    problems.refuse()
    unlock_append_only("merge")
    record = MergeRecord.objects.create(
        kept=both.keep, former_id=both.drop.pk, former_name=both.drop.name, reason=words, merged_at=now,
        merged_by=actor,
    )  # fmt: skip
    ledger = Ledger(record)
    _carry(ledger, both)
    _take(ledger, both, taken, actor)
    _compute_anew(both, now)
    ledger.seal()
    data = {"joined": len(both.joined), "moved": len(both.moving), "taken": len(taken)}
    _tell(Verb.PARTIES_MERGED, record, [both.keep], actor, now, reason=words, data=data)
    _audit("parties_merged", record, actor, now)
    return record


@transaction.atomic
def unmerge(*, actor: User, record: MergeRecord, now: datetime, reason: str = "") -> Party:
    """Parts two parties again, each as it was; gives the one that comes back.

    What was added to the kept one since stays with it, and what was changed since stays changed. Raises Missing
    and NotAllowed, and Conflict when it is undone already, when another merge into the same party came later, or
    when something took the place of what would come back.
    """
    found = _hold_record(actor, record)
    unlock_append_only("merge")
    try:
        touched = take_back(found)
    except IntegrityError as error:
        taken = _("Something has taken the place of what would come back, so it cannot be undone any more.")
        raise Conflict(taken) from error
    back = Party.objects.get(pk=found.former_id)
    found.undone_at, found.undone_by, found.undone_reason = now, actor, reason.strip()[:400]
    found.save(update_fields=["undone_at", "undone_by", "undone_reason"])
    _settle_apart(found, back, {pk for model, pk in touched if model == STATE}, now)
    _tell(Verb.MERGE_UNDONE, found, [found.kept, back], actor, now, reason=found.undone_reason)
    _audit("merge_undone", found, actor, now)
    return back


def _lock(party_ids: Iterable[int]) -> None:
    """Holds the parties and their relationships, in the order of ids, so that nobody writes into what goes."""
    ids = sorted(party_ids)
    for model, named in ((Party, Q(pk__in=ids)), (Relationship, Q(party_id__in=ids))):
        rows = model._default_manager.filter(named).order_by("pk").select_for_update()
        list(rows.values_list("pk", flat=True))


def _hold_record(actor: User, record: MergeRecord) -> MergeRecord:
    """The record, for somebody who may undo it now."""
    seen = MergeRecord.objects.visible_to(actor).filter(pk=record.pk)
    found = seen.select_related("kept").select_for_update(of=("self",)).first()
    if found is None:
        raise Missing(_("There is no such merge."))
    _lock([found.kept_id])
    if not actor.may(Permission.EDIT_PARTIES):
        raise NotAllowed(_("Your role does not allow changing parties."))
    sight = list(Relationship.objects.visible_to(actor).filter(party_id=found.kept_id))
    if is_partly_hidden([found.kept_id], sight):
        raise across_classes()
    for held in sight:
        require(actor, Permission.MANAGE_RELATIONSHIPS, held)
    if found.undone_at is not None:
        raise Conflict(_("This merge has been undone already."))
    if ErasedIdentity.objects.filter(party_number=found.kept_id).exists():
        raise Conflict(_("Who this was is erased, so it cannot be undone any more."))
    later = (
        MergeRecord.objects.standing().filter(kept_id=found.kept_id, pk__gt=found.pk).order_by("-pk").first()
    )
    if later is not None:
        raise Conflict(
            _("“%(name)s” went into the same one later. Undo that first.") % {"name": later.former_name}
        )
    return found


def _chosen(both: Both, choices: Mapping[str, str]) -> set[str]:
    """The keys of the fields for which the value of the one that goes is taken."""
    problems = Problems()
    every = {choice.key: choice for choice in both.every_choice()}
    for key, side in choices.items():
        problems.choice(key, side, ["keep", "drop"])
        if key not in every:
            problems.add(key, _("There is no such field to choose."))
    problems.refuse()
    return {key for key, choice in every.items() if choices.get(key, choice.side) == "drop"}


def _check_choices(both: Both, taken: set[str], actor: User) -> None:
    """Raises Invalid for a kind of party that one of its relationships cannot be with, NotAllowed for an owner."""
    kind = both.drop.kind if "party:kind" in taken else both.keep.kind
    problems = Problems()
    for held in both.relationships:
        declared = kinds.registry.get(held.kind)
        if both.keep.kind != both.drop.kind and kind not in declared.party_kinds:
            problems.add(
                "party:kind", _("%(kind)s cannot be one of these.") % {"kind": declared.label_plural}
            )
    problems.refuse()
    for pair in both.joined:
        if f"relationship:{pair.kept.pk}:owner" in taken:
            require(actor, Permission.ASSIGN, pair.kept)


def _carry(ledger: Ledger, both: Both) -> None:
    """Every row that names the one that goes or a relationship that is joined names the other one afterwards."""
    gone = [pair.other.pk for pair in both.joined]
    staying = [each.pk for each in both.relationships if each.pk not in gone]
    ledger.before(Party, [both.keep.pk])
    ledger.before(Relationship, staying)
    ledger.before(RelationshipState, staying)
    for step in registry.merge_steps:
        step(ledger=ledger, keep_id=both.keep.pk, drop_id=both.drop.pk)
    for pair in both.joined:
        JoinedRelationship.objects.create(
            record=ledger.record, former_id=pair.other.pk, relationship=pair.kept
        )
        profile = profile_model(pair.kept.kind)
        ledger.before(profile, [pair.kept.pk])
        ledger.carry(
            Carried(profile._meta.label, "relationship"), keep_id=pair.kept.pk, drop_id=pair.other.pk
        )
        for entry in _entries(Relationship):
            ledger.carry(entry, keep_id=pair.kept.pk, drop_id=pair.other.pk)
    ledger.set_aside(Relationship, gone, alone=True)
    two = [both.keep.pk, both.drop.pk]
    between = PartyLink.objects.filter(source_party__in=two, target_party__in=two)
    ledger.set_aside(PartyLink, between.values_list("pk", flat=True))
    for entry in _entries(Party):
        ledger.carry(entry, keep_id=both.keep.pk, drop_id=both.drop.pk)
    ledger.set_aside(Party, [both.drop.pk], alone=True)


def _entries(target: type[models.Model]) -> list[Carried]:
    """What was registered of the foreign keys to a table."""
    return [
        entry
        for entry in registry.carried.values()
        if apps.get_model(entry.model)._meta.get_field(entry.column).related_model is target
    ]


def _take(ledger: Ledger, both: Both, taken: set[str], actor: User) -> None:
    """Fills what is empty and takes what was chosen, in the kept party and what was joined into its own."""
    keep = both.keep
    changed = [name for name in PARTY if f"party:{name}" in taken]
    for name in changed:
        setattr(keep, name, getattr(both.drop, name))
    keep.version += 1
    keep.save(update_fields=[*changed, "version"])
    for pair in both.joined:
        _take_terms(ledger, pair, taken)
        _take_profile(pair, taken)
    Relationship.objects.filter(party=keep).update(party_name=keep.name)


def _take_terms(ledger: Ledger, pair: Joined, taken: set[str]) -> None:
    kept, other = pair.kept, pair.other
    chosen = [name for name in TERMS if f"relationship:{kept.pk}:{name}" in taken]
    for name in [*chosen, *(["team"] if "owner" in chosen else [])]:
        setattr(kept, name, getattr(other, name))
    kept.opened_at = min(kept.opened_at, other.opened_at)
    if not kept.external_ref:
        kept.source, kept.external_ref = other.source, other.external_ref
    elif other.external_ref and (kept.source, kept.external_ref) != (other.source, other.external_ref):
        _know_by(ledger, kept.party_id, other.source, other.external_ref)
    kept.version += 1
    kept.save()
    if "owner" in chosen:
        problems = Problems()
        check_colleague(f"relationship:{kept.pk}:owner", kept.owner, [kept], problems)
        problems.refuse()


def _know_by(ledger: Ledger, party_id: int, source: str, ref: str) -> None:
    """Keeps by what a source calls the one that went: it will say so again, and mean the kept one."""
    scheme = source[: PartyIdentifier._meta.get_field("scheme").max_length]
    if scheme == source and not PartyIdentifier.objects.filter(scheme=scheme, value=ref).exists():
        made = PartyIdentifier.objects.create(party_id=party_id, scheme=scheme, value=ref)
        ledger.added(PartyIdentifier, [made.pk])


def _take_profile(pair: Joined, taken: set[str]) -> None:
    profile = pair.kept_profile
    start = f"profile:{pair.kept.pk}:"
    chosen = [key.removeprefix(start) for key in taken if key.startswith(start)]
    if profile is None or not chosen:
        return
    for name in chosen:
        setattr(profile, name, getattr(pair.other_profile, name))
    try:
        profile.full_clean(exclude=["relationship"], validate_unique=False)
    except ValidationError as error:
        raise Invalid({start + name: words for name, words in error.message_dict.items()}) from error
    profile.save(update_fields=chosen)


def _compute_anew(both: Both, now: datetime) -> None:
    """Counts, next touches and purchases of what was joined; scores follow, for everything there is about them."""
    joined = [pair.kept.pk for pair in both.joined]
    gone = {pair.other.pk for pair in both.joined}
    settle_states([each.pk for each in both.relationships if each.pk not in gone], stale_at=now)
    for refresh in registry.refreshers:
        refresh(now=now, relationship_ids=joined)


def _settle_apart(record: MergeRecord, back: Party, touched: set[int], now: datetime) -> None:
    """Counts and next touches of both; where something happened since the merge, everything else too."""
    ids = list(Relationship.objects.filter(party__in=[record.kept_id, back.pk]).values_list("pk", flat=True))
    settle_states(ids)
    if touched:
        recompute_contact(sorted(touched & set(record.joined.values_list("relationship_id", flat=True))))
        settle_states(ids, stale_at=now)
        for refresh in registry.refreshers:
            refresh(now=now, relationship_ids=ids)


def _tell(
    verb: Verb,
    record: MergeRecord,
    parties: Iterable[Party],
    actor: User,
    now: datetime,
    **about: Unpack[About],
) -> None:
    about["subject"] = record
    lines = [
        event_of(relationship=None, party=party, verb=verb, actor=actor, now=now, **about)
        for party in parties
    ]
    record_events(lines)


def _audit(verb: str, record: MergeRecord, actor: User, now: datetime) -> None:
    data: dict[str, Fact] = {"former": record.former_id, "merge": record.pk}
    record_audit(
        actor_id=actor.pk, verb=verb, now=now, subject_type="party", subject_id=record.kept_id, data=data
    )
