"""Web forms: what visitors send becomes a relationship, a talk and a follow-up, and tells them nothing."""

import re
from collections.abc import Iterator
from datetime import timedelta
from itertools import count
from typing import Any

import pytest
import time_machine
from django.core.cache import cache
from django.test import Client

from accounts.models import User
from accounts.operations.workspace import ensure_workspace
from automation.models import SentForm, WebForm
from automation.operations.intake import drop_sent, release_sent, take_in_waiting
from automation.operations.web_forms import Draft, create_form, edit_form, switch_form
from automation.queries.web_forms import forms_of, sent_by, sent_of, wordings_of
from core.refusals import Conflict, Invalid, Missing, NotAllowed
from relationships.models import (
    Consent,
    ErasedIdentity,
    FollowUp,
    Interaction,
    Party,
    Purpose,
    PurposeWording,
    Relationship,
)
from relationships.operations.contact_points import add_contact_point
from relationships.queries.erased import digest_of
from tests.doors import signed_in
from tests.factories import NOW, make_party, make_person, make_relationship, make_user
from tests.factories.custom import make_field

pytestmark = pytest.mark.django_db
ANSWERS = {
    "organisation": "Kiln & Sons",
    "name": "Ines Roth",
    "email": "Ines@Kiln.example",
    "message": "A quote?",
}
ASKED = {
    "organisation": "asked",
    "name": "required",
    "email": "required",
    "phone": "asked",
    "message": "asked",
}
_addresses = count(1)


@pytest.fixture
def author() -> User:
    ensure_workspace(now=NOW)
    return make_user("relationship_manager", name="Author")


@pytest.fixture(autouse=True)
def _clock() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def visitor() -> Client:
    """Somebody on the internet, from an address of their own."""
    return Client(REMOTE_ADDR=f"198.51.100.{next(_addresses)}", enforce_csrf_checks=True)


def draft(author: User, **given: Any) -> Draft:
    told: dict[str, Any] = {
        "name": "Contact page",
        "title": "Write to us",
        "thanks": "We will be in touch.",
        "asked": ASKED,
        "people": [author.pk],
        "follow_up": "Answer them",
        "follow_up_days": 2,
    }
    return Draft(**told | given)


def make_form(author: User, *, kind: str = "customers", **given: Any) -> WebForm:
    form = create_form(actor=author, kind=kind, draft=draft(author, **given), now=NOW)
    return switch_form(actor=author, form=form, is_on=True, now=NOW)


def opened(visitor: Client, form: WebForm) -> str:
    page = visitor.get(f"/forms/{form.public_id}/").content.decode()
    found = re.search(r'name="page" value="([^"]+)"', page)
    assert found
    return found[1]


def send(visitor: Client, form: WebForm, after: int = 20, **answers: str) -> Any:
    """Opened, filled in for so many seconds, and sent."""
    page = opened(visitor, form)
    with time_machine.travel(NOW + timedelta(seconds=after), tick=False):
        return visitor.post(f"/forms/{form.public_id}/", {"page": page, **ANSWERS, **answers})


def take_in() -> SentForm:
    take_in_waiting(now=NOW + timedelta(minutes=1))
    return SentForm.objects.latest("pk")


def test_what_a_visitor_sends_becomes_a_relationship_a_talk_and_a_follow_up(
    author: User, visitor: Client
) -> None:
    form = make_form(author, questions=["How many?"])
    answer = send(visitor, form, question_0="12")
    assert (answer.status_code, answer.headers["Location"]) == (303, f"/forms/{form.public_id}/thanks/")
    assert "We will be in touch." in visitor.get(answer.headers["Location"]).content.decode()
    sent = take_in()
    assert (sent.state, sent.told["answers"]["email"]) == ("opened", "Ines@Kiln.example")
    relationship = Relationship.objects.get()
    assert (relationship.party_name, relationship.owner, sent.relationship) == (
        "Kiln & Sons",
        author,
        relationship,
    )
    talk = Interaction.objects.get()
    assert (talk.direction, talk.subject, talk.happened_at) == (
        "in",
        "Write to us",
        NOW + timedelta(seconds=20),
    )
    assert "How many?: 12" in talk.body
    assert [person.name for person in talk.people.all()] == ["Ines Roth"]
    assert FollowUp.objects.get().due_date == NOW.date() + timedelta(days=2)
    assert take_in_waiting(now=NOW) == 0


