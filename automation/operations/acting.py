"""What a rule does: each act through the operation that a person would use, with the rights of the rule's author."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from accounts.models import User
from automation.enums import RULE_SAYS, Does
from automation.models import AutomationRule, WebhookEndpoint
from automation.queries.rules import Act, chosen_owner
from automation.queries.wanted import delivery_of
from core.refusals import Conflict, Invalid
from messaging.operations.notifications import Telling, tell
from relationships import kinds
from relationships.models import Event, Relationship
from relationships.operations.commitments import make_commitment
from relationships.operations.follow_ups import plan_follow_up
from relationships.operations.playbooks import start_playbook
from relationships.operations.relationships import assign_relationships, edit_relationship


@dataclass(frozen=True)
class Occasion:
    """Of which relationship a rule acts, why and when; `turn` is whose turn it is."""

    rule: AutomationRule
    relationship: Relationship
    event: Event | None
    now: datetime
    turn: int

    @property
    def author(self) -> User:
        """With whose rights it acts."""
        return self.rule.author

    def day(self, ahead: int) -> date:
        """The day that many days ahead, where the relationship's unit is."""
        zone = ZoneInfo(self.relationship.business_unit.time_zone)
        return self.now.astimezone(zone).date() + timedelta(days=ahead)


def in_words(act: Act, on: Occasion) -> str:
    """What the act does, or would do, there and then."""
    how = act.how
    if act.does == Does.ASSIGN:
        owner = chosen_owner(how, on.turn)
        return _("Give it to %(who)s") % {
            "who": owner.name if owner else _("nobody: none of them works here")
        }
    if act.does in (Does.FOLLOW_UP, Does.COMMITMENT):
        words = {"label": Does(act.does).label, "what": how["what"], "day": on.day(how["days"]).isoformat()}
        return _("%(label)s: %(what)s, by %(day)s") % words
    if act.does == Does.NOTIFY:
        return _("Tell %(who)s: %(words)s") % {"who": _names(_readers(how, on)), "words": how["what"]}
    return f"{Does(act.does).label}: {_value_in_words(act, on.rule.kind)}"


def _value_in_words(act: Act, kind: str) -> str:
    value = act.how["value"]
    if act.does == Does.STAGE:
        return str(kinds.registry.get(kind).stage_label(value))
    playbook = kinds.registry.get(kind).playbook(value) if act.does == Does.PLAYBOOK else None
    return str(playbook.label if playbook else value)


def carry_out(act: Act, on: Occasion) -> None:
    """Does it. Raises the refusal of the operation, and leaves undoing to the caller's transaction."""
    DEEDS[Does(act.does)](act.how, on)


def _assign(how: Any, on: Occasion) -> None:
    owner = chosen_owner(how, on.turn)
    if owner is None:
        raise Conflict(_("None of the people named works here any more."))
    assign_relationships(
        actor=on.author,
        relationship_ids=[on.relationship.pk],
        owner=owner,
        reason=_("By the rule “%(name)s”") % {"name": on.rule.name},
        now=on.now,
    )


def _follow_up(how: Any, on: Occasion) -> None:
    plan_follow_up(
        actor=on.author,
        relationship=on.relationship,
        what=how["what"],
        due_date=on.day(how["days"]),
        assignee=_owner(on),
        now=on.now,
    )


def _commitment(how: Any, on: Occasion) -> None:
    make_commitment(
        actor=on.author,
        relationship=on.relationship,
        direction="ours",
        what=how["what"],
        due_date=on.day(how["days"]),
        owner=_owner(on),
        now=on.now,
    )


def _owner(on: Occasion) -> User:
    """Whoever owns it now: an act before this one may have given it to somebody."""
    return Relationship.objects.select_related("owner").get(pk=on.relationship.pk).owner


def _edit(field: str) -> Callable[[Any, Occasion], None]:
    def edit(how: Any, on: Occasion) -> None:
        current = Relationship.objects.get(pk=on.relationship.pk)
        if getattr(current, field) != how["value"]:
            edit_relationship(
                actor=on.author,
                relationship=current,
                version=current.version,
                now=on.now,
                **{field: how["value"]},
            )

    return edit


def _notify(how: Any, on: Occasion) -> None:
    """The rule's words about the relationship, told to each reader as they chose."""
    readers = _readers(how, on)
    if not readers:
        raise Conflict(_("Nobody is there to be told who may know of it."))
    facts = {"words": f"{on.rule.name}: {how['what']}"}
    told = [Telling(reader.pk, "relationship", on.relationship.pk, facts=facts) for reader in readers]
    tell(topic=RULE_SAYS, tellings=told, actor=None, now=on.now)


def _readers(how: Any, on: Occasion) -> list[User]:
    """Who is told, of those that may know of the relationship."""
    owner = _owner(on)
    people = User.objects.filter(is_active=True, is_system=False, is_service=False)
    if how["who"] == "team":
        team = on.relationship.team_id
        asked = people.filter(memberships__team=team, memberships__ended_at=None).distinct() if team else []
    else:
        asked = people.filter(pk=owner.pk if how["who"] == "owner" else int(how["who"]))
    row = Relationship.objects.filter(pk=on.relationship.pk)
    return [each for each in asked if row.visible_to(each).exists()]


def _names(people: list[User]) -> str:
    return ", ".join(person.name for person in people) or _("nobody")


def _webhook(how: Any, on: Occasion) -> None:
    endpoint = WebhookEndpoint.objects.visible_to(on.author).listening().filter(pk=how["value"]).first()
    if endpoint is None:
        raise Conflict(_("The webhook is off, or not the author's any more."))
    if on.event is None:
        raise Invalid({"acts": _("A rule by the clock has no event to tell of.")})
    if not endpoint.deliveries.filter(event=on.event).exists():
        delivery_of(endpoint, on.event, on.now).save()


def _playbook(how: Any, on: Occasion) -> None:
    start_playbook(actor=on.author, relationship=on.relationship, playbook=how["value"], now=on.now)


DEEDS: dict[Does, Callable[[Any, Occasion], None]] = {
    Does.ASSIGN: _assign,
    Does.FOLLOW_UP: _follow_up,
    Does.COMMITMENT: _commitment,
    Does.STAGE: _edit("stage"),
    Does.OBJECTIVE: _edit("objective"),
    Does.CADENCE: _edit("cadence_days"),
    Does.NOTIFY: _notify,
    Does.WEBHOOK: _webhook,
    Does.PLAYBOOK: _playbook,
}
