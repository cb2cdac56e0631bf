"""Every move from every state: made where its table has it, refused with those that are possible where not."""

import pytest

from cases.enums import SHORT, CaseType
from cases.models import Case
from cases.operations.moves import resolve_move
from cases.transitions import MOVES, moves_of, table_of
from core.refusals import Conflict


@pytest.mark.parametrize("type", CaseType.values)
def test_a_case_makes_the_moves_of_its_table_and_no_other(type: str) -> None:
    table = table_of(type)
    for state in table.states:
        case = Case(ref="CAS-2026-000001", type=type, state=state)
        names = [move.name for move in moves_of(case)]
        assert set(names) <= {move.name for move in table.allowed(state)}
        for name in names:
            assert resolve_move(case, name) == table.named(name)
        for name in set(MOVES) - set(names):
            with pytest.raises(Conflict) as refused:
                resolve_move(case, name)
            assert (refused.value.status, refused.value.allowed) == (409, names)


def test_only_a_complaint_turns_out_to_be_none_and_what_is_short_needs_no_investigation() -> None:
    new = {type: {move.name for move in moves_of(Case(type=type, state="new"))} for type in CaseType.values}
    assert {type for type, names in new.items() if "reject" in names} == {"complaint"}
    assert {type for type, names in new.items() if "answer" in names} == SHORT
