"""The relationships of each kind: its list with the filters of the page, and one of them with its profile."""

from decimal import Decimal
from typing import Any, ClassVar

from django.db import models
from django.db.models import F
from django.http import QueryDict
from django.utils.translation import gettext as _
from rest_framework import serializers

from accounts.api.endpoint import Call, Endpoint, Rows, acts, changes, creates, one, reads
from accounts.enums import Area, Confidentiality, Permission
from accounts.models import BusinessUnit, Team, User
from core.refusals import Invalid, Missing
from core.rest import fields
from relationships import kinds
from relationships.api.custom import TAG_NAMES, OwnValues, TagsIn, dressed, told_values, with_tags
from relationships.api.parties import seen_parties
from relationships.api.profiles import profile_in, profile_out
from relationships.enums import HealthStatus, NextTouchReason, RevenueType, ValueTier
from relationships.filters.complaints import refusal_of
from relationships.filters.relationship_list import GROUPS, SORT_WORDS, parse_list
from relationships.models import Relationship, RelationshipState
from relationships.operations import relationships as operations
from relationships.operations.bulk_changes import assign_each_kind
from relationships.operations.record_openings import note_opening
from relationships.operations.tags import set_tags
from relationships.permissions import may_in, may_somewhere
from relationships.queries.kept import rows_in_order
from relationships.queries.native_fields import NO_EVIDENCE, column_choices
from relationships.queries.reach import reaches
from relationships.queries.relationship_list import ListQuery, for_viewer, matching, narrow

ONE = "<int:relationship_id>/"


def colleagues(viewer: Any) -> Any:
    """Whom something can be given to."""
    return User.objects.filter(is_active=True, is_system=False)


def open_teams(viewer: Any) -> Any:
    """Teams that are not closed."""
    return Team.objects.filter(closed_at=None)


def open_units(viewer: Any) -> Any:
    """Business units that are not closed."""
    return BusinessUnit.objects.filter(closed_at=None)


MOMENT = fields.Moment()


def _number(value: Decimal | None) -> float | None:
    return None if value is None else float(value)


class HealthOut(serializers.Serializer[Any]):
    """Where the relationship stands; nulls where there is not enough evidence."""

    score = serializers.FloatField(source="health", allow_null=True)
    status = serializers.ChoiceField(source="health_status", choices=HealthStatus.values)
    coverage = serializers.FloatField(source="health_coverage", allow_null=True)
    change_30_days = serializers.FloatField(source="health_change", allow_null=True)


class NextTouchOut(serializers.Serializer[Any]):
    """When we are to be in touch again, and why."""

    due_date = serializers.DateField(source="next_touch_date", allow_null=True)
    reason = serializers.ChoiceField(source="next_touch_reason", choices=["", *NextTouchReason.values])
    id = serializers.IntegerField(source="next_touch_id", allow_null=True)


class StateOut(serializers.Serializer[Any]):
    """What changes often."""

    last_interaction_at = fields.Moment(allow_null=True)
    open_commitments = serializers.IntegerField()
    open_follow_ups = serializers.IntegerField()
    open_problems = serializers.IntegerField()
    value_tier = serializers.ChoiceField(choices=ValueTier.values)
    health = HealthOut(source="*")
    next_touch = NextTouchOut(source="*")

    def to_representation(self, instance: RelationshipState) -> dict[str, Any]:
        """As the fields declare it, without going through them: a list tells it for every row."""
        state, talked = instance, instance.last_interaction_at
        return {
            "last_interaction_at": MOMENT.to_representation(talked),
            "open_commitments": state.open_commitments,
            "open_follow_ups": state.open_follow_ups,
            "open_problems": state.open_problems,
            "value_tier": state.value_tier,
            "health": {
                "score": _number(state.health),
                "status": state.health_status,
                "coverage": _number(state.health_coverage),
                "change_30_days": _number(state.health_change),
            },
            "next_touch": {
                "due_date": state.next_touch_date.isoformat() if state.next_touch_date else None,
                "reason": state.next_touch_reason,
                "id": state.next_touch_id,
            },
        }


