"""Rows for tests, made through the operations: what a test starts from is what the product can really hold."""

from tests.factories.cases import make_case, make_mail
from tests.factories.custom import make_field
from tests.factories.people import make_business_unit, make_team, make_user
from tests.factories.relationships import (
    NOW,
    make_commitment,
    make_document,
    make_follow_up,
    make_interaction,
    make_link,
    make_party,
    make_person,
    make_relationship,
    make_version,
)
from tests.factories.trade import make_order, make_payment

__all__ = [
    "NOW",
    "make_business_unit",
    "make_case",
    "make_commitment",
    "make_document",
    "make_field",
    "make_follow_up",
    "make_interaction",
    "make_link",
    "make_mail",
    "make_order",
    "make_party",
    "make_payment",
    "make_person",
    "make_relationship",
    "make_team",
    "make_user",
    "make_version",
]
