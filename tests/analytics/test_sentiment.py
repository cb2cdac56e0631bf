"""Sentiment: the published values of plain VADER, and service text that it misreads."""

from importlib.metadata import version

import pytest

from analytics.language import looks_english
from analytics.sentiment import (
    MODEL_VERSION,
    VADER_VERSION,
    Sound,
    plain_compound,
    score_english,
    score_message,
    service_words,
)


@pytest.mark.parametrize(
    ("sentence", "compound"),
    [
        ("VADER is smart, handsome, and funny.", 0.8316),
        ("VADER is smart, handsome, and funny!", 0.8439),
        ("VADER is VERY SMART, handsome, and FUNNY.", 0.9227),
        ("VADER is not smart, handsome, nor funny.", -0.7424),
        ("Today SUX!", -0.5461),
    ],
)
def test_published_sentences_keep_their_values(sentence: str, compound: float) -> None:
    """From the package's README; the service words leave them alone."""
    assert plain_compound(sentence) == compound
    assert score_english(sentence).compound == compound


@pytest.mark.parametrize(
    ("sentence", "plain"),
    [
        ("The order arrived late again and nobody called me back.", 0.0),
        ("The invoice is overdue.", 0.0),
        ("My problem has been resolved.", -0.25),
        ("Thank you for resolving my complaint so quickly.", 0.4404),
    ],
)
def test_plain_vader_misreads_service_text_as_specified(sentence: str, plain: float) -> None:
    assert plain_compound(sentence) == pytest.approx(plain, abs=0.002)


@pytest.mark.parametrize(
    "sentence",
    [
        "The order arrived late again and nobody called me back.",
        "The invoice is overdue.",
        "We are still waiting for the refund.",
        "There was no reply to three mails.",
        "The pump stopped working after two days.",
        "We want our money back.",
        "They kept me on hold for an hour.",
        "The goods did not come on time.",
        "This has not been resolved.",
    ],
)
def test_service_complaints_sound_negative(sentence: str) -> None:
    assert score_english(sentence).sound is Sound.NEGATIVE


@pytest.mark.parametrize(
    "sentence",
    [
        "My problem has been resolved.",
        "The delivery came on time and as promised.",
        "You sorted it out within a day.",
        "The amount was refunded.",
        "Thank you for resolving my complaint so quickly.",
        "No problems at all.",
    ],
)
def test_service_praise_sounds_positive(sentence: str) -> None:
    assert score_english(sentence).sound is Sound.POSITIVE


@pytest.mark.parametrize(
    "sentence", ["Please send the price list.", "Dear Ana, the credit note is attached."]
)
def test_courtesy_sounds_neutral(sentence: str) -> None:
    assert score_english(sentence).sound is Sound.NEUTRAL


def test_driving_words_are_named_as_written_the_weightiest_first() -> None:
    found = score_english("Nobody called me back, the order was LATE  AGAIN and the pump is not bad")
    assert found.words[0].text == "LATE AGAIN"
    assert [word.text for word in found.words] == ["LATE AGAIN", "Nobody called me back", "bad"]
    assert [word.valence > 0 for word in found.words] == [False, False, True]
    assert score_english("The meeting is at noon.").words == ()


def test_emojis_count_and_keep_the_words_aligned() -> None:
    found = score_english("Delivered 😀 on time")
    assert found.compound > 0.5
    assert "on time" in {word.text for word in found.words}


def test_only_the_first_thousand_words_count() -> None:
    assert score_english("word " * 1000 + "terrible").compound == 0
    assert score_english("word " * 999 + "terrible").compound < 0


def test_the_version_names_the_package_and_the_lexicon() -> None:
    assert version("vaderSentiment") == VADER_VERSION
    assert MODEL_VERSION.startswith("vader-3.3.2+service-")
    assert score_english("fine").model_version == MODEL_VERSION


def test_service_words_stay_in_vaders_range() -> None:
    assert len(service_words()) > 120
    assert all(-4 <= valence <= 4 for valence in service_words().values())
    assert all(phrase == phrase.lower().strip() for phrase in service_words())


ENGLISH = "The order has arrived but two of the boxes are broken."
GERMAN = "Die Lieferung ist nicht angekommen und wir haben noch keine Antwort."


@pytest.mark.parametrize(
    ("text", "english"),
    [
        (ENGLISH, True),
        (GERMAN, False),
        ("La commande est arrivée mais nous avons un problème avec la facture.", False),
        ("El pedido está roto, pero muy gracias por la respuesta.", False),
        ("注文がまだ届きません", False),
        ("Заказ не пришёл", False),
        ("invoice overdue", None),
        ("Invoice 4411 overdue, goods damaged, replacement parts missing", None),
        ("", None),
    ],
)
def test_language_is_told_only_where_it_can_be(text: str, english: bool | None) -> None:
    assert looks_english(text) is english


@pytest.mark.parametrize(
    ("text", "language", "scored"),
    [
        (ENGLISH, None, True),
        (ENGLISH, "en-GB", True),
        (ENGLISH, "de", False),
        (GERMAN, None, False),
        (GERMAN, "en", False),
        ("invoice overdue", None, False),
        ("invoice overdue", "EN", True),
        ("> only quoted", "en", False),
    ],
)
def test_only_english_has_a_value(text: str, language: str | None, scored: bool) -> None:
    assert (score_message(text, language) is not None) is scored


def test_only_the_new_part_is_scored() -> None:
    reply = (
        "Thank you, that is resolved.\n\nOn Mon, 3 May 2027, Ana Ruiz wrote:\n> This is terrible and broken."
    )
    found = score_message(reply, "en")
    assert found is not None
    assert found.sound is Sound.POSITIVE
    assert "terrible" not in {word.text for word in found.words}
