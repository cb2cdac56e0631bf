"""Questions in what people write: by their mark and by their phrase, in four languages, without what is quoted."""

import pytest

from analytics.questions import LONGEST, MOST, find_questions

TEXTS = {
    "by their marks": (
        "Dear team,\n\nEleven trays are cracked. When do new ones come? And who\npays for the clinics?\n\n"
        "Regards\nHelen",
        ["When do new ones come?", "And who pays for the clinics?"],
    ),
    "by a phrase": (
        "Please let us know whether batch 7714 is safe. I would like to know who is in charge. It broke.",
        [
            "Please let us know whether batch 7714 is safe.",
            "I would like to know who is in charge.",
        ],
    ),
    "as somebody noted them": (
        "Helen called. She asks when the credit note comes. We said soon.",
        ["She asks when the credit note comes."],
    ),
    "no question": ("We know when it comes. If it breaks, call us. What a day! Ask Jonas.", []),
    "by a list": (
        "Two points:\n- is the lid included\n- what does it cost?\n1. Could you confirm the date",
        ["what does it cost?", "Could you confirm the date"],
    ),
    "German": (
        "Guten Tag,\n\nwann kommt der Ersatz? Bitte teilen Sie uns mit, ob die Charge sicher ist. Ich wüsste gern, wer"
        " zuständig ist. Es gilt z. B. auch für Deckel. Was haften bleibt, ist Ärger.\n\nMit freundlichen Grüßen\nUte",
        [
            "wann kommt der Ersatz?",
            "Bitte teilen Sie uns mit, ob die Charge sicher ist.",
            "Ich wüsste gern, wer zuständig ist.",
        ],
    ),
    "German, noted": (
        "Frau Vogt fragt, bis wann die Gutschrift kommt. Sie hat Nr. 7 dabei.",
        ["Frau Vogt fragt, bis wann die Gutschrift kommt."],
    ),
    "two languages": (
        "The pallet is broken. Who pays? / Die Palette ist kaputt. Wer zahlt das?",
        ["Who pays?", "Wer zahlt das?"],
    ),
    "French": (
        "Bonjour, quand arrive la livraison ? Merci de nous dire si le lot est sûr. Je voudrais savoir qui décide."
        " Si cela casse, appelez.",
        [
            "Bonjour, quand arrive la livraison ?",
            "Merci de nous dire si le lot est sûr.",
            "Je voudrais savoir qui décide.",
        ],
    ),
    "Spanish": (
        "Buenos días, ¿cuándo llega el pedido? Me gustaría saber si el lote es seguro. El cliente pregunta cuánto"
        " cuesta. Si se rompe, llamen.",
        [
            "¿cuándo llega el pedido?",
            "Me gustaría saber si el lote es seguro.",
            "El cliente pregunta cuánto cuesta.",
        ],
    ),
    "a quoted mail": (
        "Yes, Friday is fine. But who signs?\n\nOn Mon, 2 Mar 2026 at 10:00, Amara <a@x.org> wrote:\n"
        "> Is Friday fine?\n> How many?",
        ["But who signs?"],
    ),
    "quoted words": (
        'The leaflet says "Is your home safe?" on its front. What does "safe?" mean there?',
        ['What does "safe?" mean there?'],
    ),
    "links": (
        "See https://x.org/a?b=1 and mail q?@x.org. Did you see www.x.org/y?",
        ["Did you see www.x.org/y?"],
    ),
    "politeness": ("How are you? Wie geht es Ihnen? Comment allez-vous ? ¿Cómo está? ???", []),
    "asked twice": ("When? I said: when? WHEN?", ["When?", "I said: when?"]),
    "nothing": ("", []),
}


@pytest.mark.parametrize("name", TEXTS)
def test_questions_are_found(name: str) -> None:
    text, questions = TEXTS[name]
    assert find_questions(text) == questions


def test_what_is_found_fits_what_is_kept() -> None:
    many = " ".join(f"Is it number {number}?" for number in range(MOST + 5))
    assert len(find_questions(many)) == MOST
    (long,) = find_questions("Is it " + "very " * 200 + "late?")
    assert (len(long) <= LONGEST, long[-2:]) == (True, "y…")
