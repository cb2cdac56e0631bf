"""The one place where it is decided who may know of what, and the filters that compose with it."""

from collections.abc import Hashable
from datetime import date
from functools import reduce
from operator import and_, or_
from typing import TYPE_CHECKING, Any, TypeVar

from django.apps import apps
from django.core.exceptions import EmptyResultSet
from django.db import DEFAULT_DB_ALIAS, models
from django.db.models import BooleanField, Exists, F, Func, OuterRef, Q, Value

from accounts.enums import Confidentiality, Permission, Reach
from relationships import kinds

if TYPE_CHECKING:
    from accounts.models import RoleGrant, User

M = TypeVar("M", bound=models.Model)

PERSON = "person"
NOTHING = Q(pk__in=[])


def _within(user: "User", grant: "RoleGrant") -> Q:
    """The relationships that one grant reaches, before confidentiality."""
    closed = [kind.slug for kind in kinds.registry if not kind.is_open_to(grant.role)]
    if grant.kind in closed:
        return NOTHING
    conditions = [~Q(kind__in=closed)] if closed and not grant.kind else []
    if grant.kind:
        conditions.append(Q(kind=grant.kind))
    if grant.business_unit_id:
        conditions.append(Q(business_unit_id=grant.business_unit_id))
    if grant.team_id:
        conditions.append(Q(team_id=grant.team_id))
    elif grant.role_definition.reach is Reach.TEAM:
        conditions.append(Q(owner_id=user.pk) | Q(team_id__in=user.current_team_ids()))
    elif grant.role_definition.reach is Reach.OWN:
        conditions.append(Q(owner_id=user.pk))
    if not conditions:
        return ~NOTHING  # everything; an empty Q would vanish from the OR of all grants
    return reduce(and_, conditions)


class _Named(Func):
    """That a row beside the relationship (its profile, a named access) names a user, as an EXISTS written out.

    Beside every list and every check of a right this is asked once more; as an ORM subquery it made each of
    them half as slow again to compile, and a join would slow the lists themselves.
    """

    output_field = BooleanField()

    def __init__(self, beside: type[models.Model], field: str, user_id: int) -> None:
        super().__init__(
            F("pk"),
            Value(user_id),
            template=f'EXISTS (SELECT FROM "{beside._meta.db_table}" named '
            'WHERE named."relationship_id" = %(expressions)s)',
            arg_joiner=f' AND named."{field}_id" = ',
        )


def personal_relationships(user: "User") -> Q:
    """The relationships of closed kinds that `user` may know of as the person that the kind's sight names."""
    if not user.is_active:
        return NOTHING
    conditions = [
        Q(kind=kind.slug) & reduce(or_, [_names(kind, path, user) for path in sight.people])
        for kind, sight in kinds.registry.closed
    ]
    return reduce(or_, conditions, NOTHING)


def _names(kind: kinds.Kind, path: str, user: "User") -> Q:
    """That `path` leads to the user."""
    profile, _, field = path.rpartition("__")
    if not profile:
        return Q(**{f"{path}_id": user.pk})
    return Q(_Named(apps.get_model(kind.profile), field, user.pk))


def visible_relationships(user: "User") -> Q:
    """The condition on Relationship under which `user` may know of it.

    Public and internal rows follow the grants. Restricted rows want a grant for that very kind, membership of
    the relationship's team, or ownership. Confidential and sealed rows want a named access or ownership,
    whatever the role. Kinds with a sight of their own are open to its roles and people alone.
    """
    if not viewing_grants(user) and not kinds.registry.closed:
        return NOTHING
    closed = [kind.slug for kind, _sight in kinds.registry.closed]  # reached by their own people alone
    access = Q(_Named(apps.get_model("relationships", "ConfidentialAccess"), "user", user.pk))
    named = Q(confidentiality__gte=Confidentiality.CONFIDENTIAL) & (Q(owner_id=user.pk) | access)
    return _reached(user) & (
        Q(confidentiality__lte=Confidentiality.INTERNAL)
        | (Q(confidentiality=Confidentiality.RESTRICTED) & (near_enough(user) | Q(kind__in=closed)))
        | named
    )


def near_enough(user: "User") -> Q:
    """What a relationship of an open kind must be for `user` to know of it though it is restricted: close to them."""
    own = sorted({grant.kind for grant in viewing_grants(user) if grant.kind})
    near = Q(owner_id=user.pk) | Q(team_id__in=user.current_team_ids())
    return near | Q(kind__in=own) if own else near


