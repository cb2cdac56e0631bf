"""Parties, how to reach them, and how they belong together."""

from typing import Any

from rest_framework import serializers

from accounts.api.endpoint import Call, Endpoint, Rows, acts, changes, creates, one, reads, removes
from accounts.enums import Area, Confidentiality
from core import keyset
from core.rest import fields
from relationships.enums import ContactPointKind, PartyKind, Stance
from relationships.models import ContactPoint, Party, PartyLink
from relationships.operations import contact_points, links, parties
from relationships.queries.relationship_list import named

BY_NUMBER = keyset.SortKey("pk", int)


def seen_parties(viewer: Any) -> Any:
    """The parties that somebody may name."""
    return Party.objects.visible_to(viewer)


class ContactPointOut(serializers.ModelSerializer[ContactPoint]):
    """A way to reach a party."""

    do_not_use_since = fields.Moment(allow_null=True)

    class Meta:
        model = ContactPoint
        fields = ["id", "kind", "value", "normalised", "label", "is_preferred", "do_not_use_since"]


class IdentifierOut(serializers.Serializer[Any]):
    """A number by which others know the party."""

    scheme = serializers.CharField()
    value = serializers.CharField()


class PartyOut(serializers.ModelSerializer[Party]):
    """Somebody or something outside, whatever it is to us."""

    kind = serializers.ChoiceField(choices=PartyKind.choices)
    confidentiality = fields.Word(Confidentiality)
    created_at = fields.Moment()
    contact_points = ContactPointOut(many=True)
    identifiers = IdentifierOut(many=True)

    class Meta:
        model = Party
        fields = [
            "id", "kind", "name", "legal_name", "job_title", "sector", "place", "country", "time_zone", "locale",
            "about", "confidentiality", "version", "created_at", "contact_points", "identifiers",
        ]  # fmt: skip


class PartyFacts(fields.Body):
    """What can be told of a party and told anew."""

    legal_name = fields.Text(most=200, required=False)
    job_title = fields.Text(most=120, required=False)
    sector = fields.Text(most=80, required=False)
    place = fields.Text(most=120, required=False)
    country = fields.Text(most=2, required=False, help_text="ISO 3166, two letters.")
    time_zone = fields.Text(most=64, required=False, help_text="A name of the tz database.")
    locale = fields.Text(most=16, required=False)
    about = fields.Text(most=20_000, required=False)
    confidentiality = fields.Word(Confidentiality, required=False)


class PartyIn(PartyFacts):
    """Somebody new."""

    kind = fields.Choice(choices=PartyKind.values)
    name = fields.Text(most=200, words=True)


class PartyChange(PartyFacts):
    """What is to be different."""

    name = fields.Text(most=200, words=True)


class PartyQuestion(fields.Paged):
    """Which parties."""

    q = serializers.CharField(max_length=100, required=False, help_text="Words of the name.")
    kind = serializers.ChoiceField(choices=PartyKind.values, required=False)


def told(viewer: Any) -> Any:
    """Parties with everything that is told of them."""
    return seen_parties(viewer).prefetch_related("contact_points", "identifiers")


class Parties(Endpoint):
    """`/parties/`"""

    area, tag = Area.RELATIONSHIPS, "Parties"

    @reads(PartyOut, asks=PartyQuestion)
    def get(self, call: Call) -> Rows:
        """Parties, newest first."""
        rows = named(told(call.viewer), call.asked.get("q", ""), "name")
        if "kind" in call.asked:
            rows = rows.filter(kind=call.asked["kind"])
        return Rows(rows, keyset.Order(BY_NUMBER, descending=True))

    @creates(PartyOut, says=PartyIn)
    def post(self, call: Call) -> Party:
        """Write down a party."""
        return parties.create_party(actor=call.viewer, now=call.now, **call.said)


class OneParty(Endpoint):
    """`/parties/{party_id}/`"""

    area, tag = Area.RELATIONSHIPS, "Parties"

    def find(self, call: Call, **parts: Any) -> Party:
        """The party of the address."""
        return one(told(call.viewer), parts["party_id"])

    @reads(PartyOut)
    def get(self, call: Call, party_id: int) -> Party:
        """One party."""
        return self.find(call, party_id=party_id)

    @changes(PartyOut, says=PartyChange)
    def patch(self, call: Call, party: Party) -> Party:
        """Change what is known of a party."""
        parties.edit_party(actor=call.viewer, party=party, version=party.version, now=call.now, **call.said)
        return self.find(call, party_id=party.pk)


class ContactPointIn(fields.Body):
    """A further way to reach a party."""

    kind = fields.Choice(choices=ContactPointKind.values)
    value = fields.Text(most=320, words=True)
    label = fields.Text(most=60, required=False)
    preferred = fields.Flag(required=False)


class ContactPointChange(fields.Body):
    """What is to be different."""

    value = fields.Text(most=320, words=True)
    label = fields.Text(most=60)
    do_not_use = fields.Flag()


def seen_points(viewer: Any) -> Any:
    """Ways to reach parties that the viewer may know of."""
    rows = ContactPoint.objects.filter(party__in=seen_parties(viewer).values("pk"))
    return rows.select_related("party")