class RelationshipOut(fields.Quick, serializers.ModelSerializer[Relationship]):
    """A party in one kind of relationship with one business unit of ours."""

    kind = serializers.CharField()
    stage = serializers.CharField()
    party = fields.RefBeside("party")
    owner = fields.RefBeside("owner")
    team = fields.RefBeside("team", allow_null=True)
    business_unit = fields.RefBeside("business_unit")
    confidentiality = fields.Word(Confidentiality)
    opened_at = fields.Moment()
    closed_at = fields.Moment(allow_null=True)
    state = StateOut()
    value_a_year = serializers.SerializerMethodField()
    custom = serializers.SerializerMethodField()
    tags = serializers.ListField(child=serializers.CharField(), source=TAG_NAMES)

    class Meta:
        model = Relationship
        fields = [
            "id", "kind", "party", "business_unit", "owner", "team", "stage", "objective", "sensitivity_note",
            "cadence_days", "revenue_type", "confidentiality", "source", "external_ref", "version", "opened_at",
            "closed_at", "closed_reason", "state", "value_a_year", "custom", "tags",
        ]  # fmt: skip

    def get_value_a_year(self, relationship: Relationship) -> dict[str, str] | None:
        """What it is worth, for those who may see money there."""
        if not may_in(self.context["viewer"], Permission.VIEW_MONEY, relationship):
            return None
        return fields.money(relationship.state.value_amount, relationship.state.value_currency)

    def get_custom(self, relationship: Relationship) -> dict[str, Any]:
        """What it holds in the fields that the workspace added to its kind (`/custom-fields/`), by their keys."""
        return told_values(self.context["viewer"], relationship)


class Described(fields.Body):
    """How a relationship is described and looked after."""

    objective = fields.Text(most=300, required=False)
    sensitivity_note = fields.Text(most=400, required=False)
    cadence_days = fields.Whole(min_value=1, max_value=3650, required=False)
    revenue_type = fields.Choice(choices=RevenueType.values, required=False)
    confidentiality = fields.Word(Confidentiality, required=False)
    owner = fields.Known(colleagues, required=False)
    team = fields.Known(open_teams, required=False, allow_null=True)
    custom = OwnValues(required=False)


class Opening(Described):
    """A new relationship with a party."""

    party = fields.Known(seen_parties)
    business_unit = fields.Known(open_units, required=False)
    opened_at = fields.Moment(required=False)
    source = fields.Text(most=60, required=False)
    external_ref = fields.Text(most=120, required=False)


class Reason(fields.Body):
    """Why."""

    reason = fields.Text(most=400, words=True)


class Assignment(fields.Body):
    """Who has it from now on, and why."""

    owner = fields.Known(colleagues)
    team = fields.Known(open_teams, required=False, allow_null=True)
    reason = fields.Text(most=400, required=False)


class Assignments(Assignment):
    """Many at once: all of them, or none."""

    relationships = serializers.ListField(
        child=fields.Whole(min_value=1, max_value=fields.LARGEST), min_length=1, max_length=500
    )


class Assigned(serializers.Serializer[Any]):
    """How many changed hands."""

    changed = serializers.IntegerField()


class Narrowed(fields.Question):
    """What the list of a kind is narrowed and sorted by, as on its page."""

    q = serializers.CharField(max_length=100, required=False, help_text="Words of the name.")
    health = serializers.ListField(
        child=serializers.ChoiceField(choices=[*(band for band in HealthStatus.values if band), NO_EVIDENCE]),
        required=False,
    )
    owner = serializers.RegexField(
        r"^(me|team|[0-9]{1,18})$", required=False, help_text="`me`, `team` or a number."
    )
    tier = serializers.ListField(
        child=serializers.ChoiceField(choices=[tier for tier in ValueTier.values if tier]), required=False
    )
    silent = serializers.IntegerField(
        min_value=1, max_value=3650, required=False, help_text="No contact for so many days."
    )
    overdue = serializers.ChoiceField(choices=["1"], required=False)
    problems = serializers.ChoiceField(choices=["1"], required=False)
    sort = serializers.RegexField(
        rf"^({'|'.join(SORT_WORDS)}|-?f_[a-z0-9_]{{1,40}})$",
        required=False,
        help_text="`-` before it for descending; a field of the workspace's own is `f_` and its key.",
    )


class ListQuestion(fields.Paged, Narrowed):
    """The same, a page at a time."""


def list_question(kind: kinds.Kind, base: type[Narrowed] = ListQuestion) -> type[Narrowed]:
    """The question of a kind's list: its own stages and columns too."""
    stages = serializers.ChoiceField(choices=[stage.slug for stage in kind.stages])
    own: dict[str, Any] = {"stage": serializers.ListField(child=stages, required=False)}
    own |= {name: _packed() for name in ("if", *GROUPS)}
    own |= {
        "any": serializers.ListField(
            child=serializers.ChoiceField(choices=[name.removeprefix("if") for name in GROUPS]),
            required=False,
            help_text="The groups of which one condition suffices, by number.",
        ),
        "match": serializers.ChoiceField(
            choices=["all", "any"], required=False, help_text="Whether all groups have to hold, or any."
        ),
    }
    for column in kind.filters:
        choices = column_choices(kind.slug, column.key)
        values = [value for value, _label in choices if value]
        own[f"c_{column.key}"] = (
            serializers.ChoiceField(choices=values, required=False)
            if choices
            else serializers.CharField(max_length=100, required=False)
        )
    return type(f"{kind.slug.title()}{base.__name__.removeprefix('List')}", (base,), own)