def viewing_grants(user: "User") -> "list[RoleGrant]":
    """The grants that let the user look at relationships."""
    return [
        grant
        for grant in user.current_grants()
        if Permission.VIEW_RELATIONSHIPS in grant.role_definition.permissions
    ]


def _reached(user: "User") -> Q:
    """The relationships that the user's grants and person reach, before confidentiality."""
    return reduce(or_, [_within(user, grant) for grant in viewing_grants(user)], personal_relationships(user))


def allowed_in(user: "User", permission: Permission) -> Q:
    """The condition on Relationship under which `user` may do something there: `permissions.may_in` of every row."""
    grants = [grant for grant in user.current_grants() if permission in grant.role_definition.permissions]
    named = [
        Q(kind=kind.slug) & _names(kind, path, user)
        for kind, sight in kinds.registry.closed
        for path, allowed in sight.people.items()
        if permission in allowed and user.is_active
    ]
    return reduce(or_, [*(_within(user, grant) for grant in grants), *named], NOTHING)


class _Seen(Func):
    """`visible_relationships` as SQL that is at hand, said of a relationship that the query joins anyway."""

    output_field = BooleanField()

    def __init__(self, column: F, text: str, params: tuple[Any, ...]) -> None:
        super().__init__(column)
        self.text, self.params = text, params

    def as_sql(self, compiler: Any, connection: Any, **_more: Any) -> tuple[str, tuple[Any, ...]]:  # type: ignore[override]  # takes no template
        """The text, with the name that the relationship goes by in this query."""
        column, _params = compiler.compile(self.source_expressions[0])
        return self.text.replace(OWN_TABLE, column.rpartition(".")[0] + "."), self.params


OWN_TABLE = '"relationships_relationship".'
MOST_KEPT = 1_000
_kept: dict[Any, tuple[str, tuple[Any, ...]] | None] = {}


def _seen_by(user: "User", path: str = "") -> Q:
    """The condition that a relationship, or that of a row by its `path`, is one that `user` may know of.

    Put into SQL once for what somebody holds: a page asks for it dozens of times, and putting it together anew
    took more of its time than the database did.
    """
    held = user.pk, rights_of(user)
    if held not in _kept:
        if len(_kept) >= MOST_KEPT:
            _kept.clear()
        _kept[held] = _compiled(visible_relationships(user))
    found = _kept[held]
    return NOTHING if found is None else Q(_Seen(F(f"{path}kind"), *found))


def rights_of(user: "User") -> Hashable:
    """All that `visible_relationships` depends on, beside who it is: what they hold."""
    grants = user.current_grants()
    return (
        user.is_active,
        tuple((grant.role, grant.kind, grant.team_id, grant.business_unit_id) for grant in grants),
        tuple(user.current_team_ids()),
        tuple((kind.slug, kind.sight and (kind.sight.roles, *kind.sight.people)) for kind in kinds.registry),
    )


def _compiled(condition: Q) -> tuple[str, tuple[Any, ...]] | None:
    """The condition in SQL; None for one that no row meets."""
    query = apps.get_model("relationships", "Relationship").objects.filter(condition).query
    try:
        text, params = query.get_compiler(DEFAULT_DB_ALIAS).compile(query.where)
    except EmptyResultSet:
        return None
    return f"({text})", tuple(params)


def _relationships_of(user: "User") -> "models.QuerySet[Any]":
    return apps.get_model("relationships", "Relationship").objects.filter(_seen_by(user))


class RelationshipQuerySet(models.QuerySet[M]):
    """Filters over relationships."""

    def visible_to(self, user: "User") -> "RelationshipQuerySet[M]":
        """Only what `user` may know of; every page, list, count, search and export starts here."""
        return self.filter(_seen_by(user))

    def own_of(self, user: "User") -> "RelationshipQuerySet[M]":
        """Those that `user` owns and may know of: whatever their confidentiality, it is open to the owner."""
        return self.filter(_reached(user), owner_id=user.pk)

    def of_kind(self, kind: str) -> "RelationshipQuerySet[M]":
        """Of one stakeholder kind."""
        return self.filter(kind=kind)

    def open(self) -> "RelationshipQuerySet[M]":
        """Not closed."""
        return self.filter(closed_at=None)


