"""What is read of a mail, and that whatever comes is read or held with a reason, soon and without a crash."""

import io
import time
import zipfile
from datetime import UTC, datetime

import pytest

from messaging.enums import HeldBecause, KeptBack, Mark
from messaging.operations.mail_files import FILE_LIMIT_BYTES, why_kept_back
from messaging.operations.mail_headers import addresses_of, ids_of, moment_of, own_id, text_of, words_of
from messaging.operations.mail_reading import MESSAGE_LIMIT_BYTES, Unread, read_mail
from messaging.operations.mail_text import words_in
from tests.messaging.mail import PUBLISHED, file, mail_of, parts, read

SOON = 30.0  # seconds of the processor: what looks back over everything for every word takes hours


def test_a_mail_says_who_to_whom_what_and_when() -> None:
    found = read(
        mail_of("Grüße".encode(), Cc="Tom <TOM@firm.example>, undisclosed", References="<a@b> <c@d>")
    )
    assert found.sender == ("Ana Ruiz", "ana@acme.example")
    assert found.to == [("Sales", "sales@firm.example")]
    assert found.cc == [("Tom", "tom@firm.example")]
    assert (found.subject, found.text, found.references) == ("Trays", "Grüße", ["a@b", "c@d"])
    assert (found.message_id, found.sent_at) == ("one@acme.example", datetime(2026, 3, 18, 8, tzinfo=UTC))
    assert (found.files, found.marks, found.reports, found.goes_round) == ([], set(), [], False)
    assert found.headers[0] == ("From", "Ana Ruiz <ana@acme.example>")


@pytest.mark.parametrize(
    ("name", "sender", "subject", "words", "files"),
    [
        ("japanese_shift_jis.eml", "xxxxxxx@docomo.ne.jp", "test", "このメールはテスト用のメールです。", []),
        ("japanese_iso_2022.eml", "raasdnil@gmail.com", "まみむめも", "", []),
        ("ks_c_5601-1987.eml", "from@example.com", "test", "스티해", []),
        ("japanese_attachment.eml", "raasdnil@gmail.com", "testing", "http://lindsaar.net/", ["てすと.txt"]),
        (
            "attachment_nonascii_filename.eml",
            "foo@example.com",
            "testing",
            "This is the first part.",
            ["ciële.txt"],
        ),
    ],
)
def test_mail_of_many_programs_is_read(
    name: str, sender: str, subject: str, words: str, files: list[str]
) -> None:
    found = read((PUBLISHED / name).read_bytes())
    assert (found.sender[1], found.subject, [each.name for each in found.files]) == (sender, subject, files)
    assert words in found.text
    assert Mark.UNKNOWN_CHARSET not in found.marks


def test_a_delivery_report_tells_of_each_recipient() -> None:
    found = read((PUBLISHED / "multipart_report_multiple_status.eml").read_bytes())
    assert found.reports == [{"recipient": "u@ci.com", "action": "failed", "status": "5.3.0"}]
    assert Mark.DELIVERY_REPORT in found.marks
    sent_on = (PUBLISHED / "multipart_report_multiple_status.eml").read_bytes()
    assert read(parts(b"Content-Type: message/rfc822\r\n\r\n" + sent_on)).reports == []


@pytest.mark.parametrize(
    ("head", "mark"),
    [
        ({"From": ""}, Mark.NO_SENDER),
        ({"From": "nobody in particular <>", "To": ""}, None),
        ({"Date": ""}, Mark.NO_DATE),
        ({"Date": "Mon, 99 Foo 99999 25:61:00 +9999"}, Mark.NO_DATE),
        ({"Message_ID": ""}, Mark.NO_MESSAGE_ID),
        ({"Auto_Submitted": "auto-replied"}, Mark.AUTO_REPLY),
        ({"Auto_Submitted": "no"}, None),
        ({"Precedence": "bulk"}, Mark.BULK),
        ({"List_Id": "<news.example>"}, Mark.BULK),
        ({"Content_Type": "text/plain; charset=x-nonsense"}, Mark.UNKNOWN_CHARSET),
        ({"Content_Type": "text/plain; charset=punycode"}, Mark.UNKNOWN_CHARSET),
        ({"Content_Type": "application/pkcs7-mime"}, Mark.ENCRYPTED),
        ({"Content_Type": 'multipart/mixed; boundary="x"'}, Mark.DAMAGED),
        ({"Content_Type": "text/calendar"}, Mark.CALENDAR),
    ],
)
def test_what_is_to_be_known_of_a_mail_is_marked(head: dict[str, str], mark: Mark | None) -> None:
    assert read(mail_of(b"Hi", **head)).marks == ({mark} if mark else set())


