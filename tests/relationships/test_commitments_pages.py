"""The ledger of promises: its rows, both sides' rate, one promise and its moves."""

import re
from datetime import date, timedelta

import pytest
from django.http import QueryDict

from accounts.models import User
from relationships.filters.commitment_ledger import ledger_url, parse_ledger
from relationships.models import Commitment
from relationships.operations.commitments import move_commitment, renegotiate
from relationships.queries.commitment_ledger import LedgerQuery, Rate, kept_rates, ledger_page
from relationships.transitions import COMMITMENT
from tests.doors import signed_in, words_of
from tests.factories import NOW, make_commitment, make_relationship, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_now")]
HTMX = {"HTTP_HX_REQUEST": "true"}
TODAY = date(2026, 3, 18)


def promise(viewer: User, what: str, days: int, direction: str = "ours", **fields) -> Commitment:
    """Made thirty days ago in the viewer's own relationship, due so many days from today."""
    relationship = fields.pop("relationship", None) or make_relationship(
        owner=viewer, now=NOW - timedelta(days=400)
    )
    return make_commitment(
        relationship,
        actor=viewer,
        what=what,
        direction=direction,
        due_date=TODAY + timedelta(days=days),
        made_at=NOW - timedelta(days=30),
        **fields,
    )


def move(commitment: Commitment, name: str, viewer: User, days: int = 0, **fields) -> None:
    move_commitment(
        actor=viewer, commitment=commitment, transition=name, now=NOW + timedelta(days=days), **fields
    )


def found(viewer: User, **asked) -> list[str]:
    page = ledger_page(viewer=viewer, query=LedgerQuery(**asked), now=NOW)
    return [row.what for row in page.rows]


def some(viewer: User) -> dict[str, Commitment]:
    rows = {
        "late": promise(viewer, "late", -2),
        "soon": promise(viewer, "soon", 2),
        "theirs": promise(viewer, "theirs", 1, "theirs"),
        "both": promise(viewer, "both", 9, "mutual"),
        "kept": promise(viewer, "kept", 5),
        "gone": promise(viewer, "gone", 6),
    }
    move(rows["kept"], "deliver", viewer)
    move(rows["gone"], "withdraw", viewer, reason="Not wanted any more")
    return rows


def test_each_filter_narrows_the_ledger() -> None:
    viewer, other = make_user(), make_user()
    rows = some(viewer)
    promise(other, "elsewhere", 20)
    assert found(viewer) == ["late", "theirs", "soon", "kept", "gone", "both", "elsewhere"]
    assert found(viewer, status="open", owner="me") == ["late", "theirs", "soon", "both"]
    assert found(viewer, status="at_risk") == ["late", "soon"]
    assert found(viewer, status="late") == ["late"]
    assert found(viewer, status="kept") == ["kept"]
    assert found(viewer, status="withdrawn") == ["gone"]
    assert found(viewer, side="theirs") == ["theirs", "both"]
    assert found(viewer, side="ours", owner=str(viewer.pk)) == ["late", "soon", "kept", "gone", "both"]
    assert found(viewer, relationship_id=rows["soon"].relationship_id) == ["soon"]
    assert found(viewer, kind="suppliers") == []
    assert found(viewer, q="ELSE") == ["elsewhere"]
    assert found(viewer, sort="-due")[:2] == ["elsewhere", "both"]


def test_the_rate_tells_kept_on_the_original_day_from_late_and_broken() -> None:
    viewer = make_user()
    on_time = promise(viewer, "on time", 0)
    move(on_time, "deliver", viewer)
    moved = promise(viewer, "moved", -3)
    renegotiate(
        actor=viewer,
        commitment=moved,
        to_date=TODAY + timedelta(days=4),
        agreed_with="Ann",
        reason="Snow",
        now=NOW,
    )
    move(moved, "deliver", viewer)
    broken = promise(viewer, "broken", -4)
    move(broken, "miss", viewer)
    promise(viewer, "just late", -1)
    promise(viewer, "ahead", 3)
    withdrawn = promise(viewer, "withdrawn in time", 3)
    move(withdrawn, "withdraw", viewer, reason="Not wanted")
    theirs = promise(viewer, "theirs", -1, "theirs")
    move(theirs, "deliver", viewer)
    ours, their = kept_rates(viewer=viewer, query=LedgerQuery(), now=NOW)
    assert ours == Rate(on_time=1, late=1, broken=2)
    assert (ours.total, ours.percent) == (4, 25.0)
    assert their == Rate(on_time=0, late=1, broken=0)
    assert found(viewer, side="ours", result="on_time") == ["on time"]
    assert found(viewer, side="ours", result="late") == ["moved"]
    assert found(viewer, side="ours", result="broken") == ["broken", "just late"]


