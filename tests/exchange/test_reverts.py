"""An import taken back: what it made, what it changed, and what somebody has used since."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client

from accounts.models import AuditEntry, User
from accounts.operations.workspace import Workspace
from commerce.models import Order, OrderLine, Payment, Product
from core.refusals import Conflict, NotAllowed
from exchange.models import ChangedRow, HeldRow, ImportRun
from exchange.operations import changes
from exchange.operations.contacts import ingest_contacts
from exchange.operations.corrections import correct_held
from exchange.operations.jobs import want_reversal
from exchange.operations.revert import Reverted, revert_import
from exchange.operations.source_files import SourceFile
from exchange.tasks import carry_out_imports
from relationships import kinds
from relationships.models import ContactPoint, Interaction, Party, PartyLink, Relationship, RelationshipState
from relationships.operations.contact_points import add_contact_point
from relationships.operations.parties import edit_party
from tests.doors import words_of
from tests.exchange.conftest import Bring
from tests.factories import NOW, make_commitment, make_interaction, make_user
from tests.snapshots import differing, everything

LATER = NOW + timedelta(days=1)
HEADS = "ref,name,place,email,organisation_ref,party_kind"
PEOPLE = f"{HEADS}\nO,Acme,Leeds,o@a.example,,\nP,Ana,York,p@a.example,O,person\n"
PARTIES: dict[str, Any] = {"dataset": "parties", "constants": {"kind": "customers"}}
PAYMENTS: dict[str, Any] = {"dataset": "payments", "source": "ledger"}
COLUMNS = {
    "order_ref": "Order",
    "customer_ref": "Customer",
    "ordered_at": "Date",
    "amount": "Amount",
    "product_ref": "Item",
}


@pytest.fixture
def manager(workspace: Workspace) -> User:
    return make_user("relationship_manager", name="Mara")


def revert(manager: User) -> Reverted:
    return revert_import(actor=manager, run=ImportRun.objects.latest("id"), now=LATER)


def test_what_an_import_made_goes_as_if_it_had_never_been(manager: User, bring: Bring) -> None:
    before = everything()
    bring(PEOPLE, actor=manager, **PARTIES)
    assert (Party.objects.count(), PartyLink.objects.count(), Relationship.objects.count()) == (2, 1, 2)
    done = revert(manager)
    assert differing(before) == []
    assert (done.removed["relationships_party"], done.put_back, done.kept, done.conflicts) == (2, 0, 0, 0)
    run = ImportRun.objects.get()
    assert (run.reverted_at, run.reversal) == (LATER, done.as_json())
    entry = AuditEntry.objects.get(verb="import_reverted")
    assert (entry.subject_id, entry.actor_id) == (run.pk, manager.pk)
    with pytest.raises(Conflict):
        revert(manager)


def test_what_an_import_changed_is_as_it_was(manager: User, bring: Bring) -> None:
    bring(PEOPLE, actor=manager, **PARTIES)
    before = everything()
    bring(PEOPLE.replace("Acme,Leeds", "Acme plc,Hull").replace("p@a", "q@a"), actor=manager, **PARTIES)
    assert set(ChangedRow.objects.values_list("table_name", flat=True)) == {
        "relationships_party",
        "relationships_relationship",
        "exchange_importedrow",
    }
    assert Relationship.objects.filter(party_name="Acme plc").exists()
    done = revert(manager)
    assert differing(before) == []
    assert done.put_back == 4


def test_what_somebody_has_used_since_stays_with_all_that_says_who_it_is(manager: User, bring: Bring) -> None:
    bring(PEOPLE + "Q,Third,Bath,t@t.example,,\n", actor=manager, **PARTIES)
    used = Relationship.objects.get(party_name="Acme")
    make_interaction(used, actor=manager)
    done = revert(manager)
    assert (done.kept, done.kept_parties) == (1, [used.party_id])
    assert [party.name for party in Party.objects.all()] == ["Acme"]
    assert ContactPoint.objects.get().party_id == used.party_id
    assert used.party.identifiers.count() == 1
    assert RelationshipState.objects.get().relationship_id == used.pk


def test_whom_somebody_met_stays_too(manager: User, bring: Bring) -> None:
    bring(PEOPLE, actor=manager, **PARTIES)
    used = Relationship.objects.get(party_name="Acme")
    make_interaction(used, actor=manager, people=[Party.objects.get(name="Ana")])
    assert revert(manager).kept == 2
    assert PartyLink.objects.count() == 1


def test_what_somebody_has_changed_since_stays_and_is_told(manager: User, bring: Bring) -> None:
    bring(PEOPLE, actor=manager, **PARTIES)
    bring(PEOPLE.replace("Leeds", "Hull").replace("York", "Ely"), actor=manager, **PARTIES)
    acme, ana = Party.objects.get(name="Acme"), Party.objects.get(name="Ana")
    edit_party(actor=manager, party=acme, version=acme.version, place="Bath", now=NOW)
    edit_party(actor=manager, party=ana, version=ana.version, about="Likes tea", now=NOW)
    done = revert(manager)
    acme.refresh_from_db(), ana.refresh_from_db()
    assert (done.conflicts, done.conflicting) == (1, [("relationships_party", acme.pk, ["place"])])
    assert (acme.place, ana.place, ana.about, ana.version) == ("Bath", "York", "Likes tea", 4)


def test_payments_go_and_what_is_known_of_their_suppliers_is_worked_out_anew(
    manager: User, bring: Bring
) -> None:
    first = "supplier,paid_date,amount,external_id\nAcme,2026-01-05,5,1\n"
    bring(first, actor=manager, **PAYMENTS)
    before = everything()
    bring(
        first.replace(",5,1", ",6,1") + "Acme,2026-02-05,7,2\nBcme,2026-02-05,8,3\n",
        actor=manager,
        **PAYMENTS,
    )
    assert sorted(Payment.objects.values_list("amount", flat=True)) == [6, 7, 8]
    done = revert(manager)
    assert (Payment.objects.get().amount, done.removed["commerce_payment"]) == (5, 2)
    assert differing(before) in ([], ["relationships_relationshipstate"])


def test_purchases_that_moved_to_another_order_are_back_in_theirs(manager: User, bring: Bring) -> None:
    rows = "Order,Customer,Date,Amount,Item\n1,A,2026-01-05,5,x\n"
    bring(rows, actor=manager, columns=COLUMNS)
    before = everything()
    bring(rows.replace("1,A", "2,B").replace(",x", ",y"), actor=manager, columns=COLUMNS)
    assert (Order.objects.count(), OrderLine.objects.count(), Product.objects.count()) == (2, 2, 2)
    revert(manager)
    assert (Order.objects.count(), OrderLine.objects.count(), Product.objects.count()) == (1, 1, 1)
    assert set(differing(before)) <= {"relationships_relationshipstate", "commerce_purchasefact"}


def test_talks_go_but_for_those_in_which_something_was_promised(manager: User, bring: Bring) -> None:
    bring(PEOPLE, actor=manager, **PARTIES)
    rows = "party_ref,channel,direction,happened_at,subject\n"
    rows += "".join(f"O,call,in,2026-03-0{day}T10:00:00Z,Talk {day}\n" for day in (1, 2, 3))
    bring(rows, actor=manager, dataset="interactions", constants={"kind": "customers"})
    promised = Interaction.objects.get(subject="Talk 1")
    make_commitment(promised.relationship, actor=manager, made_in=promised)
    done = revert(manager)
    assert (Interaction.objects.get(), done.removed["relationships_interaction"]) == (promised, 2)
    assert (
        RelationshipState.objects.get(relationship=promised.relationship).last_interaction_at
        == promised.happened_at
    )


def cards(tmp_path: Path, text: str) -> list[SourceFile]:
    path = tmp_path / "cards.vcf"
    path.write_text(f"BEGIN:VCARD\nVERSION:3.0\n{text}\nEND:VCARD\n")
    return [SourceFile(path.name, path)]


def test_cards_are_taken_back_and_so_is_what_they_added(manager: User, tmp_path: Path) -> None:
    nothing = everything()
    ingest_contacts(
        actor=manager, files=cards(tmp_path, "UID:7\nFN:Ana\nEMAIL:a@a.example\nORG:Acme"), now=NOW
    )
    before = everything()
    more = cards(
        tmp_path, "UID:7\nFN:Ana Ruiz\nEMAIL:b@a.example\nEMAIL;PREF=1:a@a.example\nORG:Acme\nX-SKYPE:ana"
    )
    ingest_contacts(actor=manager, files=more, now=NOW)
    assert differing(before) != []
    revert(manager)
    assert differing(before) == []
    first = ImportRun.objects.earliest("id")
    revert_import(actor=manager, run=first, now=LATER)
    assert differing(nothing) == []


def test_a_row_corrected_afterwards_goes_with_its_import(manager: User, bring: Bring) -> None:
    before = everything()
    bring(PEOPLE + "Q,,Bath,t@t.example,,\n", actor=manager, **PARTIES)
    held = HeldRow.objects.get()
    correct_held(actor=manager, held=held, cells={"ref": "Q", "name": "Third"}, now=NOW)
    assert Party.objects.count() == 3
    bad = "ref,name\nR,\n"
    bring(bad, actor=manager, **PARTIES)
    other = HeldRow.objects.latest("id")
    revert_import(actor=manager, run=held.run, now=LATER)
    assert differing(before) == []
    revert_import(actor=manager, run=other.run, now=LATER)
    other.refresh_from_db()
    assert other.resolved_at == LATER


def test_what_a_later_import_has_changed_stays(manager: User, bring: Bring) -> None:
    bring(PEOPLE, actor=manager, **PARTIES)
    bring(PEOPLE.replace("Leeds", "Hull"), actor=manager, **PARTIES)
    done = revert_import(actor=manager, run=ImportRun.objects.earliest("id"), now=LATER)
    assert [party.name for party in Party.objects.all()] == ["Acme"]
    assert done.kept == 1


def test_who_may_not_import_such_rows_may_not_take_them_back(manager: User, bring: Bring) -> None:
    bring(PEOPLE, actor=manager, **PARTIES)
    with pytest.raises(NotAllowed):
        revert(make_user("relationship_manager", kind="suppliers"))


def test_the_command_tells_what_it_did(manager: User, bring: Bring, capsys: Any) -> None:
    bring(PEOPLE, actor=manager, **PARTIES)
    pk = ImportRun.objects.get().pk
    call_command("revert-import", str(pk))
    out = capsys.readouterr().out
    assert "0 parties kept, because somebody has used them since." in out
    assert "  relationships_party: 2\n" in out
    for number, words in ((pk, "reverted already"), (0, "There is no import 0.")):
        with pytest.raises(CommandError, match=words):
            call_command("revert-import", str(number))


@pytest.mark.django_db
def test_every_table_that_imports_change_notes_what_it_was() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT tgrelid::regclass::text FROM pg_trigger WHERE tgname LIKE '%\\_noted'")
        noted = {row[0] for row in cursor.fetchall()}
    profiles = {apps.get_model(kind.profile)._meta.db_table for kind in kinds.registry}
    assert profiles <= noted
    added_only = {
        "cases_casestep",
        "relationships_partyidentifier",
        "relationships_partylink",
        "relationships_interaction",
        "relationships_consent",
        "relationships_event",
    }
    assert set(changes.WATCHED) - noted == added_only


def test_a_contact_point_of_before_is_preferred_again(manager: User, bring: Bring) -> None:
    bring(PEOPLE, actor=manager, **PARTIES)
    acme = Party.objects.get(name="Acme")
    before = everything()
    bring(PEOPLE.replace("o@a", "z@a"), actor=manager, **PARTIES)
    revert(manager)
    assert differing(before) == []
    add_contact_point(actor=manager, party=acme, kind="email", value="k@k.example", now=NOW)
    assert acme.contact_points.count() == 2


def test_an_import_is_taken_back_by_the_page_once_the_consequence_was_read(
    manager: User, bring: Bring
) -> None:
    bring(PEOPLE, actor=manager, **PARTIES)
    bring(PEOPLE.replace("Leeds", "Hull"), actor=manager, **PARTIES)
    run = ImportRun.objects.latest("id")
    acme = Party.objects.get(name="Acme")
    edit_party(actor=manager, party=acme, version=acme.version, place="Bath", now=NOW)
    client = Client()
    client.force_login(manager, backend="allauth.account.auth_backends.AuthenticationBackend")
    here = f"/imports/{run.pk}/"
    assert "set back as they were 1" in words_of(client.get(f"{here}reversal/"))
    assert client.post(f"{here}reversal/").status_code == 302
    assert client.post(f"{here}reversal/").status_code == 409
    assert "The import is being reverted" in words_of(client.get(here))
    assert client.get(f"{here}reversal/progress/").status_code == 200
    assert carry_out_imports() == 1
    assert client.get(f"{here}reversal/progress/").status_code == 286
    page = words_of(client.get(here))
    assert "Conflicting: changed since 1" in page
    assert "Left as they are, because somebody has changed them since: Acme (Place)" in page
    assert "Reverted" in words_of(client.get("/imports/"))


def test_what_cannot_be_taken_back_says_why_and_can_be_asked_for_again(manager: User, bring: Bring) -> None:
    bring(PEOPLE, actor=manager, **PARTIES)
    run = ImportRun.objects.get()
    stranger = make_user("relationship_manager", kind="suppliers")
    want_reversal(actor=stranger, run=run, now=NOW)
    assert carry_out_imports() == 1
    run.refresh_from_db()
    assert (run.reversal, run.revert_wanted_at) == (
        {"refusal": "Your role does not allow importing here."},
        None,
    )
    ChangedRow.objects.create(run=run, table_name="no_such_table", row_id=1, before={}, after={})
    want_reversal(actor=manager, run=run, now=NOW)
    assert carry_out_imports() == 1
    run.refresh_from_db()
    assert run.reversal == {"refusal": "Something went wrong that was not foreseen. Nothing was changed."}
    assert Party.objects.count() == 2


def test_a_row_of_an_import_that_is_being_reverted_is_not_corrected(manager: User, bring: Bring) -> None:
    bring("ref,name\nR,\n", actor=manager, **PARTIES)
    want_reversal(actor=manager, run=ImportRun.objects.get(), now=NOW)
    with pytest.raises(Conflict, match="reverted already"):
        correct_held(actor=manager, held=HeldRow.objects.get(), cells={"name": "x"}, now=NOW)