class InRelationshipQuerySet(models.QuerySet[M]):
    """Rows that belong to a relationship and are visible exactly where it is."""

    def visible_to(self, user: "User") -> "InRelationshipQuerySet[M]":
        """Only rows of relationships that `user` may know of."""
        return self.filter(_seen_by(user, "relationship__"))

    def of_seen(self, relationship: Any, user: "User") -> "InRelationshipQuerySet[M]":
        """Rows of a relationship that `user` was found to know of: as `visible_to`, without asking that again."""
        return self.filter(relationship_id=relationship.pk)


class InteractionQuerySet(InRelationshipQuerySet[M]):
    """Filters over interactions."""

    def of_seen(self, relationship: Any, user: "User") -> "InteractionQuerySet[M]":
        """Those of a relationship that `user` was found to know of, as `visible_to` gives them."""
        rows = self.filter(relationship_id=relationship.pk)
        if relationship.owner_id == user.pk:
            return rows
        return rows.filter(Q(confidentiality__lte=Confidentiality.INTERNAL) | Q(actor_id=user.pk))

    def visible_to(self, user: "User") -> "InteractionQuerySet[M]":
        """Of visible relationships, and not above internal unless the viewer took part or owns it."""
        return self.filter(_seen_by(user, "relationship__"), open_within(user, "actor"))

    def current(self) -> "InteractionQuerySet[M]":
        """The newest version of each."""
        return self.filter(superseded_at=None)


def open_within(user: "User", person: str, at: str = "") -> Q:
    """The condition on a row (found `at`) of a visible relationship: not above internal, or the viewer's own."""
    mine = Q(**{f"{at}{person}_id": user.pk}) | Q(**{f"{at}relationship__owner_id": user.pk})
    return Q(**{f"{at}confidentiality__lte": Confidentiality.INTERNAL}) | mine


def said_openly(user: "User", said_in: str, *holders: str) -> Q:
    """Not said in an interaction of a higher class, unless the viewer took part or holds the thing."""
    condition = Q(**{said_in: None}) | Q(**{f"{said_in}__confidentiality__lte": Confidentiality.INTERNAL})
    for holder in (f"{said_in}__actor_id", *holders):
        condition |= Q(**{holder: user.pk})
    return condition


def _said_here(user: "User", relationship: Any, said_in: str, holder: str) -> Q:
    """The same within one relationship, of which its owner may know everything."""
    return Q() if relationship.owner_id == user.pk else said_openly(user, said_in, holder)


class CommitmentQuerySet(InRelationshipQuerySet[M]):
    """Filters over commitments."""

    def visible_to(self, user: "User") -> "CommitmentQuerySet[M]":
        """Of visible relationships, and not of a confidential talk unless it is the viewer's or their promise."""
        return self.filter(
            _seen_by(user, "relationship__"),
            said_openly(user, "made_in", "relationship__owner_id", "owner_id"),
        )

    def of_seen(self, relationship: Any, user: "User") -> "CommitmentQuerySet[M]":
        """Those of a relationship that `user` was found to know of, as `visible_to` gives them."""
        openly = _said_here(user, relationship, "made_in", "owner_id")
        return self.filter(openly, relationship_id=relationship.pk)

    def made_openly(self) -> "CommitmentQuerySet[M]":
        """Not made in a talk of a higher class: whoever may know of the relationship may know of them."""
        return self.filter(Q(made_in=None) | Q(made_in__confidentiality__lte=Confidentiality.INTERNAL))

    def made_among_few(self) -> "CommitmentQuerySet[M]":
        """Made in a talk of a higher class."""
        return self.filter(made_in__confidentiality__gt=Confidentiality.INTERNAL)

    def open(self) -> "CommitmentQuerySet[M]":
        """Still owed: not delivered and not withdrawn."""
        return self.filter(state__in=["proposed", "agreed", "in_progress", "missed"])

    def due_by(self, day: date) -> "CommitmentQuerySet[M]":
        """Open and due on or before a day."""
        return self.open().filter(current_due_date__lte=day)


