"""Fields of the workspace's own: made and kept by administrators, without losing what they hold."""

from decimal import Decimal

import pytest

from accounts.models import AuditEntry, User
from core.refusals import Conflict, Invalid, NotAllowed
from relationships.models import CustomChoice, CustomValue
from relationships.operations import custom_fields as operations
from relationships.operations.custom_values import set_custom_values
from relationships.queries.custom_fields import definitions, every_definition
from relationships.queries.custom_values import values_of
from tests.doors import signed_in
from tests.factories import NOW, make_field, make_relationship, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("workspace")]


@pytest.fixture
def admin() -> User:
    return make_user("administrator")


def labels(kind: str = "customers") -> list[str]:
    return [each.label for each in definitions(kind)]


def errors(refusal: pytest.ExceptionInfo[Invalid]) -> dict[str, list[str]]:
    return refusal.value.errors


def test_a_field_gets_a_key_of_its_label_that_no_other_of_the_kind_has(admin: User) -> None:
    keys = [
        make_field(label=label, actor=admin).key
        for label in ("Größe (m²)", "Grosse m2", "7 days", "Grosse m2")
    ]
    assert keys == ["groe_m2", "grosse_m2", "f_7_days", "grosse_m2_2"]
    assert make_field(label="Grosse m2", kind="suppliers", actor=admin).key == "grosse_m2"


def test_what_makes_no_sense_is_refused_by_name(admin: User) -> None:
    make_field(key="budget", actor=admin)
    with pytest.raises(Invalid) as refusal:
        make_field("money", label=" ", key="budget", unit="XXX", least=9, most=Decimal(10) ** 12, actor=admin)
    assert errors(refusal) == {
        "label": ["This cannot be empty."],
        "unit": ["“XXX” is not known here. Possible: EUR, GBP, USD."],
        "most": ["“1000000000000” is too large to be kept."],
        "key": ["Another field has the key “budget”."],
    }
    with pytest.raises(Invalid) as refusal:
        make_field("choice", key="Bad Key", choices=["A", "a", " "], required_stages=["nowhere"], actor=admin)
    assert set(errors(refusal)) == {"required_stages", "key", "choices"}
    with pytest.raises(Invalid) as refusal:
        make_field("choice", choices=[""], actor=admin)
    assert errors(refusal) == {"choices": ["Write at least one choice."]}
    with pytest.raises(Invalid, match="below the least, 5"):
        make_field("whole", least=Decimal(5), most=Decimal(4), actor=admin)
    with pytest.raises(Invalid):
        make_field("choices", choices=[str(number) for number in range(201)], actor=admin)


def test_only_who_manages_the_workspace_may() -> None:
    field = make_field()
    manager = make_user("relationship_manager")
    with pytest.raises(NotAllowed):
        make_field(label="Other", actor=manager)
    for operation in (operations.archive_field, operations.restore_field):
        with pytest.raises(NotAllowed):
            operation(actor=manager, field=field, now=NOW)
    assert labels() == ["Contract"]


def test_fields_change_places_and_archived_ones_come_back_last_with_their_values(admin: User) -> None:
    one, two, three = (make_field(label=label, actor=admin) for label in ("One", "Two", "Three"))
    relationship = make_relationship()
    set_custom_values(actor=admin, relationship=relationship, values={"one": "kept"}, now=NOW)
    operations.move_field(actor=admin, field=three, forwards=False, now=NOW)
    operations.move_field(actor=admin, field=one, forwards=False, now=NOW)
    assert labels() == ["One", "Three", "Two"]
    operations.archive_field(actor=admin, field=one, now=NOW)
    operations.move_field(actor=admin, field=one, forwards=True, now=NOW)
    assert labels() == ["Three", "Two"]
    with pytest.raises(Conflict):
        operations.archive_field(actor=admin, field=one, now=NOW)
    operations.restore_field(actor=admin, field=one, now=NOW)
    with pytest.raises(Conflict):
        operations.restore_field(actor=admin, field=two, now=NOW)
    assert labels() == ["Three", "Two", "One"]
    assert values_of([relationship.pk], definitions("customers"))[relationship.pk] == {"one": "kept"}
    verbs = set(AuditEntry.objects.filter(subject_type="customfield").values_list("verb", flat=True))
    assert verbs == {
        "custom_field_created", "custom_field_moved", "custom_field_archived", "custom_field_restored",
    }  # fmt: skip


def test_a_field_is_described_otherwise_but_amounts_keep_their_currency(admin: User) -> None:
    field = make_field("money", label="Budget", actor=admin)
    edited = operations.edit_field(
        actor=admin, field=field, label="Yearly budget", section="Money", least=Decimal(1), longest=5, now=NOW
    )
    assert (edited.key, edited.label, edited.section, edited.longest) == (
        "budget",
        "Yearly budget",
        "Money",
        None,
    )
    with pytest.raises(TypeError, match="key"):
        operations.edit_field(actor=admin, field=field, key="other", now=NOW)
    set_custom_values(actor=admin, relationship=make_relationship(), values={"budget": "5"}, now=NOW)
    with pytest.raises(Invalid) as refusal:
        operations.edit_field(actor=admin, field=field, unit="EUR", now=NOW)
    assert errors(refusal)["unit"][-1] == "There are amounts in GBP already."


