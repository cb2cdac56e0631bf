"""Documents are held until a scanner that speaks INSTREAM found them clean; infected ones are never given out."""

import socketserver
import struct
import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.test import Client
from pytest_django.fixtures import Settings

from accounts.models import AuditEntry, RoleGrant, User
from accounts.operations.workspace import Workspace
from core.clamd import place_of
from messaging.models import Notification
from relationships.checks import check_scanner
from relationships.models import ContentScan, Document, Relationship
from relationships.operations.content_scans import LEASE, queue_unscanned, scan_due
from relationships.operations.document_contents import sweep_contents
from relationships.operations.document_texts import read_due
from relationships.operations.documents import remove_document
from tests.api import ApiClient
from tests.doors import signed_in
from tests.factories import NOW, make_document, make_relationship, make_user, make_version

pytestmark = pytest.mark.django_db
EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
SOON = NOW + timedelta(minutes=1)


class Scanner(socketserver.StreamRequestHandler):
    """Reads an INSTREAM of clamd(8) and answers as a daemon with one signature and a limit of a megabyte would."""

    def handle(self) -> None:
        assert self.rfile.read(10) == b"zINSTREAM\0"
        content = b""
        while size := struct.unpack("!L", self.rfile.read(4))[0]:
            content += self.rfile.read(size)
            if len(content) > 1_000_000:
                self.wfile.write(b"INSTREAM size limit exceeded. ERROR\0")
                return
        self.wfile.write(b"stream: Eicar-Signature FOUND\0" if EICAR in content else b"stream: OK\0")


class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True


@pytest.fixture
def scanner(settings: Settings) -> Iterator[str]:
    with Server(("127.0.0.1", 0), Scanner) as server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        settings.CLAMD = f"127.0.0.1:{server.server_address[1]}"
        yield settings.CLAMD
        server.shutdown()


@pytest.fixture(autouse=True)
def folder(settings: Settings, tmp_path: Path, workspace: Workspace) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


@pytest.fixture
def viewer() -> User:
    return make_user()


@pytest.fixture
def firm(viewer: User) -> Relationship:
    return make_relationship(owner=viewer)


def addresses(document: Document) -> list[str]:
    at = f"/documents/{document.pk}"
    return [f"{at}/", f"{at}/versions/1/", f"/api/v1{at}/content/", f"/api/v1{at}/versions/1/content/"]


def answers(viewer: User, document: Document) -> set[int]:
    """How every door to the content of a document answers."""
    web, api = signed_in(viewer), ApiClient(viewer)
    found = {web.get(place).status_code for place in addresses(document)[:2]}
    return found | {
        api.call("get", place.removeprefix("/api/v1/")).status_code for place in addresses(document)[2:]
    }


def page(client: Client, document: Document) -> str:
    return " ".join(client.get(f"/documents/{document.pk}/preview/").content.decode().split())


def test_a_document_is_held_until_it_was_found_clean(scanner: str, viewer: User, firm: Relationship) -> None:
    made = make_document(firm, actor=viewer, name="a.txt", content=b"walrus")
    assert answers(viewer, made) == {404}
    assert read_due(now=NOW) == 0
    held = page(signed_in(viewer), made)
    assert "Still to be scanned for viruses. Until then it is given to nobody." in held
    assert f'href="/documents/{made.pk}/"' not in held
    assert (scan_due(now=NOW), scan_due(now=NOW), read_due(now=NOW)) == (1, 0, 1)
    assert answers(viewer, made) == {200}
    shown = page(signed_in(viewer), made)
    assert "Scanned: no virus found." in shown
    assert "walrus" in shown


def test_an_infected_version_is_kept_but_never_given_out_and_those_concerned_are_told(
    scanner: str, viewer: User, firm: Relationship, folder: Path, settings: Settings
) -> None:
    administrator, other = make_user("administrator"), make_user()
    made = make_document(firm, actor=viewer, name="a.txt", content=b"walrus")
    scan_due(now=NOW)
    make_version(made, actor=viewer, content=b"x" * 70_000 + EICAR)
    Notification.objects.all().delete()
    assert scan_due(now=NOW) == 1
    told = Notification.objects.filter(topic="infected", subject_type="document", subject_id=made.pk)
    administrators = RoleGrant.objects.filter(role="administrator", user__is_system=False)
    everybody = set(administrators.values_list("user_id", flat=True))
    assert {row.user_id for row in told} == everybody | {viewer.pk}
    assert (administrator.pk in everybody, other.pk in everybody) == (True, False)
    assert AuditEntry.objects.filter(verb="document_infected", subject_id=made.pk).count() == 1
    assert "A virus was found in a document" in signed_in(viewer).get("/notifications/").content.decode()
    client = signed_in(viewer)
    assert "A virus was found in it (Eicar-Signature)" in page(client, made)
    assert [client.get(f"/documents/{made.pk}/{part}").status_code for part in ("", "versions/1/")] == [
        404,
        200,
    ]
    assert sum(1 for path in folder.rglob("*") if path.is_file()) == 2
    settings.CLAMD = ""
    assert client.get(f"/documents/{made.pk}/").status_code == 404
    assert read_due(now=NOW) == 0
    settings.CLAMD = scanner
    again = make_document(
        make_relationship(owner=other), actor=other, name="b.txt", content=b"x" * 70_000 + EICAR
    )
    assert scan_due(now=SOON) == 1
    assert Notification.objects.filter(topic="infected", user=other, subject_id=again.pk).count() == 1


