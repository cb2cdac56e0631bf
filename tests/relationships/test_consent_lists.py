"""Lists by consent: who may be mailed for a purpose, who not, and who was never asked."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.http import QueryDict

from accounts.enums import Confidentiality
from accounts.models import User
from accounts.operations.workspace import Workspace
from relationships.filters.relationship_list import chips, parse_list
from relationships.models import Party, Purpose
from relationships.operations.consents import create_purpose, record_consent
from relationships.queries.native_fields import every_field
from relationships.queries.relationship_list import matching
from tests.doors import signed_in
from tests.factories import NOW, make_party, make_person, make_relationship, make_user

pytestmark = pytest.mark.django_db
THEN = NOW - timedelta(days=30)


@pytest.fixture(autouse=True)
def _afresh(workspace: Workspace) -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def viewer() -> User:
    return make_user("administrator")


def found(viewer: User, address: str) -> list[str]:
    query, complaints = parse_list("customers", QueryDict(address))
    assert complaints == []
    return sorted(matching(viewer=viewer, query=query, now=NOW).values_list("party_name", flat=True))


def say(actor: User, person: Party, state: str, **given: object) -> None:
    told = {"purpose": Purpose.objects.get(slug="newsletter"), "door": "letter", "said_at": THEN, **given}
    record_consent(actor=actor, party=person, state=state, now=THEN, **told)  # type: ignore[arg-type]  # as it takes them


def some(viewer: User) -> None:
    """People and firms, by what they or somebody there said of the newsletter."""
    ana, bob, cy, dan, eve = (make_person(name) for name in ("Ana", "Bob", "Cy", "Dan", "Eve"))
    for person in (ana, bob, cy, dan, eve):
        make_relationship(party=person, owner=viewer)
    say(viewer, ana, "given")
    say(viewer, bob, "refused")
    say(viewer, cy, "given", expires_at=NOW - timedelta(days=1))
    say(viewer, dan, "given", channels=["phone"])
    say(viewer, eve, "given", purpose=Purpose.objects.get(slug="events"))
    elm, fir = make_party("Elm Ltd"), make_party("Fir Ltd")
    for firm in (elm, fir):
        make_relationship(party=firm, owner=viewer)
    say(viewer, make_person("Jo", works_for=elm), "given")
    secret = make_person("Sam", works_for=fir)
    say(viewer, secret, "given")
    Party.objects.filter(pk=secret.pk).update(confidentiality=Confidentiality.CONFIDENTIAL)


@pytest.mark.parametrize("few", [5_000, 0])
def test_a_list_is_narrowed_by_who_may_be_mailed(
    few: int, viewer: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("relationships.queries.consent_list_fields.FEW", few)
    some(make_user("administrator"))
    answers = {answer: found(viewer, f"consent_newsletter={answer}") for answer in ("yes", "no", "unasked")}
    assert answers == {
        "yes": ["Ana", "Elm Ltd"],
        "no": ["Bob", "Cy"],
        "unasked": ["Dan", "Eve", "Fir Ltd"],
    }
    for answer, names in answers.items():
        either = f"if1=consent_newsletter:is:{answer}&if1=name:equals:dan&any=1"
        assert found(viewer, either) == sorted({*names, "Dan"})
        apart = f"if1=consent_newsletter:is:{answer}&if2=name:equals:dan&match=any"
        assert found(viewer, apart) == sorted({*names, "Dan"})
    assert found(viewer, "consent_newsletter=yes&consent_events=unasked") == ["Ana", "Elm Ltd"]


def test_each_purpose_that_wants_consent_is_offered_and_said_in_words(viewer: User) -> None:
    query, _complaints = parse_list("customers", QueryDict("consent_newsletter=unasked"))
    said = [(str(chip.label), str(chip.value)) for chip in chips(query, {})]
    assert said == [("May be mailed: Newsletter", "not asked")]
    keys = {field.key for field in every_field(viewer, "customers")}
    assert {"consent_newsletter", "consent_events"} <= keys
    assert "consent_service" not in keys
    given = {"basis": "consent", "what": "", "wording": "Write to me", "now": NOW}
    create_purpose(actor=viewer, name="Trade fairs", slug="fairs", **given)
    assert "consent_fairs" in {field.key for field in every_field(viewer, "customers")}
    page = signed_in(viewer).get("/customers/?consent_fairs=unasked").content.decode()
    assert "May be mailed: Trade fairs" in page
