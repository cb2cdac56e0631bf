"""The one-line grammar in other languages, case by case. Wednesday 10 March 2027, 11:00 in Berlin."""

from datetime import date

import pytest

from analytics.quicklog import Channel, CommitmentSide, parse, vocabulary
from analytics.quicklog.languages import LEXICONS
from analytics.quicklog.vocabulary import ENGLISH
from tests.analytics.test_quicklog import NOW, READ, at

FRIDAY, TUESDAY = date(2027, 3, 12), date(2027, 3, 16)
SAME_EVERYWHERE = {Channel.NOTE, Channel.SOCIAL, Channel.MESSAGE}
ACME = {
    "channel": "call",
    "way": "in",
    "people": ["Ana Ruiz"],
    "unsure": [],
    "orgs": ["Acme"],
    "asks": [],
    "errors": [],
}

CASES: list[tuple[str, str, dict[str, object]]] = [
    (
        "de",
        "Anruf von Ana Ruiz @Acme Preiserhöhung verärgert !wir bis Fr Angebot senden >kommenden Di zurückrufen !!hoch",
        {
            **ACME,
            "text": "Preiserhöhung",
            "tone": ("verärgert", -1),
            "commits": [("ours", FRIDAY, "Angebot senden")],
            "next": [(TUESDAY, "zurückrufen")],
            "severity": 4,
        },
    ),
    (
        "de",
        "gestern 14 Uhr 30 Besuch bei @Acme nicht zufrieden",
        {"when": at(2027, 3, 9, 14, 30), "tone": ("nicht zufrieden", -1)},
    ),
    (
        "de",
        "gestern 14 Uhr Besuch bei @Acme",
        {"channel": "visit", "way": "out", "when": at(2027, 3, 9, 14), "text": ""},
    ),
    (
        "de",
        "Ana Ruiz hat angerufen wegen Rechnung vom 3.5.",
        {"way": "in", "people": ["Ana Ruiz"], "text": "wegen Rechnung vom 3.5."},
    ),
    ("de", "Ana hat uns angerufen", {"way": "in", "people": ["Ana"], "unsure": []}),
    (
        "de",
        "mit Ana Ruiz und Tom Bell telefoniert",
        {"way": "out", "people": ["Ana Ruiz", "Tom Bell"], "unsure": [], "text": ""},
    ),
    ("de", "mit Ana Ruiz im Werk", {"channel": "note", "people": [], "text": "mit Ana Ruiz im Werk"}),
    ("de", "Ana Ruiz angerufen", {"way": "out", "people": ["Ana Ruiz"]}),
    # a noun is large as well, and need not be a name
    (
        "de",
        "Telefonat Angebot besprochen",
        {"people": ["Angebot"], "unsure": ["Angebot"], "text": "besprochen"},
    ),
    ("de", "Telefonat mit Otto", {"people": ["Otto"], "unsure": []}),
    ("de", "Telefonat Otto @Acme", {"people": ["Otto"], "unsure": []}),
    (
        "de",
        "E-Mail an Herrn Otto Kern !beide Muster prüfen bis Ende des Monats",
        {
            "channel": "email",
            "people": ["Otto Kern"],
            "commits": [("mutual", date(2027, 3, 31), "Muster prüfen")],
        },
    ),
    (
        "de",
        "vor 3 Tagen Treffen 45 Minuten lang Wiedervorlage 3.5. Vertrag",
        {"precision": "day", "when": at(2027, 3, 7), "minutes": 45, "next": [(date(2027, 5, 3), "Vertrag")]},
    ),
    (
        "de",
        "!wir Preis 3.5 Prozent bis zum 12.4.27",
        {"commits": [("ours", date(2027, 4, 12), "Preis 3.5 Prozent")]},
    ),
    (
        "de",
        "!sie bis am Freitag zahlen >uebermorgen um 9 Uhr fragen",
        {"commits": [("theirs", FRIDAY, "zahlen")], "next": [(FRIDAY, "fragen")]},
    ),
    ("de", "!wir bis irgendwann senden", {"errors": ["date_not_understood"]}),
    ("de", "!wir senden Freitag", {"asks": ["due_or_text"], "options": ["!wir senden bis Freitag"]}),
    ("de", "Anruf eine halbe Stunde @Acme", {"minutes": 30}),
    (
        "de",
        "!wir am 31.13. liefern",
        {"commits": [("ours", None, "am 31.13. liefern")], "asks": ["due_missing"]},
    ),
    (
        "fr",
        "appel d’Ana Ruiz @Acme prix mécontente !nous d’ici vendredi envoyer devis >mardi prochain rappeler !!élevé",
        {
            **ACME,
            "text": "prix",
            "tone": ("mécontente", -1),
            "commits": [("ours", FRIDAY, "envoyer devis")],
            "next": [(TUESDAY, "rappeler")],
            "severity": 4,
        },
    ),
    (
        "fr",
        "hier à 14h30 visite chez @Acme pas content",
        {"channel": "visit", "when": at(2027, 3, 9, 14, 30), "tone": ("pas content", -1), "minutes": None},
    ),
    (
        "fr",
        "hier 16h réunion 1h30 avec Ana Ruiz et Tom Bell d’accord sur l’ensemble",
        {
            "when": at(2027, 3, 9, 16),
            "minutes": 90,
            "people": ["Ana Ruiz", "Tom Bell"],
            "text": "d’accord sur l’ensemble",
        },
    ),
    (
        "fr",
        "Ana Ruiz a appelé pour la facture",
        {"way": "in", "people": ["Ana Ruiz"], "text": "pour la facture"},
    ),
    (
        "fr",
        "j’ai reçu un appel de Ana Ruiz pendant une demi-heure",
        {"way": "in", "people": ["Ana Ruiz"], "minutes": 30},
    ),
    (
        "fr",
        "il y a 3 jours rdv avec Mme Ana Ruiz relance lundi contrat",
        {"when": at(2027, 3, 7), "people": ["Ana Ruiz"], "next": [(date(2027, 3, 15), "contrat")]},
    ),
    (
        "fr",
        "!eux payer pour le 3/5 ; >fin du mois relancer ;",
        {"commits": [("theirs", date(2027, 5, 3), "payer")], "next": [(date(2027, 3, 31), "relancer")]},
    ),
    ("fr", "!nous livrer avant le 15 mars 2027", {"commits": [("ours", date(2027, 3, 15), "livrer")]}),
    (
        "fr",
        "reunion avec Ana Ruiz fachee",
        {"channel": "meeting", "people": ["Ana Ruiz"], "tone": ("fachee", -1)},
    ),
    (
        "es",
        "llamada de Ana Ruiz @Acme precio enfadada !ellos para el viernes enviar oferta >martes próximo llamar !!alta",
        {
            **ACME,
            "text": "precio",
            "tone": ("enfadada", -1),
            "commits": [("theirs", FRIDAY, "enviar oferta")],
            "next": [(TUESDAY, "llamar")],
            "severity": 4,
        },
    ),
    (
        "es",
        "ayer a las 14:30 visita a @Acme no está contento",
        {"channel": "visit", "when": at(2027, 3, 9, 14, 30), "tone": ("no contento", -1)},
    ),
    ("es", "Ana Ruiz llamó por la factura", {"way": "in", "people": ["Ana Ruiz"], "text": "por la factura"}),
    (
        "es",
        "reunión con Ana Ruiz y Tom Bell durante media hora",
        {"people": ["Ana Ruiz", "Tom Bell"], "minutes": 30},
    ),
    (
        "es",
        "hace 3 días correo a Ana Ruiz seguimiento lunes contrato",
        {"channel": "email", "when": at(2027, 3, 7), "next": [(date(2027, 3, 15), "contrato")]},
    ),
    (
        "es",
        "!ellos pagar antes del 3 de mayo; >pasado manana llamar",
        {"commits": [("theirs", date(2027, 5, 3), "pagar")], "next": [(FRIDAY, "llamar")]},
    ),
    ("es", ">dentro de 2 semanas revisar", {"next": [(date(2027, 3, 24), "revisar")]}),
]