def test_without_a_message_id_a_mail_is_known_by_what_it_says() -> None:
    one, again = read(mail_of(Message_ID="")), read(mail_of(Message_ID="", Received="from a by b; x"))
    other = read(mail_of(b"Else", Message_ID=""))
    assert one.message_id == again.message_id == f"{one.content_hash}@relman.invalid"
    assert other.message_id != one.message_id


def test_the_way_that_a_mail_came_does_not_make_it_another() -> None:
    one = read(mail_of(b"Hello\r\nthere\r\n"))
    again = read(mail_of(b"Hello\nthere\n\n", Received="from x by y; Wed, 18 Mar 2026 09:00:09 +0100"))
    old = read(mail_of(b"Hello\r\nthere\r\n").replace(b"\r\n", b"\r"))
    assert one.content_hash == again.content_hash == old.content_hash
    assert read(mail_of(b"Hello\nhere")).content_hash != one.content_hash
    assert read(mail_of(b"Hello\r\nthere\r\n", Subject="Else")).content_hash != one.content_hash


def test_a_mail_without_a_date_was_written_when_the_last_server_had_it() -> None:
    found = read(mail_of(Date="", Received="from x by y;\r\n Wed, 18 Mar 2026 09:00:09 +0100"))
    assert found.sent_at == datetime(2026, 3, 18, 8, 0, 9, tzinfo=UTC)


def test_of_several_ways_to_say_the_same_the_plain_one_is_read() -> None:
    plain, page = b"Content-Type: text/plain\r\n\r\nPlain", b"Content-Type: text/html\r\n\r\n<p>Page</p>"
    assert read(parts(page, plain, kind="alternative")).text == "Plain"
    assert read(parts(b"Content-Type: text/plain\r\n\r\n  ", page, kind="alternative")).text == "Page"
    assert read(parts(b"Content-Type: text/plain\r\n\r\n  ", kind="alternative")).text == ""
    assert read(parts(plain, page)).text == "Plain\n\nPage"


def test_an_html_mail_is_its_words_and_nothing_is_fetched_or_run() -> None:
    page = (
        b"<!DOCTYPE html><head><title>T</title></head><style>p{}</style><!-- c --><script>alert(1)</script>"
        b"<p onclick='x()'>Hi &amp; bye<br>1 < 2<img src='https://spy.example/p.gif'><table><tr><td>a<td>b</table>"
    )
    found = read(mail_of(page, Content_Type="text/html"))
    assert found.text == "Hi & bye\n1 < 2\na b"
    assert found.marks == {Mark.ACTIVE, Mark.REMOTE}


@pytest.mark.parametrize(
    ("page", "words"),
    [
        ("a<!-- never closed", "a"),
        ("a<b title='never closed", "a"),
        ('a<b title="x>y">b</b>', "ab"),
        ('a<b title="' + ">" * 6 + "b", "a>b"),
        ("a<script/>b", "ab"),
        ("a<head>b", "ab"),
        ("a<head>b<head>c", "abc"),
        ("a<script>b", "a"),
        ("<div style='background:url(http://spy.example/)'>a", "a"),
        ("İİ<style>p {}</style>a", "İİa"),
        ("a&#" + "9" * 5000 + ";", "a\ufffd"),
        ("Ana <ana@acme.example>", "Ana <ana@acme.example>"),
        ("Yes<blockquote>Do you?</blockquote>" + "<br>" * 9 + "Bo", "Yes\n>\n> Do you?\n\nBo"),
    ],
)
def test_a_page_that_is_put_together_badly_is_read_all_the_same(page: str, words: str) -> None:
    assert words_in(page).words == words


def test_words_of_a_head_are_put_together_again() -> None:
    assert words_of("=?utf-8?B?R3LDvMOf?= =?utf-8?Q?e_aus_K=C3?= =?utf-8?Q?=B6ln?= x") == "Grüße aus Köln x"
    assert words_of("=?utf-8?B?R3L=?= a\r\n\tb\x00") == "Gr a b"
    assert words_of("=?utf-8?B?A?=") == "A"
    assert words_of(b"Gr\xfc\xdfe".decode("ascii", "surrogateescape")) == "Grüße"
    assert text_of(b"\x81\xff", "utf-8") == ("�ÿ", False)


