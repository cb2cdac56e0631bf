"""Who is around a party, and who of ours can introduce us to it."""

from typing import Any

from rest_framework import serializers

from accounts.api.endpoint import Call, Endpoint, one, reads
from accounts.enums import Area
from core.refusals import Invalid
from core.rest import fields
from relationships import kinds
from relationships.api.parties import seen_parties
from relationships.enums import HealthStatus
from relationships.queries.introductions import introductions
from relationships.queries.neighbourhood import Neighbourhood, link_types, neighbourhood
from relationships.queries.relationship_list import today_of


class OursOut(serializers.Serializer[Any]):
    """What a party is to us, with how it stands."""

    kind = serializers.ChoiceField(choices=kinds.registry.slugs, source="kind.slug")
    health = serializers.ChoiceField(choices=HealthStatus.values, source="health_status")


class NeighbourOut(serializers.Serializer[Any]):
    """A party in the neighbourhood; `via` is the one that is a link nearer."""

    id = serializers.IntegerField(source="party_id")
    name = serializers.CharField()
    is_person = serializers.BooleanField()
    job_title = serializers.CharField()
    hops = serializers.IntegerField()
    via = serializers.IntegerField(source="via_id")
    ours = OursOut(many=True)


class TieOut(serializers.Serializer[Any]):
    """How one party stands to another; `strength` from 1 to 5."""

    link = serializers.IntegerField(source="link_id")
    source_party = serializers.IntegerField(source="from_id")
    target_party = serializers.IntegerField(source="to_id")
    words = serializers.CharField()
    strength = serializers.IntegerField()
    since_date = serializers.DateField(allow_null=True)
    until_date = serializers.DateField(allow_null=True)


class NetworkOut(serializers.Serializer[Neighbourhood]):
    """Everybody within two links on a day, and every link between, the nearest and closest first."""

    as_of = serializers.DateField()
    neighbours = NeighbourOut(many=True)
    ties = TieOut(many=True)


class IntroductionStepOut(serializers.Serializer[Any]):
    """Somebody on the way; `words` tell how the one before stands to them."""

    party = serializers.IntegerField(source="party_id")
    name = serializers.CharField()
    is_person = serializers.BooleanField()
    words = serializers.CharField()
    strength = serializers.IntegerField()


class IntroductionOut(serializers.Serializer[Any]):
    """A way to a party: the colleague, then everybody up to it; `weakest` is its weakest step, from 1 to 5."""

    colleague = serializers.IntegerField(source="colleague_id")
    colleague_name = serializers.CharField(source="colleague")
    talks = serializers.IntegerField()
    last_talk_at = fields.Moment()
    steps = IntroductionStepOut(many=True)
    weakest = serializers.IntegerField()
    score = serializers.FloatField()


class IntroductionsOut(serializers.Serializer[Any]):
    """The best ways to a party."""

    ways = IntroductionOut(many=True)


class NetworkQuestion(fields.Question):
    """On which day (today unless another is named), and by which links."""

    as_of = fields.Day(required=False)
    type = fields.Text(most=40, required=False, help_text="A type of link, by its key.")


class Network(Endpoint):
    """`/parties/{party_id}/network/`"""

    area, tag = Area.RELATIONSHIPS, "Network"

    @reads(NetworkOut, asks=NetworkQuestion)
    def get(self, call: Call, party_id: int) -> Neighbourhood:
        """Everybody within two links of a party."""
        party, asked = one(seen_parties(call.viewer), party_id), call.asked
        slug = asked.get("type", "")
        if slug and slug not in {entry.slug for entry in link_types()}:
            raise Invalid({"type": str(fields.Known.default_error_messages["unknown"])})
        as_of = asked.get("as_of") or today_of(call.viewer, call.now)
        return neighbourhood(viewer=call.viewer, party=party, as_of=as_of, link_type=slug)


class Introductions(Endpoint):
    """`/parties/{party_id}/introductions/`"""

    area, tag = Area.RELATIONSHIPS, "Network"

    @reads(IntroductionsOut)
    def get(self, call: Call, party_id: int) -> dict[str, Any]:
        """The ways by which somebody of ours can introduce us to a party."""
        party, today = one(seen_parties(call.viewer), party_id), today_of(call.viewer, call.now)
        return {"ways": introductions(viewer=call.viewer, party=party, as_of=today, now=call.now)}
