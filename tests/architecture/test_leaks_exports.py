"""Nothing leaks by files of lists: of every sort, they are the same whether a hidden role is there or not."""

from typing import Any

import pytest
import time_machine

from accounts.operations.workspace import Workspace
from relationships.models import PartyLink, RelationshipState
from relationships.operations.contact_points import add_contact_point
from relationships.registry import registry
from tests.architecture.test_leaks import EVERY, Case, World, add_hidden_role, world_of
from tests.doors import signed_in
from tests.factories import NOW, make_party, make_person, make_relationship, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.no_cover]

ASKED = ("", "?sort=-value&col=value&col=tag&col=contact")


def file_of(answer: Any) -> tuple[int, bytes]:
    parts = answer.streaming_content if answer.streaming else []
    return answer.status_code, b"".join(parts)


def files(world: World) -> dict[str, tuple[int, bytes]]:
    """What every viewer gets of the list that they see, and of the one that is hidden."""
    found = {}
    for role, viewer in world.viewers.items():
        client = signed_in(viewer)
        for ending in registry.list_formats:
            for asked in ASKED:
                for kind in (world.case.base, world.case.hidden):
                    place = f"/{kind}/export.{ending}{asked}"
                    called = f"/api/v1/{kind}/export/{asked or '?'}&file={ending}"
                    with time_machine.travel(NOW, tick=False):
                        found[f"{role} {place}"] = file_of(client.post(place))
                        found[f"{role} {called}"] = file_of(client.get(called))
    return found


@pytest.mark.parametrize("case", EVERY[:6], ids=str)
def test_no_file_tells_of_a_hidden_role(workspace: Workspace, case: Case) -> None:
    with world_of(case) as world:
        before = files(world)
        hidden = add_hidden_role(world)["relationship_id"]
        RelationshipState.objects.filter(pk=hidden).update(value_amount=77_777, value_currency="GBP")
        after = files(world)
        told = {name: words for name, words in after.items() if f"/{case.base}/" in name}
        assert {name for name, words in told.items() if words != before[name]} == set()
        assert all(b"77777" not in words for _status, words in after.values())
        refused = {403, 422}  # who sees no money may not sort by it, before anything else is asked
        assert {status for name, (status, _words) in told.items() if "sort" in name} <= {200, *refused}
        assert {status for name, (status, _words) in told.items() if "sort" not in name} <= {200, 403}


def test_contacts_of_a_hidden_role_are_in_no_file(workspace: Workspace) -> None:
    viewer, admin = make_user("relationship_manager", kind="customers"), make_user("administrator")
    shown, hidden = make_party(name="Shown Ltd"), make_party(name="Hidden Ltd")
    make_relationship("customers", party=shown)
    make_relationship("suppliers", party=hidden)
    for firm in (shown, hidden):
        person = make_person(f"Person of {firm.name}", works_for=firm)
        value = f"{firm.name.split()[0].lower()}@firm.example"
        add_contact_point(actor=admin, party=person, kind="email", value=value, now=NOW)
    both = make_person("Works for both", works_for=hidden)
    PartyLink.objects.filter(target_party=both).update(source_party=shown)
    with time_machine.travel(NOW, tick=False):
        answer: Any = signed_in(viewer).post("/customers/export.vcf")
    text = b"".join(answer.streaming_content).decode()
    assert [line for line in text.splitlines() if line.startswith("FN:")] == [
        "FN:Shown Ltd", "FN:Person of Shown Ltd", "FN:Works for both",
    ]  # fmt: skip
    assert "idden" not in text
