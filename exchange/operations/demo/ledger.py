"""What the sample company paid its suppliers: a year of its own ledger, read through the import's own door."""

import random
from collections.abc import Iterator
from datetime import timedelta

from exchange.operations.demo.files import bring_in
from exchange.operations.demo.world import Placed, World
from exchange.queries.mappings import Mapping

SOURCE = "larkfield-ledger"
COLUMNS: dict[str, str | int] = {
    "supplier": "Supplier",
    "paid_date": "Paid",
    "amount": "Amount",
    "reference": "Number",
    "description": "For",
    "expense_type": "Account",
}
WEEKS = 60
EVERY = 4
"""Weeks from one run of payments to the next."""

REFUNDS = 0.04
ACCOUNTS = ("Goods for resale", "Goods for resale", "Goods for resale", "Freight", "Packaging")


def pay_suppliers(world: World, rng: random.Random) -> None:
    """Pays each supplier in most of the runs, now and then less than nothing: goods that went back."""
    suppliers = [placed for placed in world.placed if placed.relationship.kind == "suppliers"]
    mapping = Mapping(
        name=SOURCE,
        dataset="payments",
        source=SOURCE,
        columns=COLUMNS,
        constants={"currency": world.unit.currency_id},
    )
    rows = [row for placed in suppliers for row in _payments(world, placed, rng)]
    bring_in(world, mapping, COLUMNS.values(), rows)


def _payments(world: World, placed: Placed, rng: random.Random) -> Iterator[list[object]]:
    usual = rng.lognormvariate(7.4, 0.7)
    first = world.now.date() - timedelta(days=rng.randint(2, 20))
    for weeks in range(0, WEEKS, EVERY):
        if rng.random() < 0.2:
            continue
        paid = first - timedelta(weeks=weeks)
        amount = usual * rng.uniform(0.6, 1.5) * (-0.3 if rng.random() < REFUNDS else 1)
        what = rng.choice(placed.products) if placed.products else "Goods"
        number = f"L{paid:%y%m}-{rng.randint(1000, 9999)}"
        told = f"Returned: {what}" if amount < 0 else what
        yield [placed.relationship.party_name, paid, f"{amount:.2f}", number, told, rng.choice(ACCOUNTS)]