def test_somebody_known_is_found_by_their_address_and_the_visitor_sees_no_difference(
    author: User, visitor: Client
) -> None:
    form = make_form(author)
    relationship = make_relationship(owner=author)
    person = make_person("Ines Roth", works_for=relationship.party)
    add_contact_point(actor=author, party=person, kind="email", value="ines@kiln.example", now=NOW)
    known = send(visitor, form)
    assert take_in().state == "matched"
    new = send(visitor, form, organisation="Other", email="nobody@other.example", name="Nobody")
    assert take_in().state == "opened"
    assert (known.status_code, known.headers["Location"]) == (new.status_code, new.headers["Location"])
    assert {"Location", "Content-Type"} <= set(known.headers)
    talk = Interaction.objects.earliest("pk")
    assert (talk.relationship, list(talk.people.all())) == (relationship, [person])


def test_an_organisation_is_found_by_its_name_and_taken_up_in_another_kind_by_its_address(
    author: User, visitor: Client
) -> None:
    form = make_form(author)
    relationship = make_relationship(name="Kiln & Sons", owner=author)
    send(visitor, form)
    assert take_in().relationship == relationship
    supplier = make_relationship("suppliers", name="Clay Ltd", owner=author)
    add_contact_point(actor=author, party=supplier.party, kind="phone", value="+441134960111", now=NOW)
    send(visitor, form, organisation="Clay", name="Zed", email="z@clay.example", phone="0113 496 0111")
    sent = take_in()
    assert sent.relationship is not None
    assert (sent.state, sent.relationship.party, sent.relationship.kind) == (
        "matched",
        supplier.party,
        "customers",
    )


def test_whoever_the_author_may_not_know_of_is_not_found(author: User, visitor: Client) -> None:
    form = make_form(author)
    hidden = make_party("Kiln & Sons", confidentiality=3)
    send(visitor, form)
    sent = take_in()
    assert sent.state == "opened"
    assert Party.objects.filter(name="Kiln & Sons").count() == 2
    assert sent.relationship is not None
    assert sent.relationship.party != hidden


def test_a_person_alone_is_somebody_new_too(author: User, visitor: Client) -> None:
    form = make_form(author, asked={**ASKED, "organisation": "not"})
    send(visitor, form)
    assert take_in().state == "opened"
    party = Relationship.objects.get().party
    assert (party.kind, party.name) == ("person", "Ines Roth")
    assert party.contact_points.get().normalised == "ines@kiln.example"


def test_new_ones_are_given_out_in_turn(author: User, visitor: Client) -> None:
    other = make_user("relationship_manager")
    form = make_form(author, people=[author.pk, other.pk])
    for number in range(3):
        send(
            visitor,
            form,
            organisation=f"Firm {number}",
            name=f"Visitor {number}",
            email=f"v{number}@x.example",
        )
        take_in()
    owners = Relationship.objects.order_by("pk").values_list("owner", flat=True)
    assert list(owners) == [author.pk, other.pk, author.pk]


def purpose_of(user: User) -> PurposeWording:
    purpose = Purpose.objects.create(slug="offers", name="Offers", basis="consent")
    return PurposeWording.objects.create(
        purpose=purpose, version=1, text="Send me offers", written_at=NOW, written_by=user
    )


def test_consent_is_kept_with_its_wording_and_never_by_a_stranger_for_somebody_known(
    author: User, visitor: Client
) -> None:
    wording = purpose_of(author)
    form = make_form(author, purposes=[wording.purpose_id])
    assert wordings_of(form) == [wording]
    assert "Send me offers" in visitor.get(f"/forms/{form.public_id}/").content.decode()
    send(visitor, form, **{f"agree_{wording.pk}": "on"})
    take_in()
    consent = Consent.objects.get()
    assert (consent.wording, consent.door, consent.state, consent.party.name) == (
        wording,
        "web_form",
        "given",
        "Ines Roth",
    )
    send(visitor, form, **{f"agree_{wording.pk}": "on"})
    assert take_in().state == "matched"
    assert Consent.objects.count() == 1
    assert "Agrees to: Offers" in Interaction.objects.latest("pk").body


@pytest.mark.parametrize(
    ("after", "given", "reason"),
    [
        (1, {}, "It was sent faster than anybody writes."),
        (20, {"homepage": "x"}, "A field that nobody sees was filled in."),
        (20, {"message": "http://a http://b www.c https://d"}, "It holds many links."),
    ],
)
def test_what_no_person_wrote_is_thanked_for_and_held(
    author: User, visitor: Client, after: int, given: dict[str, str], reason: str
) -> None:
    form = make_form(author)
    assert send(visitor, form, after, **given).status_code == 303
    sent = take_in()
    assert (sent.state, sent.reason, Relationship.objects.count()) == ("held", reason, 0)
    release_sent(actor=author, sent=sent, now=NOW)
    assert take_in().state == "opened"
    with pytest.raises(Conflict):
        drop_sent(actor=author, sent=sent, now=NOW)