def test_names_and_addresses_are_read_of_odd_lines_too() -> None:
    assert addresses_of(['"Ruiz, Ana" <ANA@acme.example>, none']) == [("Ruiz, Ana", "ana@acme.example")]
    assert addresses_of(["(" * 15_000 + "a@b.example"]) == [("", "a@b.example")]
    assert own_id(["no-brackets@x more"]) == "no-brackets@x"
    assert own_id([]) == ""
    assert len(ids_of([" ".join(f"<{number}@x>" for number in range(300))])) == 100
    assert moment_of("18 Mar 2026 09:00:00 -0000") == datetime(2026, 3, 18, 9, tzinfo=UTC)
    assert moment_of("1 Jan 1804 09:00:00 +0000") is None


def zipped(*names: str, size: int = 1, sealed: bool = False, version: int = 20) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in names:
            archive.writestr(name, b"0" * size)
    content = made.getvalue()
    at = content.find(b"PK\x01\x02") + 6
    return content[:at] + bytes([version, 0, sealed]) + content[at + 3 :]


@pytest.mark.parametrize(
    ("name", "kind", "content", "why"),
    [
        ("offer.pdf", "application/pdf", b"%PDF-1.7", ""),
        ("offer.pdf.exe", "application/pdf", b"x", KeptBack.PROGRAM),
        ("offer.pdf", "application/pdf", b"MZ\x90\x00", KeptBack.PROGRAM),
        ("big.pdf", "application/pdf", b"0" * (FILE_LIMIT_BYTES + 1), KeptBack.TOO_LARGE),
        ("winmail.dat", "application/ms-tnef", b"x", KeptBack.TNEF),
        ("offer", "application/octet-stream", b"\x78\x9f\x3e\x22", KeptBack.TNEF),
        ("smime.p7m", "application/pkcs7-mime", b"x", KeptBack.ENCRYPTED),
        ("words.asc", "text/plain", b"-----BEGIN PGP MESSAGE-----", KeptBack.ENCRYPTED),
        ("signature.asc", "application/pgp-signature", b"-----BEGIN PGP SIGNATURE-----", ""),
        ("a.7z", "application/x-7z-compressed", b"7z\xbc\xaf\x27\x1c", KeptBack.ENCRYPTED),
        ("a.docm", "application/x", b"x", KeptBack.MACROS),
        ("a.svg", "image/svg+xml", b"<svg>", KeptBack.ACTIVE),
        ("a.zip", "application/zip", zipped("a.txt"), ""),
        ("a.zip", "application/zip", zipped("a.txt", sealed=True), KeptBack.ENCRYPTED),
        ("a.zip", "application/zip", zipped("a.txt", size=20_000_000), KeptBack.BOMB),
        ("a.zip", "application/zip", zipped("in/run.exe"), KeptBack.PACKED_PROGRAM),
        ("a.docx", "application/x", zipped("word/vbaProject.bin"), KeptBack.MACROS),
        ("a.zip", "application/zip", b"no archive", KeptBack.DAMAGED),
        ("a.zip", "application/zip", zipped("a.txt", version=99), KeptBack.DAMAGED),
        ("a.zip", "application/zip", zipped("ä.txt").replace("ä".encode(), b"\xff\xff"), KeptBack.DAMAGED),
    ],
)
def test_a_file_is_kept_back_for_a_reason(name: str, kind: str, content: bytes, why: str) -> None:
    assert why_kept_back(name, kind, content) == why


def test_a_mail_within_a_mail_is_a_file_and_kept_back_with_a_program_in_it() -> None:
    inner = parts(b"Content-Type: text/plain\r\n\r\nInner", file("run.bat", b"x"), mark="inner")
    harmless = b"Content-Type: message/rfc822\r\n\r\n" + mail_of(b"Inner")
    found = read(parts(b"\r\nOuter", harmless, b"Content-Type: message/rfc822\r\n\r\n" + inner))
    assert found.text == "Outer"
    assert [(each.name, each.kept_back) for each in found.files] == [
        ("part-2.eml", ""),
        ("part-3.eml", KeptBack.PACKED_PROGRAM),
    ]
    alone = read(mail_of(mail_of(b"Inner"), Content_Type="message/rfc822"))
    assert (alone.text, [each.name for each in alone.files]) == ("", ["part-1.eml"])


