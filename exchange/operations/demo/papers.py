"""The papers that the sample company keeps: terms, offers and reports, some for few eyes."""

from datetime import timedelta
from io import BytesIO

from accounts.enums import Confidentiality
from exchange.operations.demo.cast import COMPANY
from exchange.operations.demo.world import Placed, World
from relationships.operations.documents import add_document

EVERY = 4
FEW_EYES = 12
CUSTOMER_PAPERS = (
    (
        "Terms of delivery.txt",
        "Signed by both",
        "Orders by noon leave the same day. Payment within {days} days.",
    ),
    ("Price list.csv", "As agreed for this year", "product,discount\nevery product,{percent} %\n"),
)
SUPPLIER_PAPERS = (
    (
        "Purchase agreement.txt",
        "Signed by both",
        "Deliveries on {day}. We pay within {days} days of the invoice.",
    ),
    (
        "Quality audit.txt",
        "Our visit to the works",
        "{percent} samples taken, none below standard. Next visit in a year.",
    ),
)


def file_papers(world: World) -> None:
    """Two papers with every fourth customer and supplier; every third of these keeps its second one to the owner."""
    trading = [placed for placed in world.placed if placed.relationship.kind in ("customers", "suppliers")]
    for index, placed in enumerate(trading):
        if index % EVERY == 0:
            _file(world, placed, few_eyes=index % FEW_EYES == 0)


def _file(world: World, placed: Placed, *, few_eyes: bool) -> None:
    facts = {
        "days": world.rng.choice((14, 30, 45)),
        "percent": world.rng.randint(3, 12),
        "day": world.rng.choice(("Tuesdays", "Thursdays")),
    }
    papers = CUSTOMER_PAPERS if placed.relationship.kind == "customers" else SUPPLIER_PAPERS
    for number, (name, note, text) in enumerate(papers):
        words = text.format(**facts)
        head = "" if name.endswith(".csv") else f"{COMPANY} and {placed.relationship.party_name}\n\n"
        add_document(
            actor=placed.rep,
            relationship=placed.relationship,
            name=name,
            content=BytesIO(f"{head}{words}\n".encode()),
            now=world.start + timedelta(days=world.rng.randint(1, 100), hours=11),
            note=note,
            confidentiality=Confidentiality.CONFIDENTIAL if few_eyes and number else Confidentiality.INTERNAL,
        )