def test_a_promise_kept_in_the_evening_counts_for_the_units_own_day() -> None:
    """23:30 in UTC is the next day in Auckland: late there, and in time in London."""
    viewer = make_user()
    for zone, expected in (("Europe/London", "on_time"), ("Pacific/Auckland", "late")):
        kept = promise(viewer, zone, 0)
        kept.relationship.business_unit.time_zone = zone
        kept.relationship.business_unit.save()
        Commitment.objects.filter(pk=kept.pk).update(
            state="delivered", delivered_at=NOW.replace(hour=23, minute=30), delivered_by=viewer
        )
        ours, _theirs = kept_rates(
            viewer=viewer, query=LedgerQuery(relationship_id=kept.relationship_id), now=NOW
        )
        assert ours == Rate(**{"on_time": 0, "late": 0, "broken": 0, expected: 1})


def test_an_address_says_what_it_asks_for() -> None:
    assert parse_ledger(QueryDict("")) == LedgerQuery(status="open")
    assert parse_ledger(QueryDict("status=&side=moon&owner=9&kind=moons&relationship=x")) == LedgerQuery(
        owner="9"
    )
    query = LedgerQuery("ours", "late", "broken", "team", "suppliers", 7, "é", "-made")
    assert parse_ledger(QueryDict(ledger_url(query).partition("?")[2])) == query


def test_the_page_shows_open_promises_first_and_says_when_there_are_none() -> None:
    viewer = make_user()
    client = signed_in(viewer)
    assert "No open commitments" in words_of(client.get("/commitments/"))
    some(viewer)
    words = words_of(client.get("/commitments/"))
    assert "2 days late" in words
    assert "gone" not in words
    assert "Nothing matches" in words_of(client.get("/commitments/?q=zzz"))
    assert "<html" not in client.get("/commitments/?q=soon", **HTMX).content.decode()


def test_the_ledger_holds_nothing_of_what_the_viewer_may_not_know_of() -> None:
    viewer = make_user("relationship_manager", kind="suppliers")
    hidden = promise(make_user(), "a secret promise", -1)
    assert found(viewer) == []
    assert kept_rates(viewer=viewer, query=LedgerQuery(), now=NOW) == (Rate(0, 0, 0), Rate(0, 0, 0))
    client = signed_in(viewer)
    assert "a secret promise" not in words_of(client.get("/commitments/?status="))
    for part in ("", "edit/", "transitions/deliver/", "renegotiations/"):
        assert client.get(f"/commitments/{hidden.pk}/{part}").status_code == 404


def test_the_page_of_a_promise_offers_the_moves_of_its_state() -> None:
    viewer = make_user()
    kept = promise(viewer, "Send trays", 5)
    html = signed_in(viewer).get(f"/commitments/{kept.pk}/").content.decode()
    offered = set(re.findall(r"transitions/([a-z_]+)/", html))
    assert offered == {entry.name for entry in COMMITMENT.allowed("agreed")} - {"miss"}
    move(kept, "deliver", viewer)
    html = signed_in(viewer).get(f"/commitments/{kept.pk}/").content.decode()
    assert set(re.findall(r"transitions/([a-z_]+)/", html)) == {"confirm"}
    assert "renegotiations" not in html


def test_an_onlooker_sees_the_promise_and_no_move() -> None:
    kept = promise(make_user(), "Send trays", 5)
    html = signed_in(make_user("auditor")).get(f"/commitments/{kept.pk}/").content.decode()
    assert "Send trays" in html
    assert "transitions/" not in html


def test_delivery_with_evidence_and_confirmation() -> None:
    viewer = make_user()
    kept = promise(viewer, "Send trays", 5, materiality="high")
    client = signed_in(viewer)
    assert "Say what shows" not in words_of(
        client.get(f"/commitments/{kept.pk}/transitions/deliver/", **HTMX)
    )
    response = client.post(f"/commitments/{kept.pk}/transitions/deliver/", {"evidence": ""}, **HTMX)
    assert response.status_code == 422
    response = client.post(f"/commitments/{kept.pk}/transitions/deliver/", {"evidence": "Note 118"}, **HTMX)
    assert "commitment:changed" in response.headers["HX-Trigger"]
    client.post(f"/commitments/{kept.pk}/transitions/confirm/")
    kept.refresh_from_db()
    assert (kept.state, kept.evidence, kept.confirmed_by_id) == ("confirmed", "Note 118", viewer.pk)


