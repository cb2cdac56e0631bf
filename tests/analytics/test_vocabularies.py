"""The words that analytics returns are words that the kernel stores."""

from enum import StrEnum

import pytest
from django.db.models import TextChoices

from analytics.hysteresis import Status
from analytics.quicklog import ENGLISH, Channel, CommitmentSide, Direction
from analytics.rfm import CELL_NAMES
from commerce.models import PurchaseFact
from relationships import enums


@pytest.mark.parametrize(
    ("returned", "stored"),
    [
        (Channel, enums.Channel),
        (Direction, enums.Direction),
        (CommitmentSide, enums.CommitmentDirection),
        (Status, enums.HealthStatus),
    ],
)
def test_every_value_returned_can_be_stored(returned: type[StrEnum], stored: type[TextChoices]) -> None:
    assert {member.value for member in returned} == set(stored.values) - {""}


def test_severities_are_the_weights_of_problems() -> None:
    assert set(ENGLISH.severities.values()) == set(enums.Severity.values)


def test_cell_names_fit_their_column() -> None:
    assert max(map(len, CELL_NAMES)) <= (PurchaseFact._meta.get_field("rfm_cell").max_length or 0)