def test_choices_are_renamed_moved_and_retired_without_losing_a_value(admin: User) -> None:
    field = make_field("choice", label="Level", actor=admin)
    gold, silver = field.choices.order_by("position")
    relationship = make_relationship()
    set_custom_values(actor=admin, relationship=relationship, values={"level": "gold"}, now=NOW)
    operations.rename_choice(actor=admin, choice=gold, label="Gilded", now=NOW)
    operations.add_choice(actor=admin, field=field, label="Bronze", now=NOW)
    operations.move_choice(actor=admin, choice=silver, forwards=False, now=NOW)
    operations.move_choice(actor=admin, choice=CustomChoice(pk=0, field=field), forwards=False, now=NOW)
    operations.retire_choice(actor=admin, choice=gold, now=NOW)
    options = definitions("customers")[0].options
    assert [(each.label, each.is_retired) for each in options] == [
        ("Silver", False), ("Gilded", True), ("Bronze", False),
    ]  # fmt: skip
    set_custom_values(actor=admin, relationship=relationship, values={"level": "gold"}, now=NOW)
    with pytest.raises(Invalid) as refusal:
        set_custom_values(actor=admin, relationship=make_relationship(), values={"level": "gold"}, now=NOW)
    assert errors(refusal) == {"custom.level": ["“gold” is not known here. Possible: Silver, Bronze."]}
    operations.return_choice(actor=admin, choice=gold, now=NOW)
    assert not every_definition("customers")[0].options[1].is_retired
    with pytest.raises(Invalid):
        operations.rename_choice(actor=admin, choice=silver, label="bronze", now=NOW)
    with pytest.raises(Invalid):
        operations.add_choice(actor=admin, field=make_field(actor=admin), label="No", now=NOW)
    assert CustomValue.objects.count() == 1


def test_a_list_of_choices_and_a_kind_have_their_limits(admin: User, monkeypatch: pytest.MonkeyPatch) -> None:
    field = make_field("choice", actor=admin)
    monkeypatch.setattr(operations, "MOST_CHOICES", 2)
    with pytest.raises(Invalid, match="At most 2 choices"):
        operations.add_choice(actor=admin, field=field, label="Third", now=NOW)
    monkeypatch.setattr(operations, "MOST_FIELDS", 1)
    with pytest.raises(Conflict, match="at most 1"):
        make_field(label="Second", actor=admin)


def test_an_administrator_makes_a_field_on_its_page_and_sees_how_it_will_look(admin: User) -> None:
    client = signed_in(admin)
    assert client.get("/administration/fields/", follow=True).redirect_chain[0][0] == (
        "/administration/fields/customers/"
    )
    there = "/administration/fields/customers/"
    said = {"label": "Level", "type": "choice", "choices": "Gold\nSilver", "required_stages": "active"}
    drawn = client.get(f"{there}preview/", said).content.decode()
    assert "Gold" in drawn
    assert "Needed in:" in drawn
    refused = client.post(f"{there}new/", said | {"choices": ""})
    assert refused.status_code == 422
    assert "Write at least one choice." in refused.content.decode()
    assert client.post(f"{there}new/", said).status_code == 302
    made = every_definition("customers")[0]
    page = f"/administration/fields/{made.id}/"
    assert client.get(page).status_code == 200
    assert client.post(page, {"label": "Grade"}).status_code == 302
    assert client.get(f"{there}preview/", {"field": str(made.id), "label": "Mark"}).status_code == 200
    assert client.post(f"{page}moves/", {"to": "down"}).status_code == 302
    assert client.post(f"{page}moves/", {"to": "up"}, headers={"HX-Request": "true"}).status_code == 200
    assert client.post(f"{page}choices/", {"label": "Bronze"}).status_code == 302
    assert client.post(f"{page}choices/", {"label": ""}).status_code == 422
    choice = f"/administration/choices/{made.options[0].id}/"
    for noun, data in (
        ("", {"label": "Best"}),
        ("moves/", {"to": "down"}),
        ("retirement/", {}),
        ("return/", {}),
    ):
        answer = client.post(choice + noun, data, headers={"HX-Request": "true"})
        assert (answer.status_code, "Best" in answer.content.decode()) == (200, True)
    assert client.post(choice, {"label": ""}, headers={"HX-Request": "true"}).status_code == 422
    assert client.post(f"{page}archiving/").status_code == 302
    assert "Grade" in client.get(there).content.decode()
    assert client.post(f"{page}restoring/").status_code == 302
    assert labels() == ["Grade"]
