"""Saved views: what a list is narrowed by, sorted by and made of, under a name."""

from typing import Any

from django.http import QueryDict
from rest_framework import serializers

from accounts.api.endpoint import Call, Endpoint, Rows, acts, changes, creates, one, reads, removes
from accounts.enums import Area
from accounts.models import User
from core import keyset
from core.rest import fields
from relationships import kinds
from relationships.api.pins import StepIn
from relationships.filters.complaints import not_known, refusal_of
from relationships.filters.relationship_list import RESERVED, kept_address, of_address, parse_list
from relationships.models import SavedView
from relationships.operations import saved_views as operations
from relationships.operations.saved_views import LONGEST_ADDRESS
from relationships.queries.native_fields import field_of
from relationships.queries.reach import reaches
from relationships.queries.relationship_list import Shape
from relationships.queries.saved_views import placed_views


class ViewOut(serializers.ModelSerializer[SavedView]):
    """A list under a name; `address` is what stands after the question mark of its kind's list.

    With `as=board` or `as=calendar` in it the view is shown so; `group` is the field whose values are headings of the
    list or columns of the board, and `w=owner:wide` the width of a column.
    """

    owner = fields.Ref()
    is_shared = serializers.SerializerMethodField()
    shape = serializers.SerializerMethodField()
    created_at = fields.Moment()
    changed_at = fields.Moment()
    place = serializers.IntegerField(
        allow_null=True, help_text="Among your tabs: the greater, the later it stands; null for what is none."
    )
    is_start = serializers.SerializerMethodField()

    class Meta:
        model = SavedView
        fields = [
            "id", "kind", "name", "address", "shape", "owner", "is_shared", "created_at", "changed_at", "place",
            "is_start",
        ]  # fmt: skip

    def get_is_shared(self, view: SavedView) -> bool:
        """Whether everybody who reaches the kind finds it."""
        return view.shared_at is not None

    def get_is_start(self, view: SavedView) -> bool:
        """Whether the list of its kind opens with it, for you."""
        return bool(self.context["viewer"].start_views.get(view.kind) == view.pk)

    def get_shape(self, view: SavedView) -> Shape:
        """As what it is shown."""
        return of_address(view.kind, view.address).shape


class ViewIn(fields.Body):
    """What a view is to be."""

    kind = fields.Choice(choices=kinds.registry.slugs)
    name = fields.Text(most=60, words=True)
    address = fields.Text(
        most=LONGEST_ADDRESS, default="", help_text="Such as `health=at_risk&sort=-value&as=board`."
    )
    is_shared = fields.Flag(default=False)


class ViewChange(fields.Body):
    """What a view is to be from now on."""

    name = fields.Text(most=60, words=True, required=False)
    address = fields.Text(most=LONGEST_ADDRESS, required=False)
    is_shared = fields.Flag(required=False)


class ViewsQuestion(fields.Paged):
    """Of which kind; of all without one."""

    kind = serializers.ChoiceField(choices=kinds.registry.slugs, required=False)
    tabs = serializers.ChoiceField(
        choices=["yes", "no"], default="no", help_text="Only those among your tabs, in your order."
    )


class TabIn(fields.Body):
    """Whether the view is to be among your tabs."""

    is_tab = fields.Flag()


class StartIn(fields.Body):
    """Whether the list is to open with the view for you; without one it opens with all."""

    is_start = fields.Flag()


def known(viewer: User) -> Any:
    """The viewer's own views and the shared ones, of kinds that they reach."""
    reached = [kind.slug for kind in kinds.registry if reaches(viewer, kind)]
    return placed_views(viewer).filter(kind__in=reached)


def seen_view(call: Call, view_id: int) -> SavedView:
    """The view, if it is the viewer's or shared; raises Missing."""
    found: SavedView = one(known(call.viewer), view_id)
    return found


def address_of(kind: str, given: str) -> str:
    """The address as a view keeps it; raises Invalid for what the list cannot do, or does not know."""
    params = QueryDict(given)
    query, complaints = parse_list(kind, params)
    fields = [(name, value) for name, value in params.items() if name not in RESERVED]
    complaints += [not_known(name, str(value)) for name, value in fields if field_of(kind, name) is None]
    complaints += [not_known("as", value) for value in params.getlist("as") if value not in list(Shape)]
    if complaints:
        raise refusal_of(complaints, under="address")
    return kept_address(query)


