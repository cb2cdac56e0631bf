"""Logging by hand: the line with its preview, its questions, the phone's sheet, and what the page is told."""

import json
import re
from datetime import date, timedelta
from html import unescape

import pytest
from django.test import Client

from accounts.models import User
from relationships.models import Commitment, FollowUp, Interaction, Party, Relationship
from relationships.queries.quick_log_suggestions import suggested
from tests.doors import signed_in
from tests.factories import (
    NOW,
    make_follow_up,
    make_interaction,
    make_party,
    make_person,
    make_relationship,
    make_user,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_now")]
HTMX = {"HTTP_HX_REQUEST": "true"}


def words_of(response) -> str:
    return unescape(" ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split()))


def acme(name: str = "Acme", kind: str = "customers", person: str = "Ana Ruiz") -> Relationship:
    relationship = make_relationship(kind, party=make_party(name))
    make_person(person, works_for=relationship.party)
    return relationship


def log(client: Client, line: str, **more):
    return client.post("/log/", {"line": line, **more}, **HTMX)


def test_a_clear_line_is_logged_with_everything_in_it() -> None:
    relationship = acme()
    viewer = make_user()
    response = log(
        signed_in(viewer),
        "call Ana Ruiz @Acme price rise angry !us by fri send quote >tue call back #renewal",
    )
    assert response.status_code == 200
    told = json.loads(response.headers["HX-Trigger"])
    logged = Interaction.objects.get()
    assert told["interaction:logged"] == {"relationship": relationship.pk, "interaction": logged.pk}
    assert told["dialog:close"] is True
    assert (logged.channel, logged.body, logged.tags, logged.sentiment) == (
        "call",
        "price rise",
        ["renewal"],
        -1.0,
    )
    assert [(row.what, row.current_due_date) for row in Commitment.objects.all()] == [
        ("send quote", date(2026, 3, 20))
    ]
    assert [(row.what, row.due_date) for row in FollowUp.objects.all()] == [("call back", date(2026, 3, 24))]
    assert "Call logged 1 commitment added, 1 follow-up planned for Acme" in words_of(response)


def test_a_line_is_read_in_its_writers_language_and_the_page_says_so() -> None:
    acme()
    writer = make_user()
    User.objects.filter(pk=writer.pk).update(language="fr")
    client = signed_in(writer)
    page = client.get("/log/").content.decode()
    assert [
        words in page for words in ("<kbd>!nous</kbd>", "<kbd>&gt;ven</kbd>", "Les mots anglais sont compris")
    ] == [1, 1, 1]
    assert (
        log(client, "appel d’Ana Ruiz @Acme prix mécontente !nous avant ven envoyer devis").status_code == 200
    )
    logged = Interaction.objects.get()
    assert (logged.channel, logged.direction, logged.body, logged.sentiment) == ("call", "in", "prix", -0.5)
    assert [(row.what, row.current_due_date) for row in Commitment.objects.all()] == [
        ("envoyer devis", date(2026, 3, 20))
    ]
    assert "English words" not in signed_in(make_user()).get("/log/").content.decode()


def test_without_scripts_a_line_leads_to_the_record() -> None:
    relationship = acme()
    response = signed_in(make_user()).post("/log/", {"line": "note @Acme they moved house"})
    assert (response.status_code, response.headers["Location"]) == (302, f"/customers/{relationship.pk}/")


def test_the_preview_shows_what_would_be_written_and_writes_nothing() -> None:
    acme()
    client = signed_in(make_user())
    line = "met Ana Ruiz @Acme yesterday 14:00 price rise happy 20m !them by fri send figures !!high #tender"
    response = client.post("/log/preview/", {"line": line}, **HTMX)
    words = words_of(response)
    for said in (
        "Meeting", "Ana Ruiz, Acme (Customer)", "20 min", "Yesterday 14:00", "price rise", "happy",
        "They promise send figures, Fri 20 Mar", "High", "#tender", "Clear. Enter saves it.",
    ):  # fmt: skip
        assert said in words
    assert 'class="tok is-person"' in response.content.decode()
    assert Interaction.objects.count() == 0


def test_an_empty_line_previews_its_purpose_and_is_not_logged() -> None:
    client = signed_in(make_user())
    assert "what was understood is shown here" in words_of(client.post("/log/preview/", {"line": ""}, **HTMX))
    response = log(client, "  ")
    assert (response.status_code, words_of(response)) == (422, "Write what happened.")


def test_two_of_a_name_are_asked_about_and_the_answer_is_taken() -> None:
    acme()
    second = make_person("Ana Ruiz", works_for=Party.objects.get(name="Acme"), job_title="Buyer")
    client = signed_in(make_user())
    asked = log(client, "call Ana Ruiz @Acme price rise")
    assert asked.status_code == 422
    assert "Who is it?" in words_of(asked)
    key = re.search(rf'name="(answer:[^"]+)" value="party:{second.pk}"', asked.content.decode())[1]
    assert log(client, "call Ana Ruiz @Acme price rise", **{key: f"party:{second.pk}"}).status_code == 200
    assert [person.pk for person in Interaction.objects.get().people.all()] == [second.pk]


def test_a_given_answer_is_kept_while_the_line_is_typed_on() -> None:
    acme()
    second = make_person("Ana Ruiz", works_for=Party.objects.get(name="Acme"))
    answer = {"answer:person:ana ruiz": f"party:{second.pk}"}
    response = signed_in(make_user()).post(
        "/log/preview/", {"line": "call Ana Ruiz @Acme hm", **answer}, **HTMX
    )
    assert f'name="answer:person:ana ruiz" value="party:{second.pk}"' in response.content.decode()
    assert "Clear. Enter saves it." in words_of(response)


def test_an_unknown_organisation_can_be_written_down_as_new() -> None:
    client = signed_in(make_user())
    asked = log(client, "call @Novo first talk")
    assert "“Novo” is not known here." in words_of(asked)
    answers = re.findall(r'name="(answer:[^"]+)" value="(new:customers:)"', asked.content.decode())
    assert log(client, "call @Novo first talk", **dict(answers)).status_code == 200
    assert [(row.party_name, row.kind) for row in Relationship.objects.all()] == [("Novo", "customers")]


def test_a_line_that_says_it_without_doubt_can_be_chosen_instead() -> None:
    acme()
    client = signed_in(make_user())
    asked = log(client, "call Ana Ruiz @Acme !us by 03/04 send quote")
    lines = re.findall(r'name="use_line" value="([^"]+)"', asked.content.decode())
    assert len(lines) == 2
    assert (
        log(client, "call Ana Ruiz @Acme !us by 03/04 send quote", use_line=unescape(lines[0])).status_code
        == 200
    )
    assert Commitment.objects.get().current_due_date == date(2026, 4, 3)


def test_a_line_of_a_record_needs_no_name() -> None:
    relationship = acme()
    client = signed_in(make_user())
    assert log(client, "call price rise", relationship=relationship.pk).status_code == 200
    assert Interaction.objects.get().relationship_id == relationship.pk
    assert (
        f'value="{relationship.pk}"'
        in client.get(f"/log/?relationship={relationship.pk}", **HTMX).content.decode()
    )


def test_nothing_out_of_sight_is_offered_found_or_logged_with() -> None:
    hidden = acme("Secret Customer", "customers", "Hidden Helen")
    client = signed_in(make_user("relationship_manager", kind="suppliers"))
    words = words_of(client.post("/log/preview/", {"line": "call Hidden Helen @Secret"}, **HTMX))
    assert "Secret Customer" not in words
    assert log(client, "call hello", relationship=hidden.pk).status_code == 422
    assert "Secret Customer" not in words_of(client.get(f"/log/?relationship={hidden.pk}"))
    assert Interaction.objects.count() == 0


def test_who_may_not_log_is_told_so() -> None:
    acme()
    response = log(signed_in(make_user("auditor")), "call Ana Ruiz @Acme hello")
    assert response.status_code == 422
    assert "Your role does not allow logging with Acme." in words_of(response)


def test_a_line_sent_twice_is_logged_once() -> None:
    acme()
    client = signed_in(make_user())
    for _ in range(2):
        assert log(client, "call Ana Ruiz @Acme hello", idempotency_key="k1").status_code == 200
    assert Interaction.objects.count() == 1


def sheet(relationship: Relationship, **more) -> dict[str, object]:
    person = Party.objects.get(name="Ana Ruiz")
    return {
        "party": f"{relationship.pk}-{person.pk}",
        "channel": "call",
        "body": "She accepts 120 trays.",
        **more,
    }


def test_the_sheet_is_logged_by_two_taps_and_a_text() -> None:
    relationship = acme()
    response = signed_in(make_user()).post("/log/", sheet(relationship), **HTMX)
    assert response.status_code == 200
    logged = Interaction.objects.get()
    assert (logged.channel, logged.body) == ("call", "She accepts 120 trays.")
    assert [person.name for person in logged.people.all()] == ["Ana Ruiz"]


def test_the_sheet_says_how_it_went_how_they_felt_and_when_next() -> None:
    relationship = acme()
    form = sheet(
        relationship, outcome="left message", felt="-0.5", next="7", body="Late again !us by fri call back"
    )
    assert signed_in(make_user()).post("/log/", form, **HTMX).status_code == 200
    logged = Interaction.objects.get()
    assert (logged.outcome, logged.sentiment, logged.sentiment_by) == ("left message", -0.5, "person")
    assert Commitment.objects.get().what == "call back"
    assert FollowUp.objects.get().due_date == NOW.date() + timedelta(days=7)


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"party": ""}, "Say who it was with."),
        ({"body": ""}, "This field is required."),
        ({"next": "date"}, "Pick the day."),
        ({"next": "date", "next_date": "1492-10-12"}, "1492-10-12 is not between 1900 and 2100."),
        ({"body": "x @Nobody"}, "“Nobody” is not known here."),
    ],
)
def test_the_sheet_says_what_is_wrong_and_keeps_what_was_typed(wrong: dict[str, str], words: str) -> None:
    relationship = acme()
    response = signed_in(make_user()).post("/log/", sheet(relationship, outcome="moved") | wrong, **HTMX)
    assert response.status_code == 422
    assert words in words_of(response)
    assert 'value="moved" checked' in response.content.decode()
    assert Interaction.objects.count() == 0


