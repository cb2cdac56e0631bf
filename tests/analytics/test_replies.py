"""The new part of a message."""

import sys
from types import FrameType

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from analytics.replies.lines import Part
from analytics.replies.reply import read_reply, reply_text

CASES: dict[str, tuple[str, str | None]] = {
    # None: nothing goes
    "nothing to strip": ("Hello\nthere", "Hello\nthere"),
    "nothing at all": (" \n\n", ""),
    "quoted lines": ("Yes.\n> Do you agree?\n  > Really?\nGood.", "Yes.\nGood."),
    "a long quoted line wrapped without its mark": (
        f"> {'old ' * 15}\nand its end.\n> more\nYes.",
        "Yes.",
    ),
    "an answer between quotes": (f"> {'old ' * 15}?\nYes.\n> more\nNo.", "Yes.\nNo."),
    "a table is no quote": ("| a | b |\n| 1 | 2 |", "| a | b |\n| 1 | 2 |"),
    "a comparison is no quote": (">= 5 will do", ">= 5 will do"),
    "attribution with marks": ("Yes.\nOn Mon, 3 May 2027, Ana wrote:\n> old\n\nBelow.", "Yes.\n\nBelow."),
    "attribution over two lines": (
        "Yes.\nOn Mon, 3 May 2027 at 10:00, Ana <a@b.example>\nwrote:\n> old\nEnd.",
        "Yes.\nEnd.",
    ),
    "attribution below a line that begins alike": (
        "Room 5 is free\n02.04.2027 14:20 Ana <a@b.example> wrote:\n> old",
        "Room 5 is free",
    ),
    "attribution below a line of numbers": ("Room 5\nOn 2 May 2027 Ana wrote:\n> old", "Room 5"),
    "attribution without marks": ("Yes.\nOn Mon, 3 May 2027, Ana wrote:\n\nold text\nmore", "Yes."),
    "attribution at the very end": ("Yes.\nOn Mon, 3 May 2027, Ana wrote:", "Yes."),
    "attribution above everything": ("On Mon, 3 May 2027, Ana wrote:\n\nMy own words.", "My own words."),
    "attribution without a date": ("Ana wrote:\n> old\nYes.", "Yes."),
    "a sentence like an attribution": (
        "As the auditor wrote in 2019:\n\nall is well\n\nAnd Bo wrote:\n\nit is.",
        "As the auditor wrote in 2019:\n\nall is well\n\nAnd Bo wrote:\n\nit is.",
    ),
    "a sentence that goes on": ("On 3 May 2027 Ana wrote a letter", "On 3 May 2027 Ana wrote a letter"),
    "a sentence too long to introduce": (f"On 3 May\n{'word ' * 79}\nAna wrote:", None),
    "German attribution": ("Ja.\nAm 3. Mai 2027 um 10:00 schrieb Ana Ruiz:\n> alt", "Ja."),
    "German attribution by the name": (
        "Ja.\n\nAna Ruiz <ana@acme.example> schrieb am So., 23.\nJuni 2027, 21:08:\n\n> alt",
        "Ja.",
    ),
    "French attribution": ("Oui.\nLe 3 mai 2027, Ana Ruiz a écrit :\n> vieux", "Oui."),
    "Spanish": (
        "De acuerdo.\n\nSaludos,\nAna\n\nEl lun, 3 may 2027 a las 10:15, Bo (<bo@x.example>) escribió:\n\n> viejo",
        "De acuerdo.",
    ),
    "Swedish": (
        "Ja tack.\n\nMed vänlig hälsning\nAna\n\nDen mån 3 maj 2027 kl 10:15 skrev Bo <bo@x.example>:\n> gammalt",
        "Ja tack.",
    ),
    "Russian closing": ("Да.\n\nС уважением,\nАнна", "Да."),
    "attribution of an address and a time alone": (
        'Ja.\n\n30.09.2027, 18.30, "Ana" <ana@acme.example>:\n\nold',
        "Ja.",
    ),
    "attribution between dashes": (
        "Yes.\n\n---- On Wed, 24 Feb 2027 ana@acme.example wrote ----\n\nold",
        "Yes.",
    ),
    "original message": ("Yes.\n-----Original Message-----\nold", "Yes."),
    "forwarded": ("See below.\n---------- Forwarded message ----------\nold", "See below."),
    "line of underscores": ("Yes.\n________________________________\nFrom: Ana\nSent: now", "Yes."),
    "header block": ("Yes.\n\nFrom: Ana\nSent: Monday\nold", "Yes."),
    "header block in French, its sender late": (
        "Oui.\n\n====\n\nMessage du : 12/12/2027\nDe : Ana\nA : Bo\nObjet : x\n\nvieux",
        "Oui.",
    ),
    "header block with many people": (
        f"Yes.\n\nFrom: Ana\nTo: {'bo@acme.example, ' * 40}\nold",
        "Yes.",
    ),
    "header block with a wrapped address": (
        "Yes.\n\nFrom: Ana\n<ana@acme.example>\nSent: Monday\nold",
        "Yes.",
    ),
    "one header-like line": ("From: the warehouse\nall is well", "From: the warehouse\nall is well"),
    "header-like lines without a sender": ("To: do\nDate: fri", "To: do\nDate: fri"),
    "an order of a journey": (
        "From: Berlin\nTo: Hamburg\nDate: 3 May\n\nPlease book.",
        "From: Berlin\nTo: Hamburg\nDate: 3 May\n\nPlease book.",
    ),
    "signature mark": ("Yes.\n-- \nAna Ruiz\nAcme", "Yes."),
    "a drawn line above a card": ("Yes.\n\n----------\nAna Ruiz\nana@acme.example", "Yes."),
    "a drawn line above links": (
        "Both:\n\n----\nThe shop\nhttps://a.example\n\n----\nhttps://b.example",
        None,
    ),
    "a drawn line above words": ("Yes.\n\n----\n\nMore of it.", "Yes.\n\n----\n\nMore of it."),
    "a card without a mark": ("Yes.\n\nAna Ruiz\nana@acme.example\n(555) 346-9947", "Yes."),
    "a card that was asked for": (
        "Call this person:\n\nAna Ruiz\nana@acme.example\n(555) 346-9947",
        "Call this person:\n\nAna Ruiz\nana@acme.example\n(555) 346-9947",
    ),
    "a name after a dash": ("Yes.\n\n-Ana Ruiz", "Yes."),
    "a list": ("I bring these\n\n-Apples\n\n-Pears", "I bring these\n\n-Apples\n\n-Pears"),
    "closing": ("Yes.\n\nKind regards,\nAna", "Yes."),
    "closing above a picture": (
        f"Yes.\n\nKind regards\n\n![Acme](https://acme.example/{'x' * 80})\n\nAna",
        "Yes.",
    ),
    "closing and name on one line": ("Yes.\nBest regards, Ana", "Yes."),
    "closing above a postscript": (
        "Yes.\n\nKind regards,\nAna\nPS not yet\n\nP.S. Call me.\nCheers, Ana",
        "Yes.\n\n\nP.S. Call me.",
    ),
    "a word that begins like a closing": ("Yes.\nLGBT", "Yes.\nLGBT"),
    "a closing word before words": (
        "Hi,\n\nCheers!\n\nI will pay tomorrow.",
        "Hi,\n\nCheers!\n\nI will pay tomorrow.",
    ),
    "a closing before a long line": (f"Hi,\n\nCheers,\n{'word ' * 99}", None),
    "nothing but a closing": ("Kind regards,\nAna", "Kind regards,\nAna"),
    "bare regards": ("Yes.\nRegards\nAna", "Yes."),
    "best wishes": ("Yes.\nBest wishes,\nAna", "Yes."),
    "yours": ("Yes.\nYours sincerely\nAna", "Yes."),
    "thanks above a name": ("Yes.\n\nThanks,\nAna", "Yes."),
    "thanks above a card": (
        "Yes.\n\nThanks,\nAna Ruiz\nBuyer, Acme\n+44 20 7946 0000\nana@acme.example",
        "Yes.",
    ),
    "thanks above a name and the phone": ("Yes.\n\nThanks,\nAna\n\nSent from my iPhone", "Yes."),
    "thanks at the end": ("Yes.\n\nMany thanks,", "Yes.\n\nMany thanks,"),
    "thanks above words": ("Yes.\n\nThanks,\nthat helps.", "Yes.\n\nThanks,\nthat helps."),
    "phone": ("Yes.\nSent from my iPhone", "Yes."),
    "phone, then an old message without marks": ("Yes.\n\nSent from my iPhone\n\nold", "Yes."),
    "phone, then a long message": ("Yes.\nSent from my iPhone" + "\nold" * 31, "Yes." + "\nold" * 31),
    "phone above everything": ("Sent from my iPhone\n\nMy own words.", "My own words."),
    "nothing but the phone's line": ("Sent from my iPhone", ""),
    "a program that nobody listed": ("Yes.\n\nSent from TypeApp", "Yes."),
    **{
        line: (f"Yes.\n{line}", "Yes.")
        for line in (
            "Sent from my phone. Please excuse typos.",
            "Sent from Yahoo Mail on Android",
            "Get [Outlook for iOS](https://aka.ms/o0ukef)",
            "Von meinem iPhone gesendet",
            "Envoyé à partir d’Outlook pour Android<https://aka.ms/ghei36>",
            "Enviado desde mi iPhone",
            "Enviado do meu iPhone",
            "Inviato dal mio telefono",
            "Verstuurd vanaf mijn iPad",
            "Skickat från min Samsung Galaxy-smartphone.",
            "Lähetetty iPhonesta",
            "Wysłane z iPhone'a",
            "Отправлено с iPhone",
        )
    },
    **{
        line: (f"Yes.\n{line}\nAnd more.", f"Yes.\n{line}\nAnd more.")
        for line in ("Sent via mail on Monday.", "Sent from my desk today", "Get Outlook to work, please.")
    },
    "a device that nobody listed": ("Yes.\n\nSent from my Wiko RIDGE FAB 4G\n\nold", "Yes."),
    "a sentence about sending": ("Yes.\nSent from Berlin", "Yes.\nSent from Berlin"),
    "thanks are words": ("Thanks!\nAna", "Thanks!\nAna"),
    "regards within a sentence": ("He sends his regards to you.", "He sends his regards to you."),
    "other line ends": ("Yes.\r\n> old\rEnd.", "Yes.\nEnd."),
    "nothing new": ("> old", ""),
    "what is below shows once what is above it went": (
        "Yes.\n\n> old\nOn 3 May\n> old\n2027 Ana wrote:\n\nold",
        "Yes.",
    ),
}