def test_what_cannot_be_taken_in_is_held_with_the_reason(author: User, visitor: Client) -> None:
    form = make_form(author)
    send(visitor, form, phone="12")
    sent = take_in()
    assert sent.state == "held"
    assert "12" in sent.reason
    drop_sent(actor=author, sent=sent, now=NOW)
    assert SentForm.objects.get().state == "dropped"
    User.objects.filter(pk=author.pk).update(is_active=False, deactivated_at=NOW)
    assert visitor.get(f"/forms/{form.public_id}/").status_code == 404


def test_a_stage_that_needs_own_fields_is_no_form_s_and_nothing_sent_is_lost(
    author: User, visitor: Client
) -> None:
    client = signed_in(author)
    form = make_form(author, stage="active")
    for label, stage in (("Budget", "active"), ("Plan", "active"), ("Other", "lapsed")):
        make_field(label=label, required_stages=[stage])
    words = "This stage needs what a web form does not ask for: Budget, Plan. Choose another stage."
    for save in (
        lambda: create_form(actor=author, kind="customers", draft=draft(author, stage="active"), now=NOW),
        lambda: edit_form(actor=author, form=form, version=1, draft=draft(author, stage="active"), now=NOW),
    ):
        with pytest.raises(Invalid) as refusal:
            save()
        assert refusal.value.errors == {"stage": [words]}
    send(visitor, form)
    sent = take_in()
    assert (sent.state, sent.told["answers"]["name"], Relationship.objects.count()) == (
        "held",
        "Ines Roth",
        0,
    )
    assert "“Budget” is needed" in sent.reason
    assert "does not ask for: Budget, Plan." in client.get(f"/settings/forms/{form.pk}/").content.decode()
    form = switch_form(actor=author, form=form, is_on=False, now=NOW)
    with pytest.raises(Conflict, match="Budget, Plan"):
        switch_form(actor=author, form=form, is_on=True, now=NOW)
    edit_form(actor=author, form=form, version=1, draft=draft(author, stage="prospect"), now=NOW)
    assert "does not ask for" not in client.get(f"/settings/forms/{form.pk}/").content.decode()
    release_sent(actor=author, sent=sent, now=NOW)
    assert take_in().state == "opened"
    assert Relationship.objects.get().stage == "prospect"


def test_who_was_erased_does_not_come_back_unseen(author: User, visitor: Client) -> None:
    digest = digest_of("email", "ines@kiln.example")
    ErasedIdentity.objects.create(kind="email", digest=digest, party_number=7, erased_at=NOW)
    send(visitor, make_form(author))
    sent = take_in()
    assert (sent.state, "was erased" in sent.reason, Relationship.objects.count()) == ("held", True, 0)
    release_sent(actor=author, sent=sent, now=NOW)
    assert take_in().state == "opened"


def test_nobody_left_to_give_it_to_holds_it(author: User, visitor: Client) -> None:
    heir = make_user("relationship_manager")
    form = make_form(author, people=[heir.pk])
    User.objects.filter(pk=heir.pk).update(is_active=False, deactivated_at=NOW)
    send(visitor, form)
    assert take_in().reason == "None of the people named works here any more."


def test_a_page_is_taken_once_and_not_for_ever(author: User, visitor: Client) -> None:
    form = make_form(author)
    page = opened(visitor, form)
    here = f"/forms/{form.public_id}/"
    for _ in range(2):
        with time_machine.travel(NOW + timedelta(seconds=9), tick=False):
            assert visitor.post(here, {"page": page, **ANSWERS}).status_code == 303
    assert SentForm.objects.count() == 1
    late = send(visitor, form, after=25 * 3600)
    assert late.status_code == 422
    assert "open for too long" in late.content.decode()
    assert "Ines@Kiln.example" in late.content.decode()
    other = make_form(author)
    assert visitor.post(here, {"page": opened(visitor, other), **ANSWERS}).status_code == 422
    assert visitor.post(here, {**ANSWERS}).status_code == 422
    assert SentForm.objects.count() == 1


def test_an_address_sends_so_often_and_no_more(author: User, visitor: Client) -> None:
    cache.clear()
    form = make_form(author)
    answers = [send(visitor, form).status_code for _ in range(6)]
    assert answers == [303] * 5 + [429]
    elsewhere = Client(REMOTE_ADDR="198.51.100.250")
    assert send(elsewhere, form).status_code == 303


