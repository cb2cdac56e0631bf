"""vCards as real software writes them: nothing of a line is lost, and what is written reads as it was."""

from exchange.operations.vcards import (
    Property,
    escaped,
    line_of,
    read_cards,
    read_property,
    unescaped,
    written,
)

OUTLOOK = (
    "BEGIN:VCARD\r\nVERSION:2.1\r\nN:Doe;John;;Mr.;III\r\nORG:Company, The;TheDepartment\r\n"
    "NOTE;ENCODING=QUOTED-PRINTABLE:First!!=0D=0ASecond=0D=\r\n=0A\r\n"
    "TEL;WORK;VOICE:BusinessPhone\r\nTEL;TYPE=pref;HOME;FAX:555\r\n"
    "KEY;X509;ENCODING=BASE64:\r\n    MIID\r\n    ITCC\r\n\r\n\r\nEMAIL;PREF;INTERNET:jdoe@example.com\r\nEND:VCARD\r\n"
)


def only(text: str) -> list[Property]:
    (card,) = read_cards(text)
    return list(card.properties)


def test_a_card_of_2_1_with_quoted_and_binary_lines() -> None:
    said = {one.name + "".join(one.types): one for one in only(OUTLOOK)}
    assert said["ORG"].parts == ["Company, The", "TheDepartment"]
    assert said["NOTE"].text == "First!!\nSecond"
    assert (said["TELwork"].text, said["TELhomefax"].preferred) == ("BusinessPhone", True)
    assert (said["KEYx509"].value, said["KEYx509"].params) == ("MIIDITCC", (("ENCODING", "b"),))
    assert (said["EMAIL"].text, said["EMAIL"].preferred) == ("jdoe@example.com", True)


def test_what_is_written_reads_as_it_was() -> None:
    once = written(only(OUTLOOK))
    assert written(only(once)) == once
    assert "VERSION:3.0" in once


def test_cards_of_3_0_and_4_0_keep_escapes_groups_and_parameters() -> None:
    text = (
        "BEGIN:VCARD\nVERSION:4.0\nFN:Ana \\, Ruiz\nitem1.URL:http\\://example.com\nitem1.X-ABLabel:PROFILE\n"
        'TEL;VALUE=uri;PREF=1;TYPE="work,voice":tel:+1-418-656-9254;ext=102\nLANG;PREF=2:en\nEND:VCARD\n'
    )
    name, url, label, phone, language = only(text)
    assert (name.text, url.text, url.group, label.text) == (
        "Ana , Ruiz",
        "http://example.com",
        "item1",
        "PROFILE",
    )
    assert (phone.types, phone.preferred, phone.params) == (("work",), True, (("VALUE", "uri"),))
    assert (language.preferred, language.params) == (False, (("PREF", "2"),))


def test_cards_that_are_not_ended_or_hold_another_are_read() -> None:
    text = "noise\nBEGIN:VCARD\nFN:A\nAGENT:\nBEGIN:VCARD\nFN:Inner\nEND:VCARD\nEND:VCARD\nBEGIN:VCARD\rFN:B\rno line\r"
    first, second = read_cards(text)
    assert [one.name for one in first.properties] == ["FN", "AGENT"]
    assert "Inner" in first.properties[1].text
    assert (second.number, second.properties[0].text) == (2, "Bno line")


def test_quoted_text_is_decoded_by_its_charset_or_the_likeliest() -> None:
    for line, text in (
        ("FN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:=C3=91=20=C3", "Ñ \N{REPLACEMENT CHARACTER}"),
        ("FN;ENCODING=QUOTED-PRINTABLE:Iksi=F1ski", "Iksiñski"),
        ("FN;CHARSET=none-such;ENCODING=QUOTED-PRINTABLE:=C3=91", "Ñ"),
        ("FN;ENCODING=QUOTED-PRINTABLE:=81", "\x81"),
    ):
        found = read_property(line, old=True)
        assert found is not None
        assert found.text == text


def test_a_line_without_a_colon_is_none() -> None:
    assert read_property("no colon here") is None
    assert list(read_cards("")) == []
    assert only("BEGIN:VCARD\nFN;=x:A\nEND:VCARD")[0] == Property("FN", "A")
    assert line_of(Property("X-A", "1", params=(("P", "a;b"),), group="g")) == 'g.X-A;P="a;b":1'
    assert unescaped(escaped("a;b,c\\d\ne")) == "a;b,c\\d\ne"


def test_long_lines_are_folded_between_characters() -> None:
    text = written([Property("NOTE", "é" * 100)])
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    assert only(text)[0].text == "é" * 100


def test_a_picture_of_megabytes_and_a_card_of_cards_are_read_whole() -> None:
    photo, agents = " " + "A" * 74 + "\n", "BEGIN:VCARD\nFN:B\nEND:VCARD\n"
    text = f"BEGIN:VCARD\nFN:A\nPHOTO;ENCODING=b:AA\n{photo * 100_000}AGENT:x\n{agents * 100_000}END:VCARD\n"
    name, picture, agent = only(text)
    assert (name.text, len(picture.value), agent.text.count("FN:B")) == ("A", 2 + 74 * 100_000, 100_000)
