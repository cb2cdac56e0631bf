"""Endpoints of webhooks, and the log of what they were sent."""

from typing import Any

from rest_framework import serializers

from accounts.api.endpoint import Call, Endpoint, Rows, acts, changes, creates, one, reads, removes
from accounts.api.people import people
from accounts.enums import Area
from accounts.models import User
from automation.enums import EVENT_AREAS, DeliveryState, EndpointEnd
from automation.models import WebhookAttempt, WebhookDelivery, WebhookEndpoint
from automation.operations import webhooks as operations
from automation.queries import webhooks as queries
from core.refusals import NotAllowed
from core.rest import fields

AREAS = [area.value for area in EVENT_AREAS]


class EndpointOut(serializers.ModelSerializer[WebhookEndpoint]):
    """An address that is called when something happens."""

    owner = fields.Ref()
    is_on = serializers.BooleanField()
    created_at = fields.Moment()
    failing_since = fields.Moment(allow_null=True)
    ended_at = fields.Moment(allow_null=True)
    end_reason = serializers.ChoiceField(choices=EndpointEnd.choices, allow_blank=True)

    class Meta:
        model = WebhookEndpoint
        fields = [
            *("id", "url", "description", "owner", "areas", "verbs", "kinds", "is_on", "created_at"),
            *("failing_since", "ended_at", "end_reason"),
        ]


class NewEndpointOut(EndpointOut):
    """The same with its secret, which is told here and nowhere else."""

    secret = serializers.CharField(allow_null=True, help_text="Null where the call was sent again.")

    class Meta(EndpointOut.Meta):
        fields = [*EndpointOut.Meta.fields, "secret"]


class SecretOut(serializers.Serializer[Any]):
    """A secret, told here and nowhere else. For a day the one before signs beside it."""

    secret = serializers.CharField(allow_null=True, help_text="Null where the call was sent again.")


class EndpointIn(fields.Body):
    """Where an endpoint is and what it is told of; lists that are empty ask for everything."""

    url = fields.Text(most=1000, words=True)
    description = fields.Text(most=200, default="")
    areas = serializers.ListField(
        child=fields.Choice(choices=AREAS), max_length=3, default=lambda: list(AREAS)
    )
    verbs = serializers.ListField(child=fields.Text(most=60), max_length=200, default=list)
    kinds = serializers.ListField(child=fields.Text(most=32), max_length=20, default=list)


class NewEndpointIn(EndpointIn):
    """The same with its owner: a program that the caller looks after, else the caller."""

    owner = fields.Known(lambda call: people(), required=False)


class SwitchIn(fields.Body):
    """On or off."""

    is_on = fields.Flag()


class SinceIn(fields.Body):
    """From which moment on."""

    since = fields.Moment()


class CountOut(serializers.Serializer[Any]):
    """How many."""

    deliveries = serializers.IntegerField()


class CallOut(serializers.ModelSerializer[WebhookAttempt]):
    """One call and its answer."""

    at = fields.Moment()

    class Meta:
        model = WebhookAttempt
        fields = ["at", "took_ms", "status", "problem", "excerpt"]


class DeliveryOut(serializers.ModelSerializer[WebhookDelivery]):
    """One event for one endpoint; without an event it is a trial call."""

    message = serializers.CharField(source="message_id")
    event = serializers.IntegerField(source="event_id", allow_null=True)
    verb = serializers.CharField(source="event.verb", default="ping")
    state = serializers.ChoiceField(choices=DeliveryState.choices)
    created_at = fields.Moment()
    due_at = fields.Moment()
    finished_at = fields.Moment(allow_null=True)

    class Meta:
        model = WebhookDelivery
        fields = [
            "id",
            "message",
            "event",
            "verb",
            "state",
            "attempts",
            "created_at",
            "due_at",
            "finished_at",
        ]


class WholeDeliveryOut(DeliveryOut):
    """The same with every call that was made."""

    calls = serializers.SerializerMethodField()

    class Meta(DeliveryOut.Meta):
        fields = [*DeliveryOut.Meta.fields, "calls"]

    def get_calls(self, delivery: WebhookDelivery) -> list[dict[str, Any]]:
        """The newest first."""
        return list(CallOut(queries.calls_of(delivery), many=True).data)


def within_token(call: Call, areas: list[str]) -> None:
    """Raises NotAllowed where a token would be told by webhook what it may not read."""
    token = call.request.auth
    if token is None:
        return
    opened = {scope.partition(":")[0] for scope in token.scopes}
    if not set(areas) <= opened:
        raise NotAllowed(f"This token reads nothing of: {', '.join(sorted(set(areas) - opened))}.")


class Endpoints(Endpoint):
    """`/webhooks/`"""

    area, tag = Area.AUTOMATION, "Webhooks"

    @reads(EndpointOut, asks=fields.Paged)
    def get(self, call: Call) -> Rows:
        """Endpoints of webhooks, newest first."""
        return Rows(queries.endpoints_of(call.viewer).order_by(), queries.NEWEST)

    @creates(NewEndpointOut, says=NewEndpointIn)
    def post(self, call: Call) -> WebhookEndpoint:
        """Make an endpoint; the answer holds its secret."""
        within_token(call, call.said["areas"])
        owner: User = call.said.pop("owner", None) or call.viewer
        made, secret = operations.create_endpoint(actor=call.viewer, owner=owner, now=call.now, **call.said)
        made.secret = secret  # type: ignore[attr-defined]  # for the answer alone
        return made


