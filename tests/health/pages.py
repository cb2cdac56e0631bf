"""Health's own pages that list rows, as `tests/pages.py` collects them."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal

from accounts.models import User
from health.models import Alert, Proposal
from health.operations.alerts import act_on_alert, retire_rule
from health.operations.calibration import calibrate_every_kind
from health.operations.look_backs import ask_what_came, note_actuals
from health.operations.proposals import Estimate, add_line, draft_proposal, send_proposal, settle_proposal
from health.operations.reviews import begin_review, prepare_review
from health.operations.sightings import raise_sightings
from relationships.operations.due_promises import miss_due
from relationships.operations.links import end_link
from relationships.operations.relationships import close_relationship
from relationships.operations.value_entries import Worth, record_value
from tests.factories import NOW, make_commitment, make_interaction, make_link, make_person, make_relationship


def _alerts(viewer: User, rows: int) -> str:
    """One of every kind of cause for each row."""
    for _ in range(rows):
        make_interaction(make_relationship(owner=viewer), actor=viewer, problem_severity=4)
    for relationship in list(viewer.relationships.all()):
        decides = make_link(make_person(works_for=relationship.party), relationship.party, "decides_for")
        end_link(actor=viewer, link=decides, until_date=NOW.date(), now=NOW)
        late = {"made_at": NOW - timedelta(days=9), "due_date": NOW.date() - timedelta(days=1)}
        make_commitment(relationship, actor=viewer, **late)
    miss_due(now=NOW)
    raise_sightings(now=NOW)
    for alert in Alert.objects.filter(rule="problem"):
        act_on_alert(actor=viewer, alert=alert, what="Call", due_date=NOW.date(), now=NOW)
    return "/alerts/"


def _alert_rules(viewer: User, rows: int) -> str:
    _alerts(viewer, rows)
    for rule in ("fall", "silence", "problem")[:rows]:
        retire_rule(actor=viewer, rule=rule, reason="Noise", now=NOW)
    return "/administration/alerts/"


def _calibration(viewer: User, rows: int) -> str:
    for _ in range(rows):
        relationship = make_relationship(owner=viewer, now=NOW - timedelta(days=40))
        close_relationship(actor=viewer, relationship=relationship, now=NOW, reason="Moved away")
    calibrate_every_kind(now=NOW)
    return "/administration/calibration/"


def _outcomes(viewer: User, rows: int) -> str:
    _calibration(viewer, rows)
    return "/administration/calibration/customers/outcomes/"


def _benefit(viewer: User, rows: int) -> str:
    relationship = make_relationship(owner=viewer)
    for number in range(rows):
        worth = Worth(Decimal(50 + number), "GBP", Decimal(10), Decimal(90))
        noted = {"side": "to_us", "category": "margin", "value_date": NOW.date(), "worth": worth}
        record_value(actor=viewer, relationship=relationship, now=NOW, **noted)
        draft_proposal(actor=viewer, relationship=relationship, title="Offer", currency="GBP", now=NOW)
    return f"/customers/{relationship.pk}/benefit/"


def _proposals(viewer: User, rows: int) -> str:
    _benefit(viewer, rows)
    return "/proposals/"


def _proposal(viewer: User, rows: int) -> str:
    _benefit(viewer, 1)
    proposal = Proposal.objects.get()
    for side in ("to_us", "to_them") * rows:
        amounts = Decimal(1), Decimal(90), Decimal(100)
        add_line(actor=viewer, proposal=proposal, estimate=Estimate(side, "Goods", *amounts))
    return f"/proposals/{proposal.pk}/"


def _looked_back(viewer: User, rows: int) -> Proposal:
    """Proposals accepted half a year ago, with the actuals of all but one line."""
    for _ in range(rows):
        then, relationship = NOW - timedelta(days=200), make_relationship(owner=viewer)
        given = {"actor": viewer, "now": then}
        offer = draft_proposal(**given, relationship=relationship, title="Offer", currency="GBP")
        for side in ("to_us", "to_them") * rows:
            amounts = Decimal(1), Decimal(90), Decimal(100)
            add_line(actor=viewer, proposal=offer, estimate=Estimate(side, "Goods", *amounts))
        send_proposal(**given, proposal=offer)
        offer = settle_proposal(**given, proposal=offer, outcome="accept")
        ask_what_came(now=NOW)
        came = {line.pk: (Decimal(95), "books") for line in list(offer.lines.order_by("pk"))[1:]}
        note_actuals(actor=viewer, proposal=offer, actuals=came, now=NOW)
    return offer


def _estimates(viewer: User, rows: int) -> str:
    _looked_back(viewer, rows)
    return "/proposals/estimates/"


def _estimate_lines(viewer: User, rows: int) -> str:
    _looked_back(viewer, rows)
    return "/proposals/estimates/lines/?fell=inside"


def _look_back(viewer: User, rows: int) -> str:
    return f"/proposals/{_looked_back(viewer, rows).pk}/look-back/"


def _accepted(viewer: User, rows: int) -> str:
    return f"/proposals/{_looked_back(viewer, rows).pk}/"


def _reviews(viewer: User, rows: int) -> str:
    for _ in range(rows):
        begin_review(actor=viewer, relationship=make_relationship(owner=viewer), now=NOW)
    return "/reviews/"


def _review(viewer: User, rows: int) -> str:
    relationship = make_relationship(owner=viewer)
    for _ in range(rows):
        make_interaction(relationship, actor=viewer, problem_severity=4)
        make_link(relationship.party, make_relationship(owner=viewer).party, "subsidiary_of")
        make_person(works_for=relationship.party)
    review = begin_review(actor=viewer, relationship=relationship, now=NOW)
    prepare_review(actor=viewer, review=review, now=NOW)
    return f"/reviews/{review.pk}/"


HEALTH_PAGES: dict[str, Callable[[User, int], str]] = {
    "review_detail": _review,
    "review_list": _reviews,
    "alert_list": _alerts,
    "alert_rules": _alert_rules,
    "calibration": _calibration,
    "estimate_lines": _estimate_lines,
    "estimate_record": _estimates,
    "look_back": _look_back,
    "outcomes": _outcomes,
    "proposal_accepted": _accepted,
    "proposal_detail": _proposal,
    "proposal_list": _proposals,
    "relationship_benefit": _benefit,
}