class PartyContactPoints(Endpoint):
    """`/parties/{party_id}/contact-points/`"""

    area, tag = Area.RELATIONSHIPS, "Parties"

    @creates(ContactPointOut, says=ContactPointIn)
    def post(self, call: Call, party_id: int) -> ContactPoint:
        """Add a way to reach a party."""
        party = one(seen_parties(call.viewer), party_id)
        return contact_points.add_contact_point(actor=call.viewer, party=party, now=call.now, **call.said)


class OneContactPoint(Endpoint):
    """`/contact-points/{point_id}/`"""

    area, tag, holder = Area.RELATIONSHIPS, "Parties", "party"

    def find(self, call: Call, **parts: Any) -> ContactPoint:
        """The contact point of the address."""
        return one(seen_points(call.viewer), parts["point_id"])

    @reads(ContactPointOut)
    def get(self, call: Call, point_id: int) -> ContactPoint:
        """One way to reach a party."""
        return self.find(call, point_id=point_id)

    @changes(ContactPointOut, says=ContactPointChange)
    def patch(self, call: Call, point: ContactPoint) -> ContactPoint:
        """Correct a way to reach a party, or say that it must not be used."""
        now_so: dict[str, Any] = {
            "value": point.value,
            "label": point.label,
            "do_not_use": point.do_not_use_since is not None,
        }
        return contact_points.edit_contact_point(
            actor=call.viewer, contact_point=point, now=call.now, **(now_so | call.said)
        )

    @removes()
    def delete(self, call: Call, point: ContactPoint) -> None:
        """Take a way to reach a party away."""
        contact_points.remove_contact_point(actor=call.viewer, contact_point=point, now=call.now)


class Nothing(fields.Body):
    """Nothing needs to be said: send `{}`."""


class ContactPointPreference(Endpoint):
    """`/contact-points/{point_id}/preference/`"""

    area, tag = Area.RELATIONSHIPS, "Parties"

    @acts(ContactPointOut, says=Nothing)
    def post(self, call: Call, point_id: int) -> ContactPoint:
        """Make it the first choice among those of its kind."""
        point = one(seen_points(call.viewer), point_id)
        return contact_points.prefer_contact_point(actor=call.viewer, contact_point=point, now=call.now)


class LinkOut(serializers.ModelSerializer[PartyLink]):
    """Two parties that belong together."""

    type = serializers.CharField(source="type.slug")
    source_party = fields.Ref()
    target_party = fields.Ref()

    class Meta:
        model = PartyLink
        fields = [
            "id", "type", "source_party", "target_party", "since_date", "until_date", "strength", "influence",
            "stance", "origin", "note",
        ]  # fmt: skip


class LinkFacts(fields.Body):
    """What may be known of a link."""

    since_date = fields.Day(required=False, allow_null=True)
    until_date = fields.Day(required=False, allow_null=True)
    strength = fields.Whole(min_value=1, max_value=5, required=False)
    influence = fields.Whole(min_value=0, max_value=5, required=False)
    stance = fields.Choice(choices=Stance.values, required=False)
    origin = fields.Text(most=80, required=False)
    note = fields.Text(most=400, required=False)


class LinkIn(LinkFacts):
    """A new link: the source stands to the target as the type says (`employs`)."""

    source_party = fields.Known(seen_parties)
    target_party = fields.Known(seen_parties)
    type = fields.Text(most=40, words=True)


class LinkQuestion(fields.Paged):
    """Which links."""

    party = serializers.IntegerField(min_value=1, max_value=fields.LARGEST, required=False)


FACTS = ("since_date", "until_date", "strength", "influence", "stance", "origin", "note")


def seen_links(viewer: Any) -> Any:
    """Links of which the viewer may know both ends."""
    return PartyLink.objects.visible_to(viewer).select_related("type", "source_party", "target_party")


class Links(Endpoint):
    """`/links/`"""

    area, tag = Area.RELATIONSHIPS, "Parties"

    @reads(LinkOut, asks=LinkQuestion)
    def get(self, call: Call) -> Rows:
        """Links between parties, newest first."""
        rows = seen_links(call.viewer)
        if "party" in call.asked:
            number = call.asked["party"]
            rows = rows.filter(source_party_id=number) | rows.filter(target_party_id=number)
        return Rows(rows, keyset.Order(BY_NUMBER, descending=True))

    @creates(LinkOut, says=LinkIn)
    def post(self, call: Call) -> PartyLink:
        """Say how two parties belong together."""
        return links.link_parties(actor=call.viewer, now=call.now, **call.said)


class OneLink(Endpoint):
    """`/links/{link_id}/`"""

    area, tag, holder = Area.RELATIONSHIPS, "Parties", "source_party"

    def find(self, call: Call, **parts: Any) -> PartyLink:
        """The link of the address."""
        return one(seen_links(call.viewer), parts["link_id"])

    @reads(LinkOut)
    def get(self, call: Call, link_id: int) -> PartyLink:
        """One link between parties."""
        return self.find(call, link_id=link_id)

    @changes(LinkOut, says=LinkFacts)
    def patch(self, call: Call, link: PartyLink) -> PartyLink:
        """Change what is known of a link; its ends and its type never change."""
        now_so = {name: getattr(link, name) for name in FACTS}
        return links.edit_link(actor=call.viewer, link=link, now=call.now, **(now_so | call.said))
