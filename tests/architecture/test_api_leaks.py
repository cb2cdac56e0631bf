"""Every call of the OpenAPI file that changes something: what is hidden answers like what does not exist, and who
only reads changes nothing. What is read is compared in test_leaks, whose addresses are those of the resolver.

What a call says is made from the file itself, so that a call that lands is under test with it.
"""

import json
import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine

from accounts.operations.workspace import Workspace
from relationships.models import Event, Party, Relationship
from tests.api import BASE, ApiClient
from tests.architecture.test_leaks import (
    HIDDEN_PARTS,
    NOBODYS,
    TWO,
    Case,
    add_hidden_role,
    addresses,
    ids_of,
    world_of,
)
from tests.factories import NOW, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.no_cover]

FILE: dict[str, Any] = json.loads((Path(__file__).parents[2] / "static/api/openapi.json").read_text())
CALLS = {
    f"{verb} {place}": call
    for place, verbs in FILE["paths"].items()
    for verb, call in verbs.items()
    if verb != "get"
}
OWN: dict[str, Any] = {
    "endpoint_id": NOBODYS,
    "delivery_id": NOBODYS,
    "view_id": NOBODYS,
    "change_id": NOBODYS,
}
OWN |= {"erasure_id": NOBODYS, "rule_id": NOBODYS}
"""Erasures and rules of retention are told to administrators alone: test_leaks_oversight. Webhooks are somebody's own,
and what they tell is under test in test_leaks_webhooks. Saved views and bulk changes are, too: whose they are is under
test in tests/relationships/test_search_and_views_api.py."""
ELSEWHERE = {"party_id", "point_id", "link_id"}
"""Things of a party rather than of a role."""
ELSEWHERE |= {"candidate_id", "merge_id"}
"""Of two parties: test_leaks_merges."""
OWN |= {"brief_id": NOBODYS, "scorecard_id": NOBODYS, "key": "stage"}
"""Of the whole workspace: tests/dashboards/test_api.py and tests/health/test_scorecards_api.py."""
OWN |= {"mail_id": NOBODYS, "mailbox_id": NOBODYS, "suppression_id": NOBODYS}
"""Mail that came in, what is done with it, and addresses that get none are for administrators alone:
tests/messaging/test_received_mail.py, test_outgoing_mail.py, tests/cases/test_mail_pages.py."""
OWN |= {"team_id": NOBODYS, "unit_id": NOBODYS, "membership_id": NOBODYS}
"""Administrators alone change them: tests/accounts/test_teams_api.py."""
SAMPLES = {"date": "2026-04-01", "date-time": "2026-03-01T10:00:00Z", "decimal": "1.00"}


def resolved(schema: dict[str, Any]) -> dict[str, Any]:
    name = schema.get("$ref", "").rpartition("/")[2]
    return FILE["components"]["schemas"][name] if name else schema


def body_of(call: dict[str, Any]) -> dict[str, Any]:
    """The schema of what a call says; empty for one that says nothing."""
    content = call.get("requestBody", {}).get("content", {})
    return resolved(content.get("application/json", {}).get("schema", {}))


def said(schema: dict[str, Any], ids: dict[str, Any]) -> Any:
    """Something that the schema allows: every field that it wants, with the things of `ids` by their names."""
    schema = resolved(schema)
    kind = schema.get("type", "object")
    kind = kind[0] if isinstance(kind, list) else kind
    if "enum" in schema:
        return schema["enum"][0]
    if kind == "object":
        fields = schema.get("properties", {})
        wanted = [*schema.get("required", []), *(name for name in ("relationship",) if name in fields)]
        made = {name: said(fields[name], ids) for name in wanted}
        named = [name for name in wanted if "enum" not in fields[name] and not isinstance(made[name], list)]
        return made | {name: ids[name] for name in named if name in ids}
    if kind == "array":
        return [said(schema["items"], ids)]
    if kind == "boolean":
        return True
    if kind == "string":
        return SAMPLES.get(schema.get("format", ""), "GBP" if schema.get("maxLength") == 3 else "Words")
    return max(ids.get("relationship", 1), schema.get("minimum", 1)) if kind == "integer" else 1


def sent(client: ApiClient, name: str, ids: dict[str, Any], **fields: Any) -> tuple[int, Any]:
    """One call for the things of `ids`, with `fields` in place of what would be said; the answer."""
    verb, _blank, place = name.partition(" ")
    body = said(body_of(CALLS[name]), ids) if body_of(CALLS[name]) else {}
    told = body | {field: value for field, value in fields.items() if field in body}
    here = re.sub(r"\{(\w+)\}", lambda part: str((OWN | ids)[part[1]]), place).removeprefix(BASE)
    if "multipart/form-data" in CALLS[name].get("requestBody", {}).get("content", {}):
        response = client.post(BASE + here, {"note": "x"}, headers=client.own)
    else:
        response = client.call(verb, here, told, If_Match="*")
    answer = response.json() if response.content else None
    return response.status_code, json.dumps(answer).replace(here, "")