def test_a_move_that_is_not_possible_is_a_conflict_with_those_that_are() -> None:
    viewer = make_user()
    gone = promise(viewer, "gone", 5)
    client = signed_in(viewer)
    json = {"Accept": "application/json"}
    response = client.post(f"/commitments/{gone.pk}/transitions/confirm/", headers=json)
    assert (response.status_code, response.json()["allowed"]) == (
        409,
        ["start", "deliver", "miss", "withdraw"],
    )
    move(gone, "withdraw", viewer, reason="Not wanted")
    for address in ("transitions/deliver/", "renegotiations/"):
        response = client.get(f"/commitments/{gone.pk}/{address}", headers=json)
        assert (response.status_code, response.json()["allowed"]) == (409, [])
    assert client.get(f"/commitments/{gone.pk}/transitions/confirm/").status_code == 405
    for name in ("miss", "explode"):
        assert client.post(f"/commitments/{gone.pk}/transitions/{name}/").status_code == 404


def test_a_missed_promise_is_given_again_with_a_new_date_that_somebody_agreed_to() -> None:
    viewer = make_user()
    missed = promise(viewer, "missed", -2)
    move(missed, "miss", viewer)
    client = signed_in(viewer)
    form = {"new_due_date": "2026-03-25", "agreed_with": "", "reason": "Snow"}
    assert client.post(f"/commitments/{missed.pk}/transitions/re_promise/", form, **HTMX).status_code == 422
    client.post(f"/commitments/{missed.pk}/transitions/re_promise/", form | {"agreed_with": "Ann"}, **HTMX)
    missed.refresh_from_db()
    assert (missed.state, missed.current_due_date) == ("in_progress", date(2026, 3, 25))
    assert missed.original_due_date == TODAY - timedelta(days=2)


def test_a_date_is_moved_by_agreement_and_the_page_tells_it() -> None:
    viewer = make_user()
    moved = promise(viewer, "Send trays", 2)
    client = signed_in(viewer)
    form = {"to_date": "2026-03-30", "agreed_with": "Helen Marsh", "reason": "Holiday"}
    past = client.post(f"/commitments/{moved.pk}/renegotiations/", form | {"to_date": "2026-03-01"}, **HTMX)
    assert "has already passed" in words_of(past)
    client.post(f"/commitments/{moved.pk}/renegotiations/", form, **HTMX)
    words = words_of(client.get(f"/commitments/{moved.pk}/"))
    assert "Agreed with Helen Marsh: Holiday" in words
    assert "agreed with Helen Marsh: Holiday" in words_of(client.get("/commitments/"))


def test_a_promise_is_withdrawn_with_a_reason_and_changed_while_open() -> None:
    viewer = make_user()
    gone = promise(viewer, "Send trays", 2)
    client = signed_in(viewer)
    form = {"what": "Send 120 trays", "owner": viewer.pk, "materiality": "high"}
    client.post(f"/commitments/{gone.pk}/edit/", form, **HTMX)
    assert (
        client.post(f"/commitments/{gone.pk}/transitions/withdraw/", {"reason": ""}, **HTMX).status_code
        == 422
    )
    client.post(f"/commitments/{gone.pk}/transitions/withdraw/", {"reason": "They cancelled"}, **HTMX)
    gone.refresh_from_db()
    assert (gone.what, gone.materiality, gone.state) == ("Send 120 trays", "high", "withdrawn")
    assert "They cancelled" in words_of(client.get(f"/commitments/{gone.pk}/"))


def test_a_promise_is_noted_once_however_often_the_form_is_sent() -> None:
    viewer = make_user()
    relationship = make_relationship(owner=viewer)
    client = signed_in(viewer)
    html = client.get(f"/commitments/new/?relationship={relationship.pk}", **HTMX).content.decode()
    key = re.search(r'name="idempotency_key" value="([^"]+)"', html)[1]
    form = {
        "relationship": relationship.pk, "direction": "theirs", "what": "Pay the invoice", "due_date": "2026-04-01",
        "owner": viewer.pk, "materiality": "normal", "state": "agreed", "idempotency_key": key,
    }  # fmt: skip
    assert client.post("/commitments/new/", form).status_code == 302
    assert client.post("/commitments/new/", form).status_code == 302
    assert [row.what for row in Commitment.objects.all()] == ["Pay the invoice"]


def test_a_promise_needs_a_relationship_that_the_viewer_may_know_of() -> None:
    hidden = make_relationship("customers")
    client = signed_in(make_user("relationship_manager", kind="suppliers"))
    form = {"relationship": hidden.pk, "direction": "ours", "what": "Pry", "due_date": "2026-04-01"}
    response = client.post(
        "/commitments/new/", form | {"owner": 1, "materiality": "normal", "state": "agreed"}
    )
    assert response.status_code == 422
    assert Commitment.objects.count() == 0


def test_a_picker_offers_only_visible_relationships() -> None:
    make_relationship("customers", name="Brightwater Clinics")
    make_relationship("suppliers", name="Brightside Freight")
    client = signed_in(make_user("relationship_manager", kind="suppliers"))
    words = words_of(client.get("/relationships/options/?relationship_q=bright"))
    assert "Freight" in words
    assert "Clinics" not in words