class FollowUpQuerySet(InRelationshipQuerySet[M]):
    """Filters over follow-ups."""

    def visible_to(self, user: "User") -> "FollowUpQuerySet[M]":
        """Of visible relationships, and not of a confidential talk unless it is the viewer's or their task."""
        return self.filter(
            _seen_by(user, "relationship__"),
            said_openly(user, "planned_in", "relationship__owner_id", "assignee_id"),
        )

    def of_seen(self, relationship: Any, user: "User") -> "FollowUpQuerySet[M]":
        """Those of a relationship that `user` was found to know of, as `visible_to` gives them."""
        openly = _said_here(user, relationship, "planned_in", "assignee_id")
        return self.filter(openly, relationship_id=relationship.pk)

    def open(self) -> "FollowUpQuerySet[M]":
        """Neither done nor cancelled."""
        return self.filter(done_at=None, cancelled_at=None)

    def due_by(self, day: date) -> "FollowUpQuerySet[M]":
        """Open and due on or before a day."""
        return self.open().filter(due_date__lte=day)


class EventQuerySet(InRelationshipQuerySet[M]):
    """Filters over the timeline."""

    def visible_to(self, user: "User") -> "EventQuerySet[M]":
        """Of visible relationships (or of a visible party, when of none), and of the row's own class."""
        parties = apps.get_model("relationships", "Party").objects.visible_to(user)
        return self.filter(
            _seen_by(user, "relationship__") | Q(relationship=None, party__in=parties),
            _open_line(user) | Q(relationship__owner_id=user.pk),
        )

    def along(self, relationship: Any, user: "User") -> "EventQuerySet[M]":
        """Those of a relationship that `user` was found to know of, and of its party, as `visible_to` gives them.

        Who may know of a relationship may know of its party, so no other party is looked at.
        """
        here, party = self._along(relationship, user)
        return self.filter(here | party)

    def stretches(self, relationship: Any, user: "User") -> "list[EventQuerySet[M]]":
        """The same in two, each of which has an index in the order of time: the relationship's and its party's."""
        return [self.filter(condition) for condition in self._along(relationship, user)]

    @staticmethod
    def _along(relationship: Any, user: "User") -> tuple[Q, Q]:
        here = Q(relationship_id=relationship.pk)
        party = Q(relationship=None, party_id=relationship.party_id) & _open_line(user)
        return (here if relationship.owner_id == user.pk else here & _open_line(user)), party


def _open_line(user: "User") -> Q:
    """The lines whose own class lets the viewer read them, whoever owns the relationship."""
    return Q(confidentiality__lte=Confidentiality.INTERNAL) | Q(actor_id=user.pk)


def _linked_to(relationships: "models.QuerySet[Any]") -> Q:
    """The condition on Party of a link, either way, to a party with one of the relationships."""
    link = apps.get_model("relationships", "PartyLink").objects
    return Q(
        Exists(link.filter(source_party_id=OuterRef("pk"), target_party__relationships__in=relationships))
    ) | Q(Exists(link.filter(target_party_id=OuterRef("pk"), source_party__relationships__in=relationships)))


class DocumentQuerySet(InRelationshipQuerySet[M]):
    """Filters over documents."""

    def visible_to(self, user: "User") -> "DocumentQuerySet[M]":
        """Of visible relationships, not above internal unless the viewer uploaded it or owns those, not removed."""
        return self._known_to(user).filter(removed_at=None)

    def in_trash_of(self, user: "User") -> "DocumentQuerySet[M]":
        """Those that would be visible had they not been removed, as long as their content is kept."""
        return self._known_to(user).filter(removed_at__isnull=False, purged_at=None)

    def _known_to(self, user: "User") -> "DocumentQuerySet[M]":
        return self.filter(_seen_by(user, "relationship__"), open_within(user, "uploaded_by"))

    def of_seen(self, relationship: Any, user: "User") -> "DocumentQuerySet[M]":
        """Those of a relationship that `user` was found to know of, as `visible_to` gives them."""
        rows = self.filter(relationship_id=relationship.pk, removed_at=None)
        if relationship.owner_id == user.pk:
            return rows
        return rows.filter(Q(confidentiality__lte=Confidentiality.INTERNAL) | Q(uploaded_by_id=user.pk))


class DocumentVersionQuerySet(models.QuerySet[M]):
    """Filters over versions of documents."""

    def visible_to(self, user: "User") -> "DocumentVersionQuerySet[M]":
        """Those of documents that the viewer may know of."""
        seen = apps.get_model("relationships", "Document").objects.visible_to(user)
        return self.filter(document__in=seen)