def parts_of(name: str) -> list[str]:
    return re.findall(r"\{(\w+)\}", name)


@pytest.mark.parametrize("case", TWO, ids=str)
def test_what_is_hidden_is_changed_like_what_does_not_exist(workspace: Workspace, case: Case) -> None:
    with world_of(case) as world:
        hidden = add_hidden_role(world)
        client = ApiClient(world.viewers[case.roles[0]])
        for name in CALLS:
            for part in HIDDEN_PARTS & set(parts_of(name)):
                ids = world.shown | dict.fromkeys(
                    ("owner", "to", "receiver"), world.viewers[case.roles[0]].pk
                )
                secret = sent(client, name, ids | {part: hidden[part]})
                nothing = sent(client, name, ids | {part: NOBODYS})
                wrong_file = (422,) if "uploads" in name else ()
                assert (name, secret[0] in (404, *wrong_file)) == (name, True), secret
                assert secret == nothing, name


@pytest.mark.parametrize("case", TWO, ids=str)
def test_what_is_hidden_is_named_like_what_does_not_exist(workspace: Workspace, case: Case) -> None:
    with world_of(case) as world:
        hidden = add_hidden_role(world)
        client = ApiClient(world.viewers[case.roles[0]])
        naming = [
            name
            for name, call in CALLS.items()
            if {"relationship", "relationships"} & body_of(call).get("properties", {}).keys()
        ]
        assert len(naming) >= 5
        for name in naming:
            found = []
            for number in (hidden["relationship_id"], NOBODYS):
                status, words = sent(client, name, world.shown, relationship=number, relationships=[number])
                found.append((status, re.sub(rf"(?<!\d){number}(?!\d)", "", words)))
            assert found[0] == found[1], name
            assert (name, found[0][0] in (404, 422)) == (name, True)


def test_who_only_reads_changes_nothing(workspace: Workspace) -> None:
    """Every call that changes something is refused to an auditor, who sees what it is about."""
    with world_of(Case("customers")) as world, time_machine.travel(NOW + timedelta(hours=2), tick=False):
        auditor, ana = ApiClient(make_user("auditor")), Party.objects.get(name="Ana Ruiz")
        ids = world.shown | {"relationship": world.shown["relationship_id"], "party": world.shown["party_id"]}
        ids |= {
            "source_party": world.party.pk,
            "target_party": ana.pk,
            "owner": world.seller.pk,
            "to": world.seller.pk,
            "receiver": world.seller.pk,
            "type": "employs",
            "purpose": "newsletter",
            "keep": world.party.pk,
            "drop": ana.pk,
            "business_unit": world.team.business_unit_id,
            "user": world.seller.pk,
        }
        events = Event.objects.count()
        answers = {
            name: sent(auditor, name, ids)[0] for name in CALLS if f"/{world.case.hidden}/" not in name
        }
        assert answers.pop("post /api/v1/webhooks/") == 422  # one's own; what is said here is no address
        assert answers.pop("post /api/v1/saved-views/") == 201  # one's own
        own = ("patch /api/v1/notifications/preferences/", *(name for name in answers if "/pin/" in name))
        assert [answers.pop(name) for name in own] == [200, 200, 200]
        assert answers.pop("post /api/v1/handovers/") == 409  # one's own book, and empty
        assert (
            answers.pop("post /api/v1/handovers/{handover_id}/acceptance/") == 200
        )  # nothing waits for them
        others = {name: status for name, status in answers.items() if status not in (403, 404)}
        assert {name: status for name, status in others.items() if "uploads" not in name} == {}
        reached = [name for name, status in answers.items() if status == 403]
        assert len(reached) > len(answers) / 2
        assert Event.objects.count() == events


def test_every_call_of_the_file_is_under_test() -> None:
    """Those that read are addresses of test_leaks; those that change name a thing, or are asked for as an auditor."""
    read = {re.sub(r"<\w+:(\w+)>", r"{\1}", f"/{route}") for route in addresses()}
    assert sorted(set(FILE["paths"]) - read) == []
    assert all(set(parts_of(name)) <= {*HIDDEN_PARTS, *OWN, *ELSEWHERE} for name in CALLS)


def test_the_test_would_notice_a_leak(workspace: Workspace) -> None:
    with world_of(Case("customers")) as world:
        client = ApiClient(make_user("administrator"))
        add_hidden_role(world)
        supplier = Relationship.objects.get(kind="suppliers")
        shown = sent(client, "post /api/v1/commitments/{commitment_id}/transitions/", ids_of(supplier))
        nothing = sent(
            client,
            "post /api/v1/commitments/{commitment_id}/transitions/",
            ids_of(supplier) | {"commitment_id": NOBODYS},
        )
        assert shown != nothing
