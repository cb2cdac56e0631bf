"""Contact points: the same address is the same however it is written."""

import pytest

from accounts.operations.workspace import Workspace
from core.refusals import Conflict, Invalid, Missing, NotAllowed
from relationships.models import ContactPoint, Event, Party
from relationships.operations.contact_points import (
    add_contact_point,
    edit_contact_point,
    normalise,
    prefer_contact_point,
    remove_contact_point,
)
from tests.factories import NOW, make_business_unit, make_party, make_relationship, make_user

pytestmark = pytest.mark.django_db


def add(party: Party, kind: str, value: str, **fields: object) -> ContactPoint:
    return add_contact_point(
        party=party, kind=kind, value=value, **{"actor": make_user(), "now": NOW, **fields}
    )


@pytest.mark.parametrize(
    ("kind", "value", "normal"),
    [
        ("email", " Ana.Ruiz@Example.ORG ", "ana.ruiz@example.org"),
        ("phone", "0113 496 0000", "+441134960000"),
        ("phone", "+34 912 34 56 78", "+34912345678"),
        ("url", "Example.org/shop/", "https://example.org/shop"),
        ("url", "http://example.org/a?b=1", "https://example.org/a?b=1"),
        ("postal", "1  High Street,\nLeeds", "1 high street, leeds"),
        ("social", "@AnaRuiz", "@anaruiz"),
    ],
)
def test_every_address_has_one_normal_form(workspace: Workspace, kind: str, value: str, normal: str) -> None:
    point = add(make_party(), kind, value)
    assert (point.value, point.normalised) == (value.strip(), normal)


def test_numbers_without_a_code_are_of_the_partys_country_else_of_our_own(workspace: Workspace) -> None:
    madrid = make_business_unit(country="ES")
    spanish = make_party(country="ES")
    of_madrid = make_relationship(business_unit=madrid).party
    assert [add(party, "phone", "912 34 56 78").normalised for party in (spanish, of_madrid)] == [
        "+34912345678"
    ] * 2
    with pytest.raises(Invalid):
        add(make_party(), "phone", "912 34 56 78")


@pytest.mark.parametrize(
    ("kind", "value", "words"),
    [
        ("pigeon", "x", "“pigeon” is not known here."),
        ("email", "", "This cannot be empty."),
        ("email", "ana", "“ana” is not an e-mail address:"),
        ("phone", "call me", "“call me” is not a phone number."),
        ("phone", "0113 496 0000 0000", "“0113 496 0000 0000” is too short or too long for a number of GB."),
        ("phone", "0111 111 1111", "No such number is in use: “0111 111 1111” read as +44"),
        ("url", "just words", "“just words” is not a web address."),
        ("url", "ftp://example.org", "“ftp://example.org” is not a web address."),
    ],
)
def test_what_is_no_address_is_refused_with_the_reason(
    workspace: Workspace, kind: str, value: str, words: str
) -> None:
    with pytest.raises(Invalid) as refused:
        add(make_party(), kind, value)
    assert " ".join(refused.value.errors.popitem()[1]).startswith(words)


def test_a_number_without_any_country_of_ours_is_read_as_british(db: None) -> None:
    assert normalise("phone", "0113 496 0000", "GB") == "+441134960000"


def test_one_address_is_kept_once_however_written(workspace: Workspace) -> None:
    party = make_party()
    add(party, "email", "ana@example.org")
    with pytest.raises(Conflict, match="already there"):
        add(party, "email", "ANA@example.org")
    other = add(party, "email", "bo@example.org")
    with pytest.raises(Conflict, match="already there"):
        edit_contact_point(actor=make_user(), contact_point=other, value="Ana@Example.org", now=NOW)


def test_the_first_of_a_kind_is_preferred_until_another_is(workspace: Workspace) -> None:
    party = make_party()
    first, second = add(party, "email", "a@example.org"), add(party, "email", "b@example.org")
    phone = add(party, "phone", "0113 496 0000")
    assert [first.is_preferred, second.is_preferred, phone.is_preferred] == [True, False, True]
    prefer_contact_point(actor=make_user(), contact_point=second, now=NOW)
    third = add(party, "email", "c@example.org", preferred=True)
    preferred = (
        party.contact_points.filter(is_preferred=True).order_by("kind").values_list("value", flat=True)
    )
    assert list(preferred) == [third.value, phone.value]


def test_a_contact_point_is_corrected_and_barred(workspace: Workspace) -> None:
    point = add(make_party(), "email", "a@example.org")
    barred = edit_contact_point(
        actor=make_user(), contact_point=point, value="b@example.org", label="work", do_not_use=True, now=NOW
    )
    assert (barred.normalised, barred.label, barred.do_not_use_since) == ("b@example.org", "work", NOW)
    again = edit_contact_point(actor=make_user(), contact_point=point, value="b@example.org", now=NOW)
    assert again.do_not_use_since is None


def test_what_is_removed_leaves_no_address_behind(workspace: Workspace) -> None:
    point = add(make_party(), "email", "a@example.org")
    remove_contact_point(actor=make_user(), contact_point=point, now=NOW)
    assert ContactPoint.objects.count() == 0
    assert "a@example.org" not in str(list(Event.objects.values_list("data", "reason")))
    with pytest.raises(Missing):
        remove_contact_point(actor=make_user(), contact_point=point, now=NOW)


def test_contact_points_follow_the_rights_on_their_party(workspace: Workspace) -> None:
    party = make_relationship("customers").party
    with pytest.raises(Missing):
        add(party, "email", "a@example.org", actor=make_user(kind="suppliers"))
    with pytest.raises(NotAllowed):
        add(party, "email", "a@example.org", actor=make_user("auditor"))
