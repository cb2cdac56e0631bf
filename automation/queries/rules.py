"""What a rule says, which relationships it is for, and what it would do: asked with its author's eyes alone."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from accounts.models import BusinessUnit, User
from automation.enums import Choosing, Does, Trigger
from automation.models import AutomationRule, RuleRun, RuleVersion
from core import keyset
from core.refusals import Missing
from relationships.models import Event, Relationship
from relationships.queries.list_fields import Condition, Group
from relationships.queries.relationship_list import ListQuery, matching

NEWEST = keyset.Order(keyset.SortKey("pk", parse=int), descending=True)
LOG_ROWS = 25


@dataclass(frozen=True)
class Act:
    """One thing to do. What `how` holds depends on it, as `automation.operations.checking` has it."""

    does: str
    how: Mapping[str, Any] = field(default_factory=dict)

    @property
    def label(self) -> str:
        """What it does, in words."""
        return str(Does(self.does).label)


@dataclass(frozen=True)
class Says:
    """When, if and then. `facts` are what the event has to say: (name, is it so or not, value)."""

    trigger: str
    verbs: tuple[str, ...] = ()
    weekday: int = 0
    hour: int = 7
    conditions: tuple[Condition, ...] = ()
    either: bool = False
    facts: tuple[tuple[str, bool, str], ...] = ()
    acts: tuple[Act, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """As it is kept."""
        return {
            "trigger": self.trigger,
            "verbs": list(self.verbs),
            "weekday": self.weekday,
            "hour": self.hour,
            "conditions": [[each.field, each.operator, list(each.values)] for each in self.conditions],
            "either": self.either,
            "facts": [list(fact) for fact in self.facts],
            "acts": [{"does": act.does, "how": dict(act.how)} for act in self.acts],
        }


def said(kept: Mapping[str, Any]) -> Says:
    """What a version says, read again."""
    return Says(
        trigger=kept["trigger"],
        verbs=tuple(kept["verbs"]),
        weekday=kept["weekday"],
        hour=kept["hour"],
        conditions=tuple(Condition(name, asks, tuple(values)) for name, asks, values in kept["conditions"]),
        either=kept["either"],
        facts=tuple((name, so, value) for name, so, value in kept["facts"]),
        acts=tuple(Act(each["does"], each["how"]) for each in kept["acts"]),
    )


def rules_of(viewer: User) -> QuerySet[AutomationRule]:
    """The rules that somebody may look at, by name."""
    return AutomationRule.objects.visible_to(viewer).select_related("author").order_by("name", "pk")


def rule_of(viewer: User, rule_id: int) -> AutomationRule:
    """One rule. Raises Missing."""
    found = rules_of(viewer).filter(pk=rule_id).first()
    if found is None:
        raise Missing(_("There is no such rule."))
    return found


def version_in_force(rule: AutomationRule) -> RuleVersion:
    """The last one."""
    return rule.versions.get(number=rule.version)


def runs_of(viewer: User, rule: AutomationRule) -> QuerySet[RuleRun]:
    """What became of a rule, where the viewer may know of it."""
    runs = RuleRun.objects.visible_to(viewer).filter(version__rule=rule)
    return runs.select_related("relationship", "event", "version")


def runs_page(viewer: User, rule: AutomationRule, cursor: str) -> keyset.Page[RuleRun]:
    """A page of the run log, newest first."""
    return keyset.page(runs_of(viewer, rule), NEWEST, cursor=cursor, limit=LOG_ROWS)


def list_query(kind: str, says: Says) -> ListQuery:
    """The conditions as a list of relationships is asked for."""
    groups = (Group(says.conditions, says.either),) if says.conditions else ()
    return ListQuery(kind, groups=groups)


def fitting(rule: AutomationRule, says: Says, now: datetime) -> "QuerySet[Relationship]":
    """The open relationships that the rule is for now, of those that its author may know of."""
    return matching(viewer=rule.author, query=list_query(rule.kind, says), now=now)


def facts_hold(says: Says, event: Event | None) -> bool:
    """Whether the event says what the rule wants of it."""
    told = event.data if event is not None else {}
    return all((str(told.get(name, "")) == value) is so for name, so, value in says.facts)


def events_for(rule: AutomationRule, says: Says) -> QuerySet[Event]:
    """The events that set the rule off, of those that its author may know of."""
    seen = Event.objects.visible_to(rule.author)
    return seen.filter(verb__in=says.verbs, relationship__kind=rule.kind)


def next_hour(says: Says, after: datetime) -> datetime | None:
    """When a rule by the clock is due next, in the zone of the workspace; None for one set off by events."""
    if says.trigger == Trigger.EVENT:
        return None
    zone = ZoneInfo(BusinessUnit.objects.get(is_default=True).time_zone)
    day = after.astimezone(zone).date()
    for ahead in range(9):
        at = datetime(day.year, day.month, day.day, says.hour, tzinfo=zone) + timedelta(days=ahead)
        if at > after and (says.trigger == Trigger.DAILY or at.weekday() == says.weekday):
            return at
    raise ValueError(f"no hour {says.hour} on weekday {says.weekday}")


def chosen_owner(how: Mapping[str, Any], turn: int) -> User | None:
    """Whom an assignment goes to: of those named who still work here, in turn or by what they have to do."""
    people = list(User.objects.filter(pk__in=how["people"], is_active=True, is_system=False).order_by("pk"))
    if not people:
        return None
    if how.get("by") != Choosing.LOAD:
        return people[turn % len(people)]
    load = loads([person.pk for person in people])
    return min(people, key=lambda person: (load[person.pk], person.pk))


def loads(people: Sequence[int]) -> dict[int, int]:
    """How many open relationships each has."""
    counted = Relationship.objects.open().filter(owner__in=people).order_by().values("owner")
    found = dict(counted.annotate(n=Count("pk")).values_list("owner", "n"))
    return {person: found.get(person, 0) for person in people}


def rate_of(rule: AutomationRule, since: datetime, relationship_id: int = 0) -> int:
    """How often the rule has acted since a moment, everywhere or on one relationship."""
    runs = RuleRun.objects.filter(version__rule=rule, state="done", finished_at__gte=since)
    return runs.filter(Q(relationship=relationship_id) if relationship_id else Q()).count()