def test_too_much_is_refused_and_what_is_missing_is_asked_for(author: User, visitor: Client) -> None:
    form = make_form(author)
    assert send(visitor, form, message="x" * 70_000).status_code == 413
    wrong = send(visitor, form, name="", email="nobody")
    assert wrong.status_code == 422
    assert "id_name_error" in wrong.content.decode()
    assert SentForm.objects.count() == 0


def test_only_the_listed_places_may_frame_it_and_no_cookie_is_set(author: User, visitor: Client) -> None:
    framed = make_form(author, origins=["https://Shop.example/", "https://www.shop.example:8443"])
    alone = make_form(author)
    for page in (f"/forms/{framed.public_id}/", f"/forms/{framed.public_id}/thanks/"):
        answer = visitor.get(page)
        policy = answer.headers["Content-Security-Policy"]
        assert "frame-ancestors https://shop.example https://www.shop.example:8443;" in policy + ";"
        assert "X-Frame-Options" not in answer.headers
        assert answer.cookies == {}
        assert "no-store" in answer.headers["Cache-Control"]
    answer = visitor.get(f"/forms/{alone.public_id}/")
    assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]
    assert answer.headers["X-Frame-Options"] == "DENY"
    sent = send(visitor, framed)
    assert (sent.cookies, visitor.cookies) == ({}, {})
    assert "<script" not in answer.content.decode()
    assert visitor.get("/settings/forms/").headers["X-Frame-Options"] == "DENY"


def test_a_closed_form_and_one_that_is_not_there_look_alike(author: User, visitor: Client) -> None:
    form = make_form(author)
    switch_form(actor=author, form=form, is_on=False, now=NOW)
    closed, none = visitor.get(f"/forms/{form.public_id}/"), visitor.get("/forms/none/")
    assert (closed.status_code, closed.content) == (404, none.content)
    assert visitor.get(f"/forms/{form.public_id}/thanks/").status_code == 404


def test_what_is_wrong_with_a_form_is_named(author: User) -> None:
    wrong = draft(
        author,
        name="",
        title="",
        thanks="",
        intro="x" * 601,
        asked={"name": "asked", "email": "perhaps"},
        people=[],
        purposes=[0],
        choosing="lot",
        stage="none",
        follow_up="",
        follow_up_days=999,
        questions=[f"{number}?" for number in range(11)],
        origins=["https://a.example/path", *(f"https://{number}.example" for number in range(20))],
    )
    with pytest.raises(Invalid) as refusal:
        create_form(actor=author, kind="customers", draft=wrong, now=NOW)
    names = {
        "name",
        "title",
        "thanks",
        "intro",
        "asked",
        "people",
        "purposes",
        "choosing",
        "stage",
        "follow_up",
    }
    assert set(refusal.value.errors) == names | {"follow_up_days", "questions", "origins"}
    for origin in ("*", "https://*.example", "https://a.example; script-src *", "http://a.example", "null"):
        with pytest.raises(Invalid) as refusal:
            create_form(actor=author, kind="customers", draft=draft(author, origins=[origin]), now=NOW)
        assert set(refusal.value.errors) == {"origins"}
    with pytest.raises(NotAllowed):
        create_form(actor=make_user("representative"), kind="customers", draft=draft(author), now=NOW)


def test_only_its_author_changes_it_and_who_runs_the_workspace_closes_it(
    author: User, visitor: Client
) -> None:
    form = make_form(author)
    administrator, other = make_user("administrator"), make_user("relationship_manager")
    assert list(forms_of(other)) == []
    edited = edit_form(actor=author, form=form, version=1, draft=draft(author, name="New"), now=NOW)
    assert (str(edited), edited.version) == ("New", 2)
    with pytest.raises(Conflict):
        edit_form(actor=author, form=form, version=1, draft=draft(author), now=NOW)
    with pytest.raises(NotAllowed):
        edit_form(actor=administrator, form=form, version=2, draft=draft(author), now=NOW)
    with pytest.raises(Missing):
        edit_form(actor=other, form=form, version=2, draft=draft(author), now=NOW)
    send(visitor, form)
    assert [len(sent_by(who, form)) for who in (author, administrator, other)] == [1, 0, 0]
    switch_form(actor=administrator, form=form, is_on=False, now=NOW)
    with pytest.raises(NotAllowed):
        switch_form(actor=administrator, form=form, is_on=True, now=NOW)
    with pytest.raises(Conflict):
        switch_form(actor=author, form=form, is_on=False, now=NOW)
    with pytest.raises(Missing):
        sent_of(administrator, form, SentForm.objects.get().pk)
    with pytest.raises(Missing):
        release_sent(actor=administrator, sent=SentForm.objects.get(), now=NOW)