class SavedViews(Endpoint):
    """`/saved-views/`"""

    area, tag = Area.RELATIONSHIPS, "Saved views"

    @reads(ViewOut, asks=ViewsQuestion)
    def get(self, call: Call) -> Rows:
        """Your own views and those that are shared, in order of their number; or your tabs, in yours."""
        rows = known(call.viewer)
        if "kind" in call.asked:
            rows = rows.filter(kind=call.asked["kind"])
        if call.asked["tabs"] == "yes":
            return Rows(rows.filter(place__isnull=False), keyset.Order(keyset.SortKey("place", int)))
        return Rows(rows, keyset.Order(keyset.SortKey("pk", int)))

    @creates(ViewOut, says=ViewIn)
    def post(self, call: Call) -> SavedView:
        """Keep a list under a name, among your tabs."""
        said = call.said | {"address": address_of(call.said["kind"], call.said["address"])}
        view = operations.save_view(actor=call.viewer, now=call.now, **said)
        return seen_view(call, view.pk)


class OneSavedView(Endpoint):
    """`/saved-views/{view_id}/`"""

    area, tag = Area.RELATIONSHIPS, "Saved views"

    def find(self, call: Call, *, view_id: int) -> SavedView:
        """The view, if it is the viewer's or shared."""
        return seen_view(call, view_id)

    @reads(ViewOut)
    def get(self, call: Call, view_id: int) -> SavedView:
        """One view."""
        return self.find(call, view_id=view_id)

    @changes(ViewOut, says=ViewChange)
    def patch(self, call: Call, view: SavedView) -> SavedView:
        """Rename a view, have it show something else, share it or keep it to yourself."""
        said = call.said
        given: dict[str, Any] = {"actor": call.viewer, "view": view, "now": call.now}
        if "name" in said:
            operations.rename_view(name=said["name"], **given)
        if "address" in said:
            operations.change_view(address=address_of(view.kind, said["address"]), **given)
        if "is_shared" in said:
            operations.share_view(is_shared=said["is_shared"], **given)
        return self.find(call, view_id=view.pk)

    @removes()
    def delete(self, call: Call, view: SavedView) -> None:
        """Take a view away."""
        operations.remove_view(actor=call.viewer, view=view, now=call.now)


class ViewTab(Endpoint):
    """`/saved-views/{view_id}/tab/`"""

    area, tag = Area.RELATIONSHIPS, "Saved views"

    @acts(ViewOut, says=TabIn)
    def post(self, call: Call, view_id: int) -> SavedView:
        """Put a view after your other tabs, or take it out of them."""
        view = seen_view(call, view_id)
        operations.pin_view(actor=call.viewer, view=view, is_pinned=call.said["is_tab"])
        return seen_view(call, view_id)


class ViewMoves(Endpoint):
    """`/saved-views/{view_id}/moves/`"""

    area, tag = Area.RELATIONSHIPS, "Saved views"

    @acts(ViewOut, says=StepIn)
    def post(self, call: Call, view_id: int) -> SavedView:
        """Have a view change places with the tab before or after it."""
        view = seen_view(call, view_id)
        operations.move_view(actor=call.viewer, view=view, forwards=call.said["to"] == "later")
        return seen_view(call, view_id)


class ViewStart(Endpoint):
    """`/saved-views/{view_id}/start/`"""

    area, tag = Area.RELATIONSHIPS, "Saved views"

    @acts(ViewOut, says=StartIn)
    def post(self, call: Call, view_id: int) -> SavedView:
        """Have the list of its kind open with a view for you, or with all."""
        view = seen_view(call, view_id)
        is_start = call.viewer.start_views.get(view.kind) == view.pk
        if call.said["is_start"] or is_start:  # of another view it is left as it is
            chosen = view if call.said["is_start"] else None
            operations.start_with(actor=call.viewer, kind=view.kind, view=chosen)
            call.viewer.refresh_from_db(fields=["start_views"])
        return view
