"""One search over everything that somebody may know of."""

from typing import Any

from rest_framework import serializers

from accounts.api.endpoint import Call, Endpoint, reads
from accounts.enums import Area
from core.rest import fields
from relationships import kinds
from relationships.enums import PartyKind
from relationships.queries.relationship_list import today_of
from relationships.queries.search import GROUPS, Group, PartyHit, TextHit, search

LONGEST = 200


class SearchQuestion(fields.Question):
    """What is sought, everywhere or in one group."""

    q = fields.Text(most=LONGEST, words=True)
    group = serializers.ChoiceField(
        choices=GROUPS, required=False, help_text="This group alone, and more of it."
    )


class RoleOut(serializers.Serializer[Any]):
    """What a party is to us."""

    id = serializers.IntegerField(source="relationship")
    kind = serializers.ChoiceField(choices=kinds.registry.slugs)
    is_open = serializers.BooleanField()


class PartyHitOut(serializers.Serializer[Any]):
    """A party that was found; `by` is the number or address that met, if one did."""

    id = serializers.IntegerField(source="party.pk")
    name = serializers.CharField(source="party.name")
    kind = serializers.ChoiceField(choices=PartyKind.values, source="party.kind")
    about = serializers.CharField(source="party.about")
    by = serializers.CharField(source="party.by")
    belongs_to = serializers.CharField()
    relationships = RoleOut(many=True, source="roles")


class TextHitOut(serializers.Serializer[Any]):
    """Something said or written that was found, with its first words."""

    id = serializers.IntegerField()
    title = serializers.CharField()
    text = serializers.CharField()
    said_at = fields.Moment()
    relationship = serializers.IntegerField(source="relationship_id")
    kind = serializers.ChoiceField(choices=kinds.registry.slugs)
    party_name = serializers.CharField()


class FoundGroupOut(serializers.Serializer[Any]):
    """What was found of one sort; parties in `parties`, everything else in `texts`."""

    group = serializers.ChoiceField(choices=GROUPS)
    found = serializers.IntegerField(help_text="How many there are, counted to 101 at most.")
    parties = PartyHitOut(many=True)
    texts = TextHitOut(many=True)


class FoundOut(serializers.Serializer[Any]):
    """What a search found; `is_near`: nothing met, and these are names nearly like it."""

    is_enough = serializers.BooleanField(help_text="False: what was sought is too short to look for.")
    is_near = serializers.BooleanField()
    groups = FoundGroupOut(many=True)


class Search(Endpoint):
    """`/search/`"""

    area, tag = Area.RELATIONSHIPS, "Search"

    @reads(FoundOut, asks=SearchQuestion)
    def get(self, call: Call) -> dict[str, Any]:
        """Parties, promises, follow-ups, talk and documents that meet a line, the best or newest first."""
        asked, today = call.asked, today_of(call.viewer, call.now)
        found = search(viewer=call.viewer, typed=asked["q"], today=today, group=asked.get("group", ""))
        groups = [_told(group) for group in found.groups]
        return {"is_enough": found.sought.is_enough, "is_near": found.is_near, "groups": groups}


def _told(group: Group) -> dict[str, Any]:
    return {
        "group": group.key,
        "found": group.found,
        "parties": [hit for hit in group.hits if isinstance(hit, PartyHit)],
        "texts": [
            {**hit.row, "text": hit.row["text"] or ""} for hit in group.hits if isinstance(hit, TextHit)
        ],
    }