@pytest.mark.parametrize(("text", "expected"), CASES.values(), ids=CASES.keys())
def test_keeps_what_was_written_now(text: str, expected: str | None) -> None:
    assert reply_text(text) == (text if expected is None else expected)


def test_a_name_at_the_end_is_a_signature_where_it_is_the_senders() -> None:
    text = "Yes.\n\nAna\nBuyer\n\nOn Mon, 3 May 2027, Bo wrote:\n> old"
    assert reply_text(text) == "Yes.\n\nAna\nBuyer"
    assert reply_text(text, "Ana Ruiz") == reply_text(text, "ana@acme.example") == "Yes."
    assert reply_text("Yes.\n\nAna", "Bo") == "Yes.\n\nAna"
    assert reply_text("Yes.\n\nAna\nwill bring it over on Monday if it does not rain.", "Ana") == (
        "Yes.\n\nAna\nwill bring it over on Monday if it does not rain."
    )


def test_the_mail_itself_stays_with_what_each_line_is() -> None:
    lines = ["Yes.", "", "Sent from my iPhone", "", "On 3 May 2027, Ana wrote:", "> old", "So.", "-- ", "Bo"]
    reply = read_reply("\r\n".join(lines))
    assert reply.lines == tuple(lines)
    words, quote, signature, program = Part.WORDS, Part.QUOTE, Part.SIGNATURE, Part.PROGRAM
    assert reply.parts == (words, words, program, program, quote, quote, words, signature, signature)
    assert reply.text == "Yes.\n\nSo."