def containers(number: int) -> bytes:
    lines = [
        b'Content-Type: multipart/mixed; boundary="b%d"\r\n\r\n--b%d\r\n' % (n, n) for n in range(number)
    ]
    return b"From: a@b.example\r\n" + b"".join(lines) + b"\r\nDeep"


HEAD = b"From: a@b.example\r\n"
TORTURE = {
    "nothing": (b" \r\n", HeldBecause.EMPTY),
    "no mail": (b"Dear all, this is a letter.\n\nYours", HeldBecause.NOT_A_MESSAGE),
    "every byte": (bytes(range(256)) * 1000, HeldBecause.NOT_A_MESSAGE),
    "too large": (HEAD + b"\r\n" + b"x" * MESSAGE_LIMIT_BYTES, HeldBecause.TOO_LARGE),
    "a head of 2 MB": (HEAD + b"X-A: b\r\n" * 250_000 + b"\r\nx", HeldBecause.LONG_HEAD),
    "a line of parameters": (HEAD + b"Content-Type: text/plain; " + b'a="b;' * 40_000, HeldBecause.LONG_HEAD),
    "endless parts": (
        HEAD + b'Content-Type: multipart/mixed; boundary="b"\r\n\r\n' + b"--b\r\n\r\n" * 900_000,
        HeldBecause.TOO_MANY_PARTS,
    ),
    "endless parts whose lines end otherwise": (
        b'From: a@b.example\rContent-Type: multipart/mixed; boundary="b"\r\r' + b"--b\r\r" * 900_000,
        HeldBecause.TOO_MANY_PARTS,
    ),
    "endless nesting": (HEAD + b"Content-Type: message/rfc822\r\n\r\n" * 500, HeldBecause.TOO_DEEP),
    "a number twice": (
        HEAD + b"Content-Disposition: attachment; filename*=a; filename*0=b\r\n\r\nx",
        HeldBecause.UNREADABLE,
    ),
    "deep": (containers(90), ""),
    "many parts": (
        HEAD + b'Content-Type: multipart/mixed; boundary="b"\r\n\r\n' + b"--b\r\n\r\n" * 9_000,
        "",
    ),
    "NUL": (HEAD + b"Subject: a\x00b\r\n\r\nc\x00d", ""),
    "200 kB of recipients": (
        HEAD + b"To: " + b", ".join(b"a%d@b.example" % n for n in range(12_000)) + b"\r\n\r\nx",
        "",
    ),
    "200 kB of subject": (HEAD + b"Subject: " + b"=?utf-8?q?=41=?= " * 12_000 + b"\r\n\r\nx", ""),
    "wrong base64": (HEAD + b"Content-Transfer-Encoding: base64\r\n\r\n!!!abc$\xff", ""),
    "open marks": (HEAD + b"Content-Type: text/html\r\n\r\n" + b'<a "' * 250_000, ""),
    "open comments": (HEAD + b"Content-Type: text/html\r\n\r\n" + b"<!--" * 250_000, ""),
    "open heads": (HEAD + b"Content-Type: text/html\r\n\r\n" + b"<head>" * 160_000, ""),
    "open spaces": (HEAD + b"Content-Type: text/html\r\n\r\nurl(<p src=" + b" " * 900_000 + b">", ""),
    "words like those of parts": (HEAD + b"\r\n" + (b"content-type:" * 300 + b"\r\n") * 5_000, ""),
    "a long text": (HEAD + b"\r\n" + b"word " * 100_000, ""),
}


@pytest.mark.parametrize("name", TORTURE)
def test_whatever_comes_is_read_or_held_soon(name: str) -> None:
    raw, reason = TORTURE[name]
    began = time.process_time()
    found = read_mail(raw)
    assert time.process_time() - began < SOON
    assert (found.reason if isinstance(found, Unread) else "") == reason
    if not isinstance(found, Unread):
        assert found.sender == ("", "a@b.example")
        assert "\x00" not in found.text + found.subject
        assert len(found.text) <= 200_000


def test_a_long_text_says_that_it_is_cut() -> None:
    assert Mark.CUT in read(TORTURE["a long text"][0]).marks
