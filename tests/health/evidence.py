"""Evidence as bare rows: the measures read rows, whoever wrote them."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from accounts.models import User
from health.models import RelationshipScore, ScoreBasis, Scorecard
from health.operations.scorecards import activate_scorecard, draft_scorecard, validate_scorecard
from health.operations.scoring import score
from relationships.kinds import ScorecardComponent
from relationships.models import Commitment, Interaction, Party, Relationship, ValueEntry
from relationships.operations.value_entries import Worth, record_value

NOW = datetime.fromisoformat("2026-03-18T10:00:00+00:00")
POINTS = ((0.0, 0.0), (100.0, 100.0))
SHARE = ((0.0, 0.0), (1.0, 100.0))


def put(
    relationship: Relationship, *days_ago: float, people: Sequence[Party] = (), **fields: Any
) -> Interaction:
    """One call of theirs for each number of days; returns the last."""
    for days in days_ago:
        at = NOW - timedelta(days=days)
        interaction = Interaction.objects.create(
            relationship=relationship,
            actor=relationship.owner,
            recorded_by=relationship.owner,
            recorded_at=max(NOW, at),
            happened_at=at,
            **{"channel": "call", "direction": "in"} | fields,
        )
        interaction.people.add(*people)
    return interaction


def note(relationship: Relationship, side: str, amount: int, **fields: Any) -> ValueEntry:
    """What the relationship was worth to one side today: a margin in pounds unless told otherwise."""
    worth = fields.pop("worth", Worth(Decimal(amount), fields.pop("currency", "GBP")))
    given = {"side": side, "category": "margin", "value_date": NOW.date(), **fields}
    return record_value(actor=relationship.owner, relationship=relationship, worth=worth, now=NOW, **given)


def promise(relationship: Relationship, due: int, delivered: int | None = None, **fields: Any) -> Commitment:
    """A promise of ours due, and perhaps delivered, so many days ago (negative: ahead)."""
    owner = relationship.owner
    given: dict[str, Any] = {"direction": "ours", "what": "Send the quote", "state": "agreed"}
    if delivered is not None:
        at = NOW - timedelta(days=delivered)
        given |= {"state": "delivered", "delivered_at": at, "delivered_by": owner}
    return Commitment.objects.create(
        relationship=relationship,
        owner=owner,
        created_by=owner,
        created_at=NOW,
        made_at=fields.pop("made_at", NOW - timedelta(days=300)),
        original_due_date=day(due),
        current_due_date=day(due),
        **given | fields,
    )


def day(ago: int) -> date:
    return (NOW - timedelta(days=ago)).date()


def install(actor: User, *components: ScorecardComponent, kind: str = "suppliers", **fields: Any) -> None:
    """A scorecard of these components in force."""
    drafted = draft_scorecard(actor=actor, kind=kind, components=components, now=NOW, **fields)
    validate_scorecard(actor=actor, scorecard=drafted, now=NOW)
    activate_scorecard(actor=actor, scorecard=drafted, now=NOW)


def only(measure: str, half_life: float = 30, curve: Any = POINTS, least: float = 1.0) -> ScorecardComponent:
    """A scorecard's only component."""
    return ScorecardComponent(measure, "all", measure, 1.0, curve, half_life, least)


def part_of(relationship: Relationship, key: str = "", as_of: datetime = NOW) -> dict[str, Any]:
    """The stored part called `key`, or the only one, after scoring as of a moment."""
    score(kind=relationship.kind, now=as_of)
    parts = RelationshipScore.objects.get(pk=relationship.pk).parts
    found: dict[str, Any] = next(part for part in parts if key in ("", part["key"]))
    return found


def in_arrays(scorecard: Scorecard, *parts: Mapping[str, Any]) -> dict[str, Any]:
    """Fields of a score of these parts (`Scored.parts`), with a basis of their own."""
    facts = [list(part.get("facts", {})) for part in parts]
    basis = ScoreBasis.objects.create(
        scorecard=scorecard, as_of=NOW, facts=facts,
        keys=[part["key"] for part in parts], groups=[part["group"] for part in parts],
        measures=[part.get("measure", part["key"]) for part in parts],
        weights=[part["weight"] for part in parts], medians=[part["reference"] for part in parts],
        starts=[1 + sum(map(len, facts[:at])) for at in range(len(facts))],
    )  # fmt: skip
    return {
        "scorecard": scorecard, "basis": basis, "found": [part.get("value") for part in parts],
        "evidence": [part.get("n", 1) for part in parts], "points": [part["points"] for part in parts],
        "used": [part["used"] for part in parts],
        "facts": [number for part in parts for number in part.get("facts", {}).values()],
    }  # fmt: skip