def _packed() -> Any:
    """Conditions, `field:operator:value` each; several values stand apart by `|`."""
    return serializers.ListField(
        child=serializers.RegexField(r"^[a-z0-9_]+:[a-z]+(:[^\x00]{0,400})?$"),
        required=False,
        max_length=20,
        help_text="Conditions as the list's address has them: `field:operator:value`.",
    )


def as_params(asked: dict[str, Any]) -> QueryDict:
    """The question as the address of the page would put it: both are read by the same reader."""
    params = QueryDict(mutable=True)
    for name, value in asked.items():
        if name not in ("cursor", "limit", "file"):
            params.setlist(name, [str(each) for each in (value if isinstance(value, list) else [value])])
    return params


class KindEndpoint(Endpoint):
    """An endpoint of one kind."""

    area, may_be_missing = Area.RELATIONSHIPS, True
    kind: ClassVar[kinds.Kind]

    def initial(self, request: Any, *args: Any, **kwargs: Any) -> None:
        """To whom no grant opens the kind, it does not exist."""
        super().initial(request, *args, **kwargs)
        if not reaches(request.user, self.kind):
            raise Missing(_("There is nothing here, or nothing that is yours to see."))

    def rows(self, viewer: User) -> Any:
        """The kind's relationships that somebody may know of, open or closed, with all that is told of them."""
        return with_all(Relationship.objects.visible_to(viewer).of_kind(self.kind.slug), self.kind.slug)

    def find(self, call: Call, **parts: Any) -> Relationship:
        """The relationship of the address."""
        found: Relationship = one(self.rows(call.viewer), parts["relationship_id"])
        return dressed([found], self.kind.slug)[0]

    def asked(self, call: Call) -> ListQuery:
        """The list that a call asks for."""
        query, complaints = parse_list(self.kind.slug, as_params(call.asked))
        if complaints:
            raise refusal_of(complaints)
        if for_viewer(call.viewer, query) != query:
            raise Invalid({"sort": _("Your role sees no money here.")})
        return query


UNTOLD = [f"state__{name}" for name in ("health_weeks", "health_reason", "scored_at", "health_status_since")]
"""Columns beside a relationship that no call tells: to read them for every row of a list takes its time."""


def with_all(rows: "models.QuerySet[Any]", kind: str) -> Any:
    """The rows with what `RelationshipOut` tells of them."""
    names = {f"{of}_name": F(f"{of}__name") for of in ("owner", "team", "business_unit")}
    whole = rows.select_related("state", kinds.profile_name(kind)).annotate(**names)
    return with_tags(whole.defer(*UNTOLD))


class Listed(KindEndpoint):
    """The list of a kind."""

    def listed(self, call: Call) -> Rows:
        """Open relationships of this kind, as the list's page narrows and sorts them."""
        query = self.asked(call)
        rows = narrow(matching(viewer=call.viewer, query=query, now=call.now), query.order)
        return Rows(rows, query.order, dress=self.whole)

    def whole(self, rows: list[Relationship]) -> list[Relationship]:
        """The rows of a page with all that is told of them."""
        slug = self.kind.slug
        every: Any = Relationship.objects.all()
        found = rows_in_order(("api", slug), lambda: with_all(every, slug), [row.pk for row in rows])
        return dressed(found, slug)

    def opened(self, call: Call) -> Relationship:
        """Open a relationship of this kind with a party."""
        made = operations.open_relationship(actor=call.viewer, kind=self.kind.slug, now=call.now, **call.said)
        return self.find(call, relationship_id=made.pk)