class OneEndpoint(Endpoint):
    """`/webhooks/{endpoint_id}/`"""

    area, tag = Area.AUTOMATION, "Webhooks"

    def find(self, call: Call, endpoint_id: int) -> WebhookEndpoint:
        """The endpoint."""
        return one(queries.endpoints_of(call.viewer), endpoint_id)

    @reads(EndpointOut)
    def get(self, call: Call, endpoint_id: int) -> WebhookEndpoint:
        """One endpoint."""
        return self.find(call, endpoint_id)

    @changes(EndpointOut, says=EndpointIn)
    def patch(self, call: Call, endpoint: WebhookEndpoint) -> WebhookEndpoint:
        """Change where it is or what it is told of."""
        names = ("url", "description", "areas", "verbs", "kinds")
        said = {name: getattr(endpoint, name) for name in names} | call.said
        within_token(call, said["areas"])
        return operations.edit_endpoint(actor=call.viewer, endpoint=endpoint, now=call.now, **said)

    @removes()
    def delete(self, call: Call, endpoint: WebhookEndpoint) -> None:
        """Remove it with its log."""
        operations.remove_endpoint(actor=call.viewer, endpoint=endpoint, now=call.now)


class Switches(Endpoint):
    """`/webhooks/{endpoint_id}/switches/`"""

    area, tag = Area.AUTOMATION, "Webhooks"

    @acts(EndpointOut, says=SwitchIn)
    def post(self, call: Call, endpoint_id: int) -> WebhookEndpoint:
        """Switch it on or off."""
        endpoint = queries.endpoint_of(call.viewer, endpoint_id)
        return operations.switch_endpoint(actor=call.viewer, endpoint=endpoint, now=call.now, **call.said)


class Rotations(Endpoint):
    """`/webhooks/{endpoint_id}/rotations/`"""

    area, tag = Area.AUTOMATION, "Webhooks"

    @acts(SecretOut, says=fields.Body)
    def post(self, call: Call, endpoint_id: int) -> dict[str, str]:
        """Replace its secret; for a day the one before signs beside the new one."""
        endpoint = queries.endpoint_of(call.viewer, endpoint_id)
        return {"secret": operations.rotate_secret(actor=call.viewer, endpoint=endpoint, now=call.now)}


class Pings(Endpoint):
    """`/webhooks/{endpoint_id}/pings/`"""

    area, tag = Area.AUTOMATION, "Webhooks"

    @creates(DeliveryOut, says=fields.Body)
    def post(self, call: Call, endpoint_id: int) -> WebhookDelivery:
        """Make a trial call."""
        endpoint = queries.endpoint_of(call.viewer, endpoint_id)
        return operations.ping_endpoint(actor=call.viewer, endpoint=endpoint, now=call.now)


class Replays(Endpoint):
    """`/webhooks/{endpoint_id}/replays/`"""

    area, tag = Area.AUTOMATION, "Webhooks"

    @acts(CountOut, says=SinceIn)
    def post(self, call: Call, endpoint_id: int) -> dict[str, int]:
        """Send everything again that was recorded since a moment."""
        endpoint = queries.endpoint_of(call.viewer, endpoint_id)
        again = operations.replay_since(actor=call.viewer, endpoint=endpoint, now=call.now, **call.said)
        return {"deliveries": again}


class Deliveries(Endpoint):
    """`/webhooks/{endpoint_id}/deliveries/`"""

    area, tag = Area.AUTOMATION, "Webhooks"

    @reads(DeliveryOut, asks=fields.Paged)
    def get(self, call: Call, endpoint_id: int) -> Rows:
        """The log of an endpoint, newest first."""
        endpoint = queries.endpoint_of(call.viewer, endpoint_id)
        return Rows(queries.log_of(call.viewer, endpoint), queries.NEWEST)


class OneDelivery(Endpoint):
    """`/webhook-deliveries/{delivery_id}/`"""

    area, tag = Area.AUTOMATION, "Webhooks"

    @reads(WholeDeliveryOut)
    def get(self, call: Call, delivery_id: int) -> WebhookDelivery:
        """One delivery with its calls."""
        return queries.delivery_of(call.viewer, delivery_id)


class DeliveryReplays(Endpoint):
    """`/webhook-deliveries/{delivery_id}/replays/`"""

    area, tag = Area.AUTOMATION, "Webhooks"

    @acts(DeliveryOut, says=fields.Body)
    def post(self, call: Call, delivery_id: int) -> WebhookDelivery:
        """Send one delivery again, under the same id."""
        delivery = queries.delivery_of(call.viewer, delivery_id)
        return operations.replay_delivery(actor=call.viewer, delivery=delivery, now=call.now)
