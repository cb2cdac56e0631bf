"""The kinds there are, each held to the contract."""

from relationships import kinds
from tests.contracts.kind import KindContract


class TestCustomers(KindContract):
    kind = "customers"


class TestSuppliers(KindContract):
    kind = "suppliers"


class TestInvestors(KindContract):
    kind = "investors"


class TestPress(KindContract):
    kind = "press"


class TestCommunity(KindContract):
    kind = "community"


class TestStaff(KindContract):
    kind = "staff"


def test_every_registered_kind_is_held_to_the_contract() -> None:
    assert sorted(contract.kind for contract in KindContract.__subclasses__()) == sorted(kinds.registry.slugs)