@pytest.mark.parametrize(
    ("language", "line", "expected"), CASES, ids=[f"{case[0]}: {case[1]}" for case in CASES]
)
def test_a_line_is_read_in_the_language_of_its_writer(
    language: str, line: str, expected: dict[str, object]
) -> None:
    log = parse(line, NOW, vocabulary(language))
    assert {key: READ[key](log) for key in expected} == expected


@pytest.mark.parametrize("language", sorted(LEXICONS))
def test_english_is_always_understood(language: str) -> None:
    line = (
        "yesterday call from Ana Ruiz @Acme angry !us by fri 5pm send quote for 20 min !!high >tue call back"
    )
    assert parse(line, NOW, vocabulary(language)) == parse(line, NOW)


@pytest.mark.parametrize("language", sorted(LEXICONS))
def test_a_language_says_all_that_english_can(language: str) -> None:
    words, lexicon = vocabulary(language), LEXICONS[language]
    told = {word.channel for word in ENGLISH.channels.values()}
    assert {channel for channel, _way in lexicon.channels} >= told - SAME_EVERYWHERE
    assert set(lexicon.tones) == set(ENGLISH.tones.values())
    assert set(lexicon.sides) == set(CommitmentSide)
    assert set(lexicon.severities) == set(ENGLISH.severities.values())
    assert all(
        word == word.casefold() for word in [*words.tones, *words.sides, *words.severities, *words.bys]
    )


def test_a_language_without_words_of_its_own_has_the_english_ones() -> None:
    assert vocabulary("en-gb") is ENGLISH
    assert vocabulary("tlh") is ENGLISH
