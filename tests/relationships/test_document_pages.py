"""Files on the record: added, fetched, removed, in a dialog and without scripts."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import time_machine
from django.conf import LazySettings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from accounts.enums import Confidentiality
from accounts.models import AuditEntry
from relationships.models import Document
from relationships.operations.document_texts import read_due
from relationships.operations.documents import remove_document
from tests.doors import signed_in, words_of
from tests.factories import NOW, make_document, make_relationship, make_user

pytestmark = pytest.mark.django_db
HTMX = {"HTTP_HX_REQUEST": "true"}


@pytest.fixture(autouse=True)
def folder(settings: LazySettings, tmp_path: Path) -> Iterator[Path]:
    settings.MEDIA_ROOT = tmp_path
    with time_machine.travel(NOW, tick=False):
        yield tmp_path


def sent(name: str = "Contract.pdf", content: bytes = b"%PDF words", **fields: object) -> dict[str, object]:
    return {"file": SimpleUploadedFile(name, content), "confidentiality": 1} | fields


def test_a_document_is_added_on_a_page_and_found_on_its_tab() -> None:
    viewer = make_user(name="Amara Osei")
    relationship = make_relationship(owner=viewer)
    client, here = signed_in(viewer), f"/customers/{relationship.pk}/"
    assert "No document yet" in words_of(client.get(f"{here}documents/"))
    page = client.get(f"{here}documents/new/")
    assert 'enctype="multipart/form-data"' in page.content.decode()
    response = client.post(f"{here}documents/new/", sent(note="The signed one", back=here))
    assert (response.status_code, response.headers["Location"]) == (302, here)
    made = Document.objects.get()
    assert (made.name, made.note, made.confidentiality) == ("Contract.pdf", "The signed one", 1)
    tab = client.get(f"{here}documents/")
    words = words_of(tab)
    for expected in ("Documents 1", "Contract.pdf", "The signed one"):
        assert expected in words
    assert f'href="/documents/{made.pk}/"' in tab.content.decode()
    overview = client.get(here)
    assert re.search("Amara Osei added a document .{0,20}Contract.pdf 10", words_of(overview))
    assert overview.content.decode().count(f'href="/documents/{made.pk}/"') == 2


def test_the_dialog_takes_files_and_says_beside_the_field_what_is_wrong(folder: Path) -> None:
    viewer = make_user()
    relationship = make_relationship(owner=viewer)
    client, address = signed_in(viewer), f"/customers/{relationship.pk}/documents/new/"
    dialog = client.get(address, **HTMX).content.decode()
    assert 'hx-encoding="multipart/form-data"' in dialog
    for given, words in (
        (sent(content=b""), "The file is empty."),
        (sent("run.exe"), "Programs are not taken, and “.exe” is one."),
        ({"confidentiality": 1}, "Choose a file."),
        (sent(confidentiality=4), "Select a valid choice."),
    ):
        response = client.post(address, given, **HTMX)
        assert response.status_code == 422
        assert words in words_of(response)
    assert (Document.objects.count(), [path for path in folder.rglob("*") if path.is_file()]) == (0, [])
    response = client.post(address, sent(), **HTMX)
    assert response.headers["HX-Redirect"] == f"/customers/{relationship.pk}/documents/"


def test_too_large_a_file_is_refused_before_all_of_it_is_kept(settings: LazySettings) -> None:
    settings.DOCUMENT_MAX_BYTES, settings.FILE_UPLOAD_MAX_MEMORY_SIZE = 100_000, 1_000
    viewer = make_user()
    relationship = make_relationship(owner=viewer)
    address = f"/customers/{relationship.pk}/documents/new/"
    response = signed_in(viewer).post(address, sent(content=b"x" * 3_000_000))
    assert response.status_code == 422
    assert "The file is too large; at most 97.7 KB are taken." in words_of(response)
    arrived = response.wsgi_request.FILES["file"].size
    assert 100_000 < arrived < 300_000
    assert signed_in(viewer).post(address, sent(content=b"x" * 100_000)).status_code == 302


def test_a_document_is_fetched_as_plain_bytes_to_be_saved() -> None:
    viewer = make_user()
    made = make_document(
        make_relationship(owner=viewer), name='Grüße "1".html', content=b"<script>1</script>"
    )
    response = signed_in(viewer).get(f"/documents/{made.pk}/")
    assert b"".join(response.streaming_content) == b"<script>1</script>"
    headers = {name: response.headers[name] for name in WANTED}
    assert headers == WANTED


WANTED = {
    "Content-Type": "application/octet-stream",
    "Content-Disposition": "attachment; filename*=utf-8''Gr%C3%BC%C3%9Fe%20_1_.html",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "private, no-store",
    "Content-Length": "18",
}


def test_no_address_but_that_one_leads_to_the_content() -> None:
    viewer = make_user()
    made = make_document(make_relationship(owner=viewer))
    client = signed_in(viewer)
    for address in (f"/files/{made.file.name}", f"/{made.file.name}", f"/media/{made.file.name}"):
        assert client.get(address).status_code == 404
    assert client.get(f"/static/../files/{made.file.name}").status_code == 404
    assert Client().get(f"/documents/{made.pk}/").headers["Location"].startswith("/account/login/")


def test_who_may_not_know_of_a_document_finds_nothing() -> None:
    owner, colleague, outsider = make_user(), make_user("administrator"), make_user(kind="suppliers")
    relationship = make_relationship("customers", owner=owner)
    plain = make_document(relationship, actor=owner)
    secret = make_document(
        relationship, actor=owner, name="secret.pdf", confidentiality=Confidentiality.CONFIDENTIAL
    )
    gone = make_document(relationship, actor=owner, name="gone.pdf")
    remove_document(actor=owner, document=gone, now=NOW, reason="Old")
    for user, found in ((owner, [200, 200, 404]), (colleague, [200, 404, 404]), (outsider, [404, 404, 404])):
        client = signed_in(user)
        addresses = [f"/documents/{each.pk}/" for each in (plain, secret, gone)]
        assert [client.get(address).status_code for address in addresses] == found
        assert [client.get(f"{address}removal/").status_code for address in addresses] == found
    page = signed_in(colleague).get(f"/customers/{relationship.pk}/").content.decode()
    assert "secret.pdf" not in page
    assert signed_in(outsider).get(f"/customers/{relationship.pk}/documents/new/").status_code == 404
    assert [entry.verb for entry in AuditEntry.objects.order_by("id")] == [
        "document_removed",
        "document_read",
    ]


def test_a_reader_is_not_offered_to_add_or_remove() -> None:
    owner = make_user()
    relationship = make_relationship(owner=owner)
    made = make_document(relationship, actor=owner)
    client = signed_in(make_user("auditor"))
    page = client.get(f"/customers/{relationship.pk}/documents/").content.decode()
    assert f'href="/documents/{made.pk}/"' in page
    assert "documents/new/" not in page
    assert "removal" not in page
    assert client.get(f"/customers/{relationship.pk}/documents/new/").status_code == 403
    assert client.post(f"/documents/{made.pk}/removal/", {"reason": "x"}).status_code == 403


def test_a_document_is_removed_with_a_reason_that_the_timeline_keeps() -> None:
    viewer = make_user(name="Amara Osei")
    relationship = make_relationship(owner=viewer)
    made = make_document(relationship, actor=viewer, name="Old.pdf")
    client, address = signed_in(viewer), f"/documents/{made.pk}/removal/"
    assert "Nobody can fetch it any more" in words_of(client.get(address, **HTMX))
    assert client.post(address, {"reason": ""}).status_code == 422
    blank = client.post(address, {"reason": "\x00"})
    assert (blank.status_code, "Null characters" in words_of(blank)) == (422, True)
    response = client.post(address, {"reason": "The wrong customer"})
    assert response.headers["Location"] == f"/customers/{relationship.pk}/documents/"
    page = client.get(f"/customers/{relationship.pk}/timeline/")
    assert re.search("Amara Osei removed the document Old.pdf .{0,20}The wrong customer", words_of(page))
    assert f'href="/documents/{made.pk}/"' not in page.content.decode()


def test_a_content_that_was_lost_is_said_to_be_lost(folder: Path) -> None:
    viewer = make_user()
    made = make_document(make_relationship(owner=viewer))
    (folder / made.file.name).unlink()
    response = signed_in(viewer).get(f"/documents/{made.pk}/")
    assert response.status_code == 404
    assert "Restore it from the backup." in words_of(response)


def test_more_documents_than_a_page_holds_are_all_reached() -> None:
    viewer = make_user()
    relationship = make_relationship(owner=viewer)
    names = {make_document(relationship, actor=viewer).name for _ in range(26)}
    client, found = signed_in(viewer), set()
    first = client.get(f"/customers/{relationship.pk}/documents/").content.decode()
    older = re.search(r'href="([^"]+\?cursor=[^"]+)"', first)
    assert older
    second = client.get(older[1]).content.decode()
    for page in (first, second):
        found |= set(re.findall(r"file \d+\.pdf(?=</a>)", page))
    assert found == names
    assert "Newer" in second


PNG = b"\x89PNG\r\n\x1a\n" + bytes(20)


def test_a_picture_is_shown_boxed_in_and_nothing_else_is() -> None:
    viewer = make_user()
    relationship = make_relationship(owner=viewer)
    made = {
        name: make_document(relationship, actor=viewer, name=name, content=content)
        for name, content in (
            ("a.png", PNG),
            ("b.jpg", b"\xff\xd8\xff\xe0"),
            ("c.webp", b"RIFF\x00\x00\x00\x00WEBPVP8 "),
            ("d.svg", b"<svg onload='alert(1)'/>"),
            ("e.png", b"<script>alert(1)</script>"),
        )
    }
    client = signed_in(viewer)
    found = {name: client.get(f"/documents/{each.pk}/picture/") for name, each in made.items()}
    assert {name: answer.status_code for name, answer in found.items()} == {
        "a.png": 200,
        "b.jpg": 200,
        "c.webp": 200,
        "d.svg": 404,
        "e.png": 404,
    }
    headers = found["a.png"].headers
    assert (b"".join(found["a.png"].streaming_content), headers["Content-Type"]) == (PNG, "image/png")
    assert [found[name].headers["Content-Type"] for name in ("b.jpg", "c.webp")] == [
        "image/jpeg",
        "image/webp",
    ]
    assert headers["Content-Security-Policy"] == "default-src 'none'; sandbox; frame-ancestors 'none'"
    assert (headers["X-Content-Type-Options"], headers["Content-Disposition"]) == (
        "nosniff",
        'inline; filename="a.png"',
    )
    pages = {
        name: client.get(f"/documents/{each.pk}/preview/").content.decode() for name, each in made.items()
    }
    assert ("/picture/" in pages["a.png"], "/picture/" in pages["d.svg"]) == (True, False)
    outsider = signed_in(make_user(kind="suppliers"))
    assert outsider.get(f"/documents/{made['a.png'].pk}/picture/").status_code == 404


def test_what_a_document_says_is_shown_as_words_and_its_reading_is_noted() -> None:
    viewer = make_user()
    relationship = make_relationship(actor=viewer, owner=viewer, confidentiality=Confidentiality.CONFIDENTIAL)
    made = make_document(
        relationship, actor=viewer, name="a.txt", note="Signed", content=b"<b>Net</b> 30 days\nfrom today"
    )
    client, address = signed_in(viewer), f"/documents/{made.pk}/preview/"
    assert ("What it says" in words_of(client.get(address)), AuditEntry.objects.count()) == (False, 0)
    read_due(now=NOW)
    page = client.get(address).content.decode()
    assert "<p>&lt;b&gt;Net&lt;/b&gt; 30 days<br>from today</p>" in page
    assert [entry.verb for entry in AuditEntry.objects.all()] == ["document_read"]
