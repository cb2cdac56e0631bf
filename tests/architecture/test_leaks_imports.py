"""Imports tell nothing of a hidden role by the API: not by the rows behind a number, nor by what a reversal leaves."""

from typing import Any

import pytest

from accounts.models import User
from accounts.operations.workspace import Workspace
from exchange.models import HeldRow, ImportRun
from relationships.models import Relationship
from tests.api import ApiClient
from tests.architecture.test_leaks import NOBODYS, TWO, Case, World, add_hidden_role, world_of
from tests.exchange.pages import make_run
from tests.factories import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.no_cover]

WHATS = ("parties", "customers", "suppliers", "staff", "interactions", "orders", "payments", "cases")
CALLED = (
    ("get", "imports/{import_id}/", None),
    ("get", "imports/{import_id}/held-rows/", None),
    ("get", "imports/{import_id}/reversal/", None),
    ("post", "imports/{import_id}/reversal/", {}),
    *(("get", f"imports/{{import_id}}/rows/?done=created&what={what}", None) for what in WHATS),
    ("get", "imports/files/{job_id}/", None),
    ("get", "imports/files/{job_id}/preview/", None),
    ("patch", "imports/files/{job_id}/", {"columns": {"name": 1}}),
    ("post", "imports/files/{job_id}/trial/", {}),
    ("post", "imports/files/{job_id}/carrying-out/", {}),
    ("get", "held-rows/{held_id}/", None),
    ("post", "held-rows/{held_id}/corrections/", {"cells": {"name": "Zebra"}}),
)


def wide_run(world: World) -> ImportRun:
    """An import that the viewer may know of and that made everything there is, and stays with all of it."""
    run = make_run(world.seller, 1, world.case.base, "wide")
    for table in ("party", "relationship", "interaction"):
        run.created_rows.create(table_name=f"relationships_{table}", first=1, last=NOBODYS)
    run.created_rows.create(table_name="cases_case", first=1, last=NOBODYS)
    for table in ("order", "payment"):
        run.created_rows.create(table_name=f"commerce_{table}", first=1, last=NOBODYS)
    HeldRow.objects.filter(run=run).update(reason="not_found")
    return run


def reverted(run: ImportRun, parties: list[int]) -> None:
    told = {"kept": 1, "kept_parties": parties, "conflicts": 1}
    told["conflicting"] = [["relationships_party", pk, ["name"]] for pk in parties]
    by = {"revert_wanted_at": NOW, "revert_wanted_by": run.actor, "reverted_at": NOW}
    ImportRun.objects.filter(pk=run.pk).update(reversal=told, **by)


def told(viewer: User, ids: dict[str, Any], *, reading: bool = False) -> dict[str, Any]:
    api, found = ApiClient(viewer), {}
    for verb, place, body in CALLED:
        if reading and (verb != "get" or "{import_id}" not in place):
            continue
        response = api.call(verb, place.format(**ids), body, If_Match="*")
        found[f"{verb} {place}"] = (response.status_code, response.content.decode())
    return found


@pytest.mark.parametrize("case", TWO, ids=str)
def test_imports_of_a_hidden_role_answer_like_none_and_others_leave_it_out(
    workspace: Workspace, case: Case
) -> None:
    with world_of(case) as world:
        viewer = User.objects.get(pk=next(iter(world.viewers.values())).pk)
        run = wide_run(world)
        reverted(run, [world.party.pk])
        before = told(viewer, {"import_id": run.pk}, reading=True)
        hidden = add_hidden_role(world)
        double = Relationship.objects.exclude(party=world.party).get(kind=case.hidden)
        reverted(run, [world.party.pk, double.party_id])
        assert told(viewer, {"import_id": run.pk}, reading=True) == before
        assert {status for status, _words in before.values()} == {200, 404}  # 404: amounts of others
        assert "wide" not in before["get imports/{import_id}/held-rows/"][1]  # what tells of another's sight
        nothing = told(viewer, dict.fromkeys(("import_id", "job_id", "held_id"), NOBODYS))
        assert {status for status, _words in nothing.values()} == {404}
        assert told(viewer, hidden) == nothing
        seen = told(User.objects.get(pk=world.seller.pk), hidden)
        assert seen["get imports/{import_id}/"][0] == 200