class HandoverQuerySet(models.QuerySet[M]):
    """Filters over handovers."""

    def visible_to(self, user: "User") -> "HandoverQuerySet[M]":
        """Those of which the viewer may know a relationship, or that are the viewer's own."""
        seen = apps.get_model("relationships", "HandoverPack").objects.filter(
            handover_id=OuterRef("pk"), relationship__in=_relationships_of(user)
        )
        return self.filter(Q(handed_by_id=user.pk) | Q(leaver_id=user.pk) | Exists(seen))


def _sees_anything(user: "User") -> bool:
    """Whether any role lets the user look at relationships at all."""
    return bool(viewing_grants(user))


def _not_for_few(user: "User", relationships: "models.QuerySet[Any]") -> Q:
    """The condition on Party of its own class, unless the viewer wrote it or is named in its relationship."""
    named = Q(owner_id=user.pk) | Q(confidential_access__user_id=user.pk)
    return (
        Q(confidentiality__lte=Confidentiality.RESTRICTED)
        | Q(created_by_id=user.pk)
        | Q(Exists(relationships.filter(named, party_id=OuterRef("pk"))))
    )


class PartyQuerySet(models.QuerySet[M]):
    """Filters over parties."""

    def visible_to(self, user: "User") -> "PartyQuerySet[M]":
        """Parties with a visible relationship, and parties without any that are linked to such or to nobody's.

        An organisation whose relationships are all out of the viewer's sight is out of sight too, whomever it
        is linked to; a person who belongs to a visible party is known with it.
        """
        relationships = _relationships_of(user)
        every = apps.get_model("relationships", "Relationship").objects
        has_own = Exists(relationships.filter(party_id=OuterRef("pk")))
        unclaimed = ~Exists(every.filter(party_id=OuterRef("pk")))
        linked = _linked_to(relationships)
        apart = ~_linked_to(every.all())
        if not _sees_anything(user):
            return self.filter(has_own, confidentiality__lte=Confidentiality.RESTRICTED)
        return self.filter(
            Q(has_own) | linked & (Q(unclaimed) | Q(kind=PERSON)) | Q(unclaimed) & apart,
            _not_for_few(user, relationships),
        )

    def beside_seen(self, user: "User") -> "PartyQuerySet[M]":
        """As `visible_to`, of parties that are linked to one whose relationship `user` was found to know of."""
        relationships = _relationships_of(user)
        every = apps.get_model("relationships", "Relationship").objects
        has_own = Q(Exists(relationships.filter(party_id=OuterRef("pk"))))
        if not _sees_anything(user):
            return self.filter(has_own, confidentiality__lte=Confidentiality.RESTRICTED)
        unclaimed = Q(~Exists(every.filter(party_id=OuterRef("pk"))))
        return self.filter(Q(kind=PERSON) | unclaimed | has_own, _not_for_few(user, relationships))

    def contacts_of(self, relationship: Any) -> "PartyQuerySet[M]":
        """Parties linked to the relationship's party that have none of their own, up to restricted.

        All of them are visible to whoever sees the relationship.
        """
        link = apps.get_model("relationships", "PartyLink").objects
        every = apps.get_model("relationships", "Relationship").objects
        here = relationship.party_id
        return self.filter(
            Exists(link.filter(source_party_id=here, target_party_id=OuterRef("pk")))
            | Exists(link.filter(target_party_id=here, source_party_id=OuterRef("pk"))),
            ~Exists(every.filter(party_id=OuterRef("pk"))),
            confidentiality__lte=Confidentiality.RESTRICTED,
        )


class PartyLinkQuerySet(models.QuerySet[M]):
    """Filters over links."""

    def as_of(self, day: date) -> "PartyLinkQuerySet[M]":
        """Links that held on a day."""
        return self.filter(
            Q(since_date=None) | Q(since_date__lte=day), Q(until_date=None) | Q(until_date__gte=day)
        )

    def visible_to(self, user: "User") -> "PartyLinkQuerySet[M]":
        """Links of which both ends are visible."""
        parties = apps.get_model("relationships", "Party").objects.visible_to(user)
        return self.filter(source_party__in=parties, target_party__in=parties)


class MergeQuerySet(models.QuerySet[M]):
    """Filters over merges."""

    def visible_to(self, user: "User") -> "MergeQuerySet[M]":
        """Those into parties of which the viewer may know."""
        return self.filter(kept__in=apps.get_model("relationships", "Party").objects.visible_to(user))

    def standing(self) -> "MergeQuerySet[M]":
        """Not undone."""
        return self.filter(undone_at=None)
