"""Text out of files of every sort that is read, and what is said of those that cannot be."""

import json
import subprocess
import sys
import zipfile
from email.message import EmailMessage
from io import BytesIO
from pathlib import Path

import pytest
from openpyxl import Workbook
from pypdf import PdfWriter
from pypdf.generic import DecodedStreamObject, DictionaryObject, NameObject

from core.texts import office, taking
from core.texts.sorts import AS_IT_STANDS, MOST_LETTERS, SORTS, sort_of
from core.texts.taking import condensed, taken

ROOT = Path(__file__).parents[2]
WORD = '<w:document xmlns:w="w"><w:p><w:r><w:t>Frame </w:t></w:r><w:r><w:t>contract</w:t></w:r></w:p>{}</w:document>'
OPEN = '<o:text xmlns:t="t"><t:p>Notice <t:span>three</t:span> months<t:s/>long</t:p><t:h>Ends</t:h></o:text>'


def archive(**parts: str) -> BytesIO:
    made = BytesIO()
    with zipfile.ZipFile(made, "w") as file:
        for name, text in parts.items():
            file.writestr(name.replace("__", "/") + ".xml", text)
    made.seek(0)
    return made


def pdf(words: str, password: str = "") -> BytesIO:
    writer, made = PdfWriter(), BytesIO()
    page = writer.add_blank_page(300, 300)
    font = {"/Type": "/Font", "/Subtype": "/Type1", "/BaseFont": "/Helvetica"}
    named = DictionaryObject({NameObject(key): NameObject(value) for key, value in font.items()})
    fonts = DictionaryObject({NameObject("/F1"): named})
    page[NameObject("/Resources")] = DictionaryObject({NameObject("/Font"): fonts})
    stream = DecodedStreamObject()
    stream.set_data(f"BT /F1 12 Tf 20 200 Td ({words}) Tj ET".encode())
    page[NameObject("/Contents")] = writer._add_object(stream)
    if password:
        writer.encrypt(password, algorithm="RC4-128")
    writer.write(made)
    made.seek(0)
    return made


def workbook() -> BytesIO:
    book, made = Workbook(), BytesIO()
    assert book.active is not None
    book.active.title = "Prices"
    book.active.append(["Tray", 240, None, 1.5])
    book.save(made)
    made.seek(0)
    return made


def mail() -> BytesIO:
    message = EmailMessage()
    message["Subject"], message["From"] = "Delivery", "Ana <ana@example.org>"
    message.set_content("Late by a week")
    message.add_alternative("<p>Late by <b>a week</b></p>", subtype="html")
    message.add_attachment(b"x", maintype="application", subtype="pdf", filename="slip.pdf")
    return BytesIO(message.as_bytes())


def test_text_is_taken_from_every_sort() -> None:
    found = {
        "pdf": taken("pdf", pdf("Signed in Leeds")),
        "word": taken("word", archive(word__document=WORD.format(""), word__header1=WORD.format(""))),
        "open": taken("open", archive(**{"META-INF__manifest": "<m/>", "content": OPEN})),
        "sheet": taken("sheet", workbook()),
        "html": taken("html", BytesIO(b"<p>Our <b>terms</b></p><script>evil()</script><style>x</style>")),
        "mail": taken("mail", mail()),
        "plain": taken("plain", BytesIO("\ufeffCafé".encode("utf-16-le"))),
    }
    assert found == {
        "pdf": ("Signed in Leeds", ""),
        "word": ("Frame contract\nFrame contract", ""),
        "open": ("Notice three months long\nEnds", ""),
        "sheet": ("Prices\nTray 240 1.5", ""),
        "html": ("Our\nterms", ""),
        "mail": ("Delivery\nAna <ana@example.org>\nLate by a week\nLate by\na week\nslip.pdf", ""),
        "plain": ("Café", ""),
    }
    assert set(found) == set(SORTS.values()) == set(taking.READERS)


@pytest.mark.parametrize(
    ("sort", "content", "why"),
    [
        ("pdf", pdf("x", "secret"), "locked"),
        ("pdf", BytesIO(b"%PDF-1.7 and no more"), "damaged"),
        ("pdf", pdf(""), "no_text"),
        ("word", BytesIO(b"\xd0\xcf\x11\xe0 old or encrypted"), "locked"),
        ("word", BytesIO(b"no archive"), "damaged"),
        ("word", archive(content=OPEN), "damaged"),
        ("word", archive(word__document='<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'), "damaged"),
        ("open", archive(**{"META-INF__manifest": "<encryption-data/>", "content": OPEN}), "locked"),
        ("sheet", archive(content=OPEN), "damaged"),
        ("plain", BytesIO(b" \x00\n"), "no_text"),
    ],
)
def test_why_there_is_no_text_is_told(sort: str, content: BytesIO, why: str) -> None:
    assert taken(sort, content) == ("", why)


def test_what_needs_too_much_memory_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    def greedy(_content: object) -> list[str]:
        raise MemoryError

    monkeypatch.setitem(taking.READERS, "plain", greedy)  # type: ignore[arg-type]  # a list is as good here
    assert taken("plain", BytesIO(b"x")) == ("", "too_large")


def test_a_part_is_unpacked_no_further_than_it_may_be(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(office, "MOST_UNPACKED", office.PIECE)
    far = "<w:p><w:t>far</w:t></w:p>" * 10_000
    text, why = taken("word", archive(word__document=WORD.format(far)))
    assert (text.startswith("Frame contract\nfar"), why, text.count("far") < 10_000) == (True, "", True)


def test_of_a_long_text_the_beginning_stands_and_each_further_word_once() -> None:
    long = "word " * 10_000 + "needle needle Needle \x00haystack"
    text = condensed([long])
    assert (text[:9], text[-25:]) == ("word word", "word word needle haystack")
    assert condensed(["x " * (AS_IT_STANDS // 2 - 2), "whole", "word"]).split()[-3:] == ["x", "whole", "word"]
    assert len(condensed(f"w{number:07}" for number in range(300_000))) <= MOST_LETTERS
    assert condensed(["  a \t b\r\n", "", "\ud800c"]) == "a b\nc"


@pytest.mark.parametrize(
    ("raw", "text"),
    [("naïve".encode("cp1252"), "naïve"), ("naïve".encode(), "naïve"), ("é".encode()[:1], "Ã")],
)
def test_text_without_a_mark_is_read_as_what_it_can_be(raw: bytes, text: str) -> None:
    assert taken("plain", BytesIO(raw))[0] in (text, "")


def test_a_mail_whose_letters_are_of_no_known_sort_is_read_all_the_same() -> None:
    raw = b"Subject: a\nContent-Type: text/plain; charset=unheard\n\nwords"
    assert taken("mail", BytesIO(raw)) == ("a\nwords", "")


def test_files_are_told_by_their_ending() -> None:
    assert [sort_of(name) for name in ("a.PDF", "a.docx", "a.png", "a", "a.tar.gz")] == [
        "pdf",
        "word",
        "",
        "",
        "",
    ]


def test_the_process_apart_is_bounded_and_says_what_it_found(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("Half past nine")
    told = []
    for memory in (700 << 20, 1 << 20):
        with (tmp_path / "a.txt").open("rb") as source:
            line = [sys.executable, "-m", "core.texts", "plain", str(memory), "10"]
            done = subprocess.run(line, cwd=ROOT, stdin=source, capture_output=True, check=True)
        told.append(json.loads(done.stdout))
    assert told == [{"text": "Half past nine", "reason": ""}, {"text": "", "reason": "too_large"}]