class Single(KindEndpoint):
    """One relationship of a kind, and what is done to it."""

    def told(self, call: Call, relationship_id: int) -> Relationship:
        """One relationship with its profile and where it stands."""
        found = self.find(call, relationship_id=relationship_id)
        note_opening(actor=call.viewer, relationship=found, now=call.now)
        return found

    def changed(self, call: Call, relationship: Relationship) -> Relationship:
        """Change how a relationship is described and looked after."""
        operations.edit_relationship(
            actor=call.viewer,
            relationship=relationship,
            version=relationship.version,
            now=call.now,
            **call.said,
        )
        return self.find(call, relationship_id=relationship.pk)

    def closed(self, call: Call, relationship_id: int) -> Relationship:
        """Close a relationship, with the reason."""
        found = self.find(call, relationship_id=relationship_id)
        operations.close_relationship(actor=call.viewer, relationship=found, now=call.now, **call.said)
        return self.find(call, relationship_id=relationship_id)

    def reopened(self, call: Call, relationship_id: int) -> Relationship:
        """Open a closed relationship again, with the reason."""
        found = self.find(call, relationship_id=relationship_id)
        operations.reopen_relationship(actor=call.viewer, relationship=found, now=call.now, **call.said)
        return self.find(call, relationship_id=relationship_id)

    def assigned(self, call: Call, relationship_id: int) -> Relationship:
        """Give a relationship to an owner, and to a team when one is named."""
        found = self.find(call, relationship_id=relationship_id)
        given = {"reason": "", **call.said}
        operations.assign_relationships(actor=call.viewer, relationship_ids=[found.pk], now=call.now, **given)
        return self.find(call, relationship_id=relationship_id)

    def tagged(self, call: Call, relationship_id: int) -> Relationship:
        """Have a relationship bear exactly these tags; one that is not there yet is made."""
        found = self.find(call, relationship_id=relationship_id)
        set_tags(actor=call.viewer, relationship=found, names=call.said["tags"], now=call.now)
        return self.find(call, relationship_id=relationship_id)


def kind_endpoints(kind: kinds.Kind) -> dict[str, type[Endpoint]]:
    """The endpoints of a kind by their place below it."""
    name = kind.slug.title()
    told = _out(kind)
    taken = profile_in(kind)
    opening = type(f"{name}In", (Opening,), _own(kind, taken))
    change = type(f"{name}Change", (Described,), _own(kind, taken))
    methods: dict[str, tuple[type[KindEndpoint], dict[str, Any]]] = {
        "": (
            Listed,
            {
                "get": reads(told, asks=list_question(kind))(Listed.listed),
                "post": creates(told, says=opening)(Listed.opened),
            },
        ),
        ONE: (
            Single,
            {"get": reads(told)(Single.told), "patch": changes(told, says=change)(Single.changed)},
        ),
        f"{ONE}closing/": (Single, {"post": acts(told, says=Reason)(Single.closed)}),
        f"{ONE}reopening/": (Single, {"post": acts(told, says=Reason)(Single.reopened)}),
        f"{ONE}assignment/": (Single, {"post": acts(told, says=Assignment)(Single.assigned)}),
        f"{ONE}tags/": (Single, {"post": acts(told, says=TagsIn)(Single.tagged)}),
    }
    return {
        place: type(f"{name}{base.__name__}", (base,), {"kind": kind, "tag": name, **own_methods})
        for place, (base, own_methods) in methods.items()
    }


def _own(kind: kinds.Kind, taken: type[fields.Body]) -> dict[str, Any]:
    """What a body of this kind says beside the common fields, made anew: a serialiser takes its fields for itself."""
    return {
        "stage": fields.Choice(choices=[stage.slug for stage in kind.stages], required=False),
        "profile": taken(required=False),
    }


def _out(kind: kinds.Kind) -> type[RelationshipOut]:
    """How a relationship of the kind is told, with its profile."""
    told = [*RelationshipOut.Meta.fields, "profile"]
    own = {
        "__doc__": RelationshipOut.__doc__,
        "profile": profile_out(kind)(source=kinds.profile_name(kind.slug)),
        "Meta": type("Meta", (RelationshipOut.Meta,), {"fields": told}),
    }
    return type(f"{kind.slug.title()}Out", (RelationshipOut,), own)


def _with_money(viewer: User, kind: kinds.Kind) -> bool:
    return kind.has_trade and may_somewhere(viewer, Permission.VIEW_MONEY, kind.slug)


class BulkAssignments(Endpoint):
    """`/assignments/`"""

    area, tag = Area.RELATIONSHIPS, "Bulk"

    @acts(Assigned, says=Assignments)
    def post(self, call: Call) -> dict[str, int]:
        """Give many relationships to one owner: all of them, or none."""
        given = {"reason": "", **call.said}
        ids = given.pop("relationships")
        changed = assign_each_kind(actor=call.viewer, relationship_ids=ids, now=call.now, **given)
        return {"changed": changed}
