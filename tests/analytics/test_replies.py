"""The new part of a message."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.replies import new_part

CASES = {
    "nothing to strip": ("Hello\nthere", "Hello\nthere"),
    "quoted lines": ("Yes.\n> Do you agree?\n  > Really?\nGood.", "Yes.\nGood."),
    "attribution with marks": ("Yes.\nOn Mon, 3 May 2027, Ana wrote:\n> old\n\nBelow.", "Yes.\n\nBelow."),
    "attribution over two lines": (
        "Yes.\nOn Mon, 3 May 2027 at 10:00, Ana <a@b.example>\nwrote:\n> old\nEnd.",
        "Yes.\nEnd.",
    ),
    "attribution without marks": ("Yes.\nOn Mon, 3 May 2027, Ana wrote:\n\nold text\nmore", "Yes."),
    "attribution at the very end": ("Yes.\nOn Mon, 3 May 2027, Ana wrote:", "Yes."),
    "German attribution": ("Ja.\nAm 3. Mai 2027 um 10:00 schrieb Ana Ruiz:\n> alt", "Ja."),
    "French attribution": ("Oui.\nLe 3 mai 2027, Ana Ruiz a écrit :\n> vieux", "Oui."),
    "original message": ("Yes.\n-----Original Message-----\nold", "Yes."),
    "forwarded": ("See below.\n---------- Forwarded message ----------\nold", "See below."),
    "line of underscores": ("Yes.\n________________________________\nFrom: Ana", "Yes."),
    "header block": ("Yes.\n\nFrom: Ana\nSent: Monday\nold", "Yes."),
    "one header-like line": ("From: the warehouse\nall is well", "From: the warehouse\nall is well"),
    "header-like lines without a sender": ("To: do\nDate: fri", "To: do\nDate: fri"),
    "signature mark": ("Yes.\n-- \nAna Ruiz\nAcme", "Yes."),
    "closing": ("Yes.\n\nKind regards,\nAna", "Yes."),
    "bare regards": ("Yes.\nRegards\nAna", "Yes."),
    "best wishes": ("Yes.\nBest wishes,\nAna", "Yes."),
    "yours": ("Yes.\nYours sincerely\nAna", "Yes."),
    "phone": ("Yes.\nSent from my iPhone", "Yes."),
    "thanks are words": ("Thanks!\nAna", "Thanks!\nAna"),
    "regards within a sentence": ("He sends his regards to you.", "He sends his regards to you."),
    "other line ends": ("Yes.\r\n> old\rEnd.", "Yes.\nEnd."),
    "nothing new": ("> old", ""),
}


@pytest.mark.parametrize(("text", "expected"), CASES.values(), ids=CASES.keys())
def test_keeps_what_was_written_now(text: str, expected: str) -> None:
    assert new_part(text) == expected


@given(st.text(alphabet="On wrote:>\n-Fm. ", max_size=60))
def test_stripping_twice_changes_nothing_more(text: str) -> None:
    once = new_part(text)
    assert new_part(once) == once
    assert set(once.split("\n")) <= {line.strip() for line in text.split("\n")} | set(text.split("\n")) | {""}
