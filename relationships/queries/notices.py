"""What the kernel's notifications are about, in words for those who may know of it."""

from collections.abc import Callable

from django.db.models import Expression, Func, TextField, Value
from django.db.models.functions import Coalesce, Greatest, Left, NullIf, Trim

from accounts.enums import Confidentiality
from messaging.registry import Line, Said, Subject
from relationships.models import Commitment, Document, FollowUp, HandoverPack, Interaction, Relationship


def is_open(said: Said) -> bool:
    """Whether neither the relationship nor the talk is for few people only, so that a mail may name it."""
    return said.confidentiality <= Confidentiality.INTERNAL


def in_relationship(title: "str | Expression", **more: "str | Expression") -> "dict[str, str | Expression]":
    """What is read of a thing that belongs to a relationship and is as confidential."""
    theirs = "relationship__"
    return {
        "title": title,
        "name": f"{theirs}party_name",
        "kind": f"{theirs}kind",
        "confidentiality": f"{theirs}confidentiality",
        **more,
    }


def of_both(other: str) -> Greatest:
    """The higher class of the relationship and of what is at `other`, where there is such."""
    return Greatest("relationship__confidentiality", f"{other}confidentiality")


def at(place: str) -> "Callable[[Said], Line]":
    """A line that leads to the thing's own page, at `place` with its number."""
    return lambda said: Line(said.title, place % said.pk, said.name, is_open(said))


def _relationship(said: Said) -> Line:
    return Line(said.title, f"/{said.kind}/{said.pk}/", is_open=is_open(said))


def _talk(said: Said) -> Line:
    return Line(said.title, f"/{said.kind}/{said.number}/", said.name, is_open(said))


def _pack(said: Said) -> Line:
    return Line(said.title, f"/handovers/{said.number}/", is_open=is_open(said))


BEGINNING = Left(
    Trim(Func(Left("body", 400), Value(r"\s+"), Value(" "), Value("g"), function="regexp_replace")), 120
)
"""Of a talk without a subject, on one line."""
PARTY = "relationship__party_name"

SUBJECTS = {
    "document": Subject(
        Document.objects.visible_to,
        at("/documents/%d/preview/"),
        in_relationship("name", confidentiality=of_both("")),
    ),
    "relationship": Subject(
        Relationship.objects.visible_to,
        _relationship,
        {"title": "party_name", "kind": "kind", "confidentiality": "confidentiality"},
    ),
    "commitment": Subject(
        Commitment.objects.visible_to,
        at("/commitments/%d/"),
        in_relationship("what", confidentiality=of_both("made_in__")),
    ),
    "followup": Subject(
        FollowUp.objects.visible_to,
        at("/follow-ups/%d/"),
        in_relationship("what", confidentiality=of_both("planned_in__")),
    ),
    "interaction": Subject(
        Interaction.objects.visible_to,
        _talk,
        in_relationship(
            Coalesce(NullIf("subject", Value("")), BEGINNING, output_field=TextField()),
            number="relationship_id",
            confidentiality=of_both(""),
        ),
    ),
    "handoverpack": Subject(
        HandoverPack.objects.visible_to, _pack, in_relationship(PARTY, number="handover_id")
    ),
}