def test_those_of_today_and_of_the_last_entries_are_suggested() -> None:
    viewer = make_user()
    planned, talked, hidden = acme("Acme"), acme("Bolt", person="Ben"), acme("Cove", "suppliers", "Cleo")
    ana, ben, cleo = (Party.objects.get(name=name) for name in ("Ana Ruiz", "Ben", "Cleo"))
    make_follow_up(planned, actor=viewer, due_date=NOW.date(), person=ana)
    make_interaction(talked, actor=viewer, people=[ben])
    make_interaction(hidden, actor=make_user(), people=[cleo])
    names = [(entry.name, entry.party_name) for entry in suggested(viewer=viewer, now=NOW)]
    assert names == [("Ana Ruiz", "Acme"), ("Ben", "Bolt"), ("Bolt", "Bolt")]
    own = suggested(viewer=viewer, now=NOW, relationship=talked)
    assert [entry.name for entry in own] == ["Ben", "Bolt"]


def test_on_a_record_the_log_is_about_that_relationship() -> None:
    owner = make_user(role="relationship_manager")
    clinic = make_relationship(party=make_party("Brightwater Clinics"), owner=owner)
    address = f"/log/?relationship={clinic.pk}"
    client = signed_in(owner)
    assert address in client.get(f"/customers/{clinic.pk}/").content.decode()
    assert f'name="relationship" value="{clinic.pk}"' in client.get(address).content.decode()
    assert "?relationship=" not in client.get("/customers/").content.decode()