def test_a_scanner_out_of_reach_holds_and_is_asked_again(
    scanner: str, viewer: User, firm: Relationship, settings: Settings
) -> None:
    settings.CLAMD = "127.0.0.1:1"
    made = make_document(firm, actor=viewer, name="a.txt", content=b"walrus")
    assert scan_due(now=NOW) == 0
    assert "The virus scanner cannot be reached." in page(signed_in(viewer), made)
    assert answers(viewer, made) == {404}
    settings.CLAMD = scanner
    assert (scan_due(now=NOW), scan_due(now=SOON)) == (0, 1)
    assert answers(viewer, made) == {200}
    large = make_document(firm, actor=viewer, name="b.txt", content=b"y" * 1_200_000)
    assert scan_due(now=SOON) == 0
    row = ContentScan.objects.get(sha256=large.sha256)
    assert (row.state, row.problem, row.due_at) == (
        "waiting", "INSTREAM size limit exceeded. ERROR", SOON + timedelta(minutes=1),
    )  # fmt: skip


def test_a_lost_content_waits_and_one_that_a_dead_worker_left_is_taken_up(
    scanner: str, viewer: User, firm: Relationship, folder: Path
) -> None:
    made = make_document(firm, actor=viewer, name="a.txt", content=b"walrus")
    (folder / str(made.file)).rename(folder / "aside")
    assert (scan_due(now=NOW), ContentScan.objects.get().state) == (1, "waiting")
    (folder / "aside").rename(folder / str(made.file))
    ContentScan.objects.update(due_at=NOW + LEASE)
    assert (scan_due(now=NOW), scan_due(now=NOW + LEASE)) == (0, 1)


def test_without_a_scanner_documents_are_given_out_and_said_to_be_unscanned(
    viewer: User, firm: Relationship
) -> None:
    made = make_document(firm, actor=viewer, name="a.txt", content=b"walrus")
    assert (scan_due(now=NOW), queue_unscanned(now=NOW), ContentScan.objects.count()) == (0, 0, 0)
    assert answers(viewer, made) == {200}
    assert "Not scanned for viruses: there is no scanner." in page(signed_in(viewer), made)


def test_what_was_kept_before_there_was_a_scanner_is_scanned_later_and_forgotten_with_its_content(
    viewer: User, firm: Relationship, settings: Settings, scanner: str
) -> None:
    settings.CLAMD = ""
    made = make_document(firm, actor=viewer, name="a.txt", content=b"walrus")
    settings.CLAMD = scanner
    assert answers(viewer, made) == {404}
    assert (queue_unscanned(now=NOW), queue_unscanned(now=NOW), scan_due(now=NOW)) == (1, 0, 1)
    assert answers(viewer, made) == {200}
    remove_document(actor=viewer, document=made, now=NOW, reason="Old")
    ContentScan.objects.create(sha256="0" * 64, state="clean")
    sweep_contents(now=NOW)
    assert [row.sha256 for row in ContentScan.objects.all()] == [made.sha256]


def test_where_the_scanner_is_can_be_a_host_or_a_socket(settings: Settings) -> None:
    assert (place_of("scanner:3310"), place_of("[::1]:3310")) == (("scanner", 3310), ("::1", 3310))
    assert place_of("/run/clamav/clamd.ctl") == "/run/clamav/clamd.ctl"
    for wrong, errors in (("scanner", 1), ("scanner:x", 1), (":3310", 1), ("scanner:3310", 0), ("", 0)):
        settings.CLAMD = wrong
        assert (wrong, len(check_scanner())) == (wrong, errors)


def test_a_scanner_is_reached_by_its_socket(
    tmp_path_factory: pytest.TempPathFactory, viewer: User, firm: Relationship, settings: Settings
) -> None:
    place = str(tmp_path_factory.mktemp("s") / "s")
    settings.CLAMD = place
    make_document(firm, actor=viewer, name="a.txt", content=b"walrus")
    assert scan_due(now=NOW) == 0
    with socketserver.ThreadingUnixStreamServer(place, Scanner) as server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        assert scan_due(now=SOON) == 1
        server.shutdown()


def test_the_api_tells_what_is_known_of_viruses_in_a_content(
    workspace: Workspace, settings: Settings
) -> None:
    owner = make_user("administrator")
    role = make_relationship(owner=owner)
    client, place = ApiClient(owner), f"relationships/{role.pk}/documents/"
    papers = [make_document(role, actor=owner, name=f"{n}.txt", content=b"%d" % n) for n in range(3)]
    ContentScan.objects.all().delete()
    for paper, state, virus in zip(papers, ("clean", "infected"), ("", "Eicar"), strict=False):
        ContentScan.objects.create(sha256=paper.sha256, state=state, virus=virus)

    def told() -> list[str]:
        return [row["scan"] for row in client.call("get", place).json()["results"]][::-1]

    settings.CLAMD = ""
    assert told() == ["clean", "infected", "unscanned"]
    settings.CLAMD = "127.0.0.1:3310"
    assert told() == ["clean", "infected", "held"]
    [version] = client.call("get", f"documents/{papers[1].pk}/versions/").json()["results"]
    assert version["scan"] == "infected"
    remove_document(actor=owner, document=papers[2], now=NOW, reason="Old")
    assert [row["scan"] for row in client.call("get", "trash/documents/").json()["results"]] == ["held"]
