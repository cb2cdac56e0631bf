"""What every stakeholder kind must do: a new kind inherits these tests by naming itself."""

from pathlib import Path
from typing import Any, ClassVar

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from accounts.operations.workspace import Workspace
from core.refusals import Conflict, Invalid, Missing, NotAllowed
from exchange.operations.ingest import ingest
from exchange.operations.source_files import SourceFile
from exchange.queries.mappings import parse_mapping
from health.models import RelationshipScore
from health.operations.scoring import score
from health.registry import measures
from relationships import kinds
from relationships.enums import PartyKind
from relationships.models import Relationship, RelationshipState
from relationships.operations.relationships import profile_model
from relationships.queries.quick_log import read_line
from relationships.queries.timeline import timeline_page
from tests.doors import signed_in
from tests.factories import NOW, make_interaction, make_party, make_relationship, make_user


@pytest.mark.django_db
class KindContract:
    """Inherit as `class TestInvestors(KindContract): kind = "investors"`."""

    kind: ClassVar[str]

    @property
    def declared(self) -> kinds.Kind:
        return kinds.registry.get(self.kind)

    @property
    def another(self) -> str:
        return next(slug for slug in kinds.registry.slugs if slug != self.kind)

    @property
    def within(self) -> User:
        """Somebody whose only grant is for this kind."""
        sight = self.declared.sight
        return make_user(min(sight.roles) if sight else "relationship_manager", kind=self.kind)

    @property
    def insider_role(self) -> str:
        """A role that reaches the whole kind and may do everything in it."""
        sight = self.declared.sight
        return min(sight.roles) if sight else "administrator"

    def insider(self) -> User:
        return make_user(self.insider_role)

    def make(self, name: str = "", **fields: Any) -> Relationship:
        party_kind = self.declared.party_kinds[0]
        return make_relationship(self.kind, party=make_party(name, kind=party_kind), **fields)

    def test_it_opens_with_profile_state_stage_and_rhythm(self, workspace: Workspace) -> None:
        relationship = self.make()
        assert relationship.stage == self.declared.first_stage
        assert relationship.cadence_days == self.declared.cadence_days
        assert profile_model(self.kind)._default_manager.filter(pk=relationship.pk).exists()
        state = RelationshipState.objects.get(pk=relationship.pk)
        assert (state.kind, state.next_touch_reason, state.stale_at) == (self.kind, "cadence", NOW)

    def test_it_takes_only_the_parties_and_stages_that_it_declares(self, workspace: Workspace) -> None:
        for party_kind in PartyKind.values:
            party = make_party(kind=party_kind)
            if party_kind in self.declared.party_kinds:
                assert make_relationship(self.kind, party=party).kind == self.kind
            else:
                with pytest.raises(Invalid):
                    make_relationship(self.kind, party=party)
        with pytest.raises(Invalid):
            self.make(stage="no such stage")

    def test_one_is_open_per_party(self, workspace: Workspace) -> None:
        relationship = self.make()
        with pytest.raises(Conflict):
            make_relationship(self.kind, party=relationship.party)

    def test_its_list_shows_its_own_and_finds_them_by_part_of_the_name(self, workspace: Workspace) -> None:
        self.make("Brightwater Clinics")
        self.make("Halden Freight")
        make_relationship(self.another, name="Zebra Works")
        client = signed_in(self.insider())
        everything = client.get(f"/{self.kind}/").content.decode()
        found = client.get(f"/{self.kind}/?q=water+cli").content.decode()
        names = ("Brightwater Clinics", "Halden Freight", "Zebra Works")
        assert [name in everything for name in names] == [True, True, False]
        assert [name in found for name in names] == [True, False, False]

    def test_its_list_asks_as_often_for_many_as_for_one(self, workspace: Workspace) -> None:
        client = signed_in(self.insider())
        self.make()
        client.get(f"/{self.kind}/")
        counts = []
        for _ in range(2):
            with CaptureQueriesContext(connection) as captured:
                assert client.get(f"/{self.kind}/").status_code == 200
            counts.append(len(captured))
            self.make()
            self.make()
        assert counts[0] == counts[1] <= 12

    def test_it_stands_in_the_navigation_of_those_who_reach_it(self, workspace: Workspace) -> None:
        address = f'href="/{self.kind}/"'
        within, without = self.within, make_user(kind=self.another)
        assert address in signed_in(within).get(f"/{self.kind}/").content.decode()
        assert address not in signed_in(without).get(f"/{self.another}/").content.decode()

    def test_rights_in_another_kind_give_none_in_this(self, workspace: Workspace) -> None:
        relationship, outsider = self.make("Acme"), make_user(kind=self.another)
        assert not Relationship.objects.visible_to(outsider).exists()
        with pytest.raises(Missing):
            make_interaction(relationship, actor=outsider)
        with pytest.raises(NotAllowed):
            make_relationship(self.kind, party=make_party(kind=self.declared.party_kinds[0]), actor=outsider)
        assert read_line(actor=outsider, line="call @Acme hello", now=NOW).relationship is None

    def test_what_happens_stands_on_its_timeline(self, workspace: Workspace) -> None:
        relationship = self.make()
        make_interaction(relationship)
        page = timeline_page(viewer=self.within, relationship=relationship)
        assert [entry.event.verb for entry in page.entries] == [
            "relationship_opened",
            "party_created",
            "interaction_logged",
        ]

    def test_a_line_logs_with_it(self, workspace: Workspace) -> None:
        relationship = self.make("Acme")
        read = read_line(actor=self.within, line="call @Acme hello", now=NOW)
        assert (read.is_clear, read.relationship) == (True, relationship)

    def test_its_record_opens_within_its_budget_and_shows_its_own_part(self, workspace: Workspace) -> None:
        relationship = self.make("Acme")
        client = signed_in(self.within)
        for part in ("", "panels/", "about/"):
            address = f"/{self.kind}/{relationship.pk}/{part}"
            client.get(address)
            with CaptureQueriesContext(connection) as captured:
                assert (part, client.get(address).status_code) == (part, 200)
            assert (part, len(captured) <= 12) == (part, True)

    def test_its_forms_offer_its_stages_and_its_own_fields(self, workspace: Workspace) -> None:
        relationship = self.make("Acme")
        client = signed_in(self.within)
        own = [field.name for field in profile_model(self.kind)._meta.fields if not field.primary_key]
        for address in (f"/{self.kind}/new/", f"/{self.kind}/{relationship.pk}/edit/"):
            page = client.get(address).content.decode()
            assert [name for name in own if f'name="profile_{name}"' not in page] == []
            assert [stage.slug for stage in self.declared.stages if f'value="{stage.slug}"' not in page] == []

    def test_its_playbooks_say_when_and_what(self) -> None:
        books = self.declared.playbooks
        assert len({book.slug for book in books}) == len(books)
        for book in books:
            days = [step.offset_days for step in book.steps]
            assert (book.slug, bool(book.label and book.purpose and days)) == (book.slug, True)
            assert days == sorted(days)

    def test_its_weights_make_a_hundred(self) -> None:
        assert sum(component.weight for component in self.declared.components) == 100

    def test_every_measure_of_its_scorecard_is_registered_and_it_is_scored(
        self, workspace: Workspace
    ) -> None:
        relationship = self.make()
        make_interaction(relationship)
        unknown = [
            component.key for component in self.declared.components if component.measure not in measures
        ]
        assert unknown == []
        assert {component.group for component in self.declared.components} == set(self.declared.groups)
        assert score(kind=self.kind, now=NOW).scored == 1
        assert RelationshipScore.objects.filter(pk=relationship.pk).exists()

    def test_its_parties_come_in_from_a_file_once(self, workspace: Workspace, tmp_path: Path) -> None:
        path = tmp_path / "parties.csv"
        path.write_text("No,Name\n1,Acme\n2,Zenith\n")
        mapping = parse_mapping(
            "test",
            {
                "source": "ledger",
                "columns": {"ref": "No", "name": "Name"},
                "constants": {"kind": self.kind, "party_kind": self.declared.party_kinds[0]},
                "dataset": "parties",
            },
            "parties",
        )
        reports = [
            ingest(
                actor=self.insider(),
                dataset="parties",
                files=[SourceFile(path.name, path)],
                mapping=mapping,
                now=NOW,
            )
            for _ in range(2)
        ]
        assert [report.created[self.kind] for report in reports] == [2, 0]
        opened = Relationship.objects.of_kind(self.kind).order_by("party_name")
        assert [relationship.party_name for relationship in opened] == ["Acme", "Zenith"]
        assert profile_model(self.kind)._default_manager.count() == 2
