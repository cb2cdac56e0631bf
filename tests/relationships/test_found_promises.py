"""A promise in running text is offered, never taken: only a tick puts it in the ledger."""

import re
from datetime import date

import pytest

from accounts.models import User
from relationships.models import Commitment, Interaction, Relationship
from tests.doors import signed_in, words_of
from tests.factories import make_person, make_relationship, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_now")]
HTMX = {"HTTP_HX_REQUEST": "true"}
FRIDAY = date(2026, 3, 20)


@pytest.fixture
def viewer() -> User:
    return make_user(name="Amara Osei")


@pytest.fixture
def acme(viewer: User) -> Relationship:
    relationship = make_relationship(owner=viewer, name="Acme")
    make_person("Ana Ruiz", works_for=relationship.party)
    return relationship


def fields_of(response) -> dict[str, str]:
    """What a browser would send of the offers: every field but the ticks."""
    page = response.content.decode()
    found = re.findall(r'name="(found_[^"]+)" value="([^"]*)"', page)
    assert 'name="found"' in page or not found
    return dict(found)


def ledger() -> list[tuple[str, str, date]]:
    return list(Commitment.objects.order_by("id").values_list("direction", "what", "current_due_date"))


def test_the_composer_offers_what_it_finds_in_every_line_and_ticks_nothing(
    viewer: User, acme: Relationship
) -> None:
    body = "Good talk\nWe will send the quote by Friday.\nAna will pay next week."
    response = signed_in(viewer).post(f"/customers/{acme.pk}/interactions/preview/", {"body": body})
    words = words_of(response)
    assert "Found a promise: We promise: Send the quote . Add it?" in words
    assert "Found a promise: They promise: Pay next week . Add it?" in words
    assert re.findall(r'type="date" name="found_due:\d+" value="([^"]*)"', response.content.decode()) == [
        "2026-03-20",
        "",
    ]
    assert b"checked" not in response.content
    assert Commitment.objects.count() == 0


def test_what_was_said_with_a_sigil_is_not_offered_again(viewer: User, acme: Relationship) -> None:
    body = "call Ana !us by fri we will send the quote by Friday"
    response = signed_in(viewer).post(f"/customers/{acme.pk}/interactions/preview/", {"body": body})
    assert "Found a promise" not in words_of(response)


def test_only_what_is_ticked_is_promised_in_that_talk(viewer: User, acme: Relationship) -> None:
    client, here = signed_in(viewer), f"/customers/{acme.pk}/interactions/"
    form = {"channel": "call", "body": "We will send the quote by Friday and they will pay by the 25th."}
    offered = fields_of(client.post(f"{here}preview/", form))
    client.post(here, form | offered)
    assert ledger() == []
    client.post(here, form | offered | {"found": "0"})
    assert ledger() == [("ours", "Send the quote", FRIDAY)]
    assert Commitment.objects.get().made_in == Interaction.objects.latest("id")


def test_a_day_that_the_text_leaves_open_is_asked_and_the_tick_stays(
    viewer: User, acme: Relationship
) -> None:
    client, here = signed_in(viewer), f"/customers/{acme.pk}/interactions/"
    form = {"channel": "call", "body": "We will send the quote.", "found": "0"}
    offered = fields_of(client.post(f"{here}preview/", form))
    response = client.post(here, form | offered, **HTMX)
    assert response.status_code == 422
    assert "By which day is “Send the quote” promised?" in words_of(response)
    assert b'name="found" value="0" checked' in response.content
    client.post(here, form | offered | {"found_due:0": "2026-03-31"})
    assert ledger() == [("ours", "Send the quote", date(2026, 3, 31))]


def test_a_day_that_was_chosen_stays_until_the_text_says_another(viewer: User, acme: Relationship) -> None:
    client, preview = signed_in(viewer), f"/customers/{acme.pk}/interactions/preview/"
    chosen = {"found": "0", "found_said:0": "2026-03-20", "found_due:0": "2026-03-23"}
    same = fields_of(client.post(preview, {"body": "We will send it by Friday"} | chosen))
    assert same["found_due:0"] == "2026-03-23"
    other = fields_of(client.post(preview, {"body": "We will send it by 27 March"} | chosen))
    assert other["found_due:0"] == "2026-03-27"


def test_the_one_line_log_offers_too_and_takes_the_person_it_names(viewer: User, acme: Relationship) -> None:
    client = signed_in(viewer)
    form = {"line": "call Ana Ruiz @Acme fine. We will send the quote by Friday", "idempotency_key": "k"}
    response = client.post("/log/preview/", form)
    offered = fields_of(response)
    assert "Found a promise: We promise: Send the quote" in words_of(response)
    assert (
        client.post("/log/", form | offered | {"found": next(iter(offered)).partition(":")[2]}).status_code
        == 302
    )
    assert ledger() == [("ours", "Send the quote", FRIDAY)]
    promised = Commitment.objects.get()
    assert promised.person is not None
    assert promised.person.name == "Ana Ruiz"


def test_the_one_line_log_asks_for_the_day_before_it_writes(viewer: User, acme: Relationship) -> None:
    client = signed_in(viewer)
    form = {"line": "call @Acme fine. We will send the quote", "idempotency_key": "k"}
    offered = fields_of(client.post("/log/preview/", form))
    key = next(iter(offered)).partition(":")[2]
    response = client.post("/log/", form | offered | {"found": key}, **HTMX)
    assert response.status_code == 422
    assert "By which day is “Send the quote” promised?" in words_of(response)
    assert Interaction.objects.count() == 0


def test_the_phones_sheet_offers_what_its_text_says(viewer: User, acme: Relationship) -> None:
    client = signed_in(viewer)
    form = {"party": f"{acme.pk}-", "channel": "call", "body": "They will pay by Friday"}
    response = client.post("/log/promises/", form)
    assert "Found a promise: They promise: Pay . Add it?" in words_of(response)
    offered = fields_of(response)
    refused = client.post("/log/", form | offered | {"found": "0", "found_due:0": ""})
    assert refused.status_code == 422
    assert "By which day is “Pay” promised?" in words_of(refused)
    assert b'name="found" value="0" checked' in refused.content
    client.post("/log/", form | offered | {"found": "0"})
    assert ledger() == [("theirs", "Pay", FRIDAY)]


def test_whoever_may_promise_nothing_is_offered_nothing(acme: Relationship) -> None:
    client = signed_in(make_user("auditor"))
    text = "We will send the quote by Friday"
    for address in (f"/customers/{acme.pk}/interactions/preview/", "/log/preview/", "/log/promises/"):
        assert "Found" not in words_of(client.post(address, {"body": text, "line": text}))


def test_a_person_who_is_the_other_side_is_known_by_name(viewer: User) -> None:
    person = make_person("Bea Stone")
    client = signed_in(viewer)
    here = make_relationship("suppliers", party=person, owner=viewer)
    preview = client.post(f"/suppliers/{here.pk}/interactions/preview/", {"body": "Bea will call tomorrow"})
    assert "They promise: Call" in words_of(preview)
