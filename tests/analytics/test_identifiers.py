"""Identifiers that carry their own proof are read with it."""

import pytest

from analytics.identifiers import is_lei


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("5493001KJTIIGC8Y1R12", True),  # the example of ISO 17442's own register
        ("5493001KJTIIGC8Y1R13", False),
        ("5493001KJTIIGC8Y1R1", False),
        ("5493001kjtiigc8y1r12", False),
        ("", False),
    ],
)
def test_a_legal_entity_identifier_is_known_by_its_check_digits(text: str, expected: bool) -> None:
    assert is_lei(text) is expected