OWN = (
    *("Yes, on Monday.", "I paid 5 today", "Ana", "Ana Ruiz", "", " ", "> old", ">> older", "P.S. Call me."),
    *("Kind regards,", "Thanks,", "-- ", "----", "____", "-Ana", "ana@acme.example", "+44 20 7946 0000"),
)
FRAMES = (
    *(
        "On Mon, 3 May 2027, Ana wrote:",
        "On 3 May",
        "2027 at 10:00 Ana <ana@acme.example>",
        "wrote:",
        "schrieb Ana:",
    ),
    *(
        "From: Ana <ana@acme.example>",
        "Sent: Monday",
        "Betreff: x",
        "-----Original Message-----",
        "Sent from my iPhone",
    ),
)
MAILS = st.lists(st.sampled_from(OWN + FRAMES), max_size=12).map("\n".join)


@given(MAILS | st.text(alphabet="On wrote:>\n-Fm. ", max_size=60) | st.text(max_size=200))
@example("\x00\ud800")
def test_a_reply_is_lines_of_the_mail_in_their_order_and_is_its_own_reply(text: str) -> None:
    once = reply_text(text)
    left = iter(read_reply(text).lines)
    assert all(line in left for line in once.split("\n") if once)
    assert reply_text(once) == once


@given(st.lists(st.sampled_from(OWN), max_size=8))
def test_words_are_never_lost_wholly(lines: list[str]) -> None:
    """What is neither marked, introduced, below a head nor a program's is somebody's own, were it but a name."""
    own = any(line.strip() and not line.startswith(">") for line in lines)
    assert bool(reply_text("\n".join(lines))) is own


@pytest.mark.parametrize(
    "lines",
    [
        ("--", "Ana"),
        ("> old", "Yes."),
        ("On 3 May", "hello 10:20 ana@acme.example wrote"),
        ("From: Ana", "To: Bo", ""),
        ("Sent from my iPhone", "Kind regards,"),
        ("____", "", ""),
    ],
)
def test_work_grows_as_the_mail_does(lines: tuple[str, ...]) -> None:
    def work(times: int) -> int:
        calls = 0

        def count(_frame: FrameType, event: str, _argument: object) -> None:
            nonlocal calls
            calls += event in ("call", "c_call")

        before = sys.getprofile()
        sys.setprofile(count)
        try:
            reply_text("\n".join(lines * times))
        finally:
            sys.setprofile(before)
        return calls

    assert work(800) < 2.2 * work(400)


def test_a_line_without_end_is_words_and_is_not_looked_into() -> None:
    endless = "On 3 May 2027 Ana <ana@acme.example> wrote: " * 25_000
    assert reply_text(f"{endless}\n> old") == endless
    assert reply_text(f"Yes.\n> {endless}") == "Yes."
