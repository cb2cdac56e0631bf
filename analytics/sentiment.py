"""How a message sounds: VADER with the words of service and trade, for English only.

VADER (Hutto & Gilbert, ICWSM 2014) knows how people talk on social media and has no view of "overdue" or "nobody
called me back"; `data/service_lexicon.tsv` adds such words and phrases. Every value is stored with `MODEL_VERSION`,
which changes with that file, and with the words that drove it. Text of other languages, or of none that can be told,
has no value: None, not 0.
"""

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from hashlib import sha256
from importlib.resources import files

from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer, SentiText

from analytics.language import looks_english
from analytics.replies.reply import reply_text

POSITIVE_FROM = 0.05
NEGATIVE_FROM = -0.05
MOST_WORDS = 1000
VADER_VERSION = "3.3.2"

_LEXICON = files("analytics").joinpath("data/service_lexicon.tsv").read_text(encoding="utf-8")
MODEL_VERSION = f"vader-{VADER_VERSION}+service-{sha256(_LEXICON.encode()).hexdigest()[:8]}"


class Sound(StrEnum):
    POSITIVE = "positive"
    NEUTRAL = "neutral"
    NEGATIVE = "negative"


@dataclass(frozen=True)
class DrivingWord:
    """A word or phrase as written and what it weighed here, negation and emphasis included (about −5 to 5)."""

    text: str
    valence: float


@dataclass(frozen=True)
class Sentiment:
    """The compound value, −1 to 1, and the words that made it, the weightiest first."""

    compound: float
    words: tuple[DrivingWord, ...]
    model_version: str = MODEL_VERSION

    @property
    def sound(self) -> Sound:
        """Thresholds ±0.05 as its authors set them."""
        if self.compound >= POSITIVE_FROM:
            return Sound.POSITIVE
        return Sound.NEGATIVE if self.compound <= NEGATIVE_FROM else Sound.NEUTRAL


def score_message(text: str, language: str | None = None) -> Sentiment | None:
    """The sentiment of the new part of a message; None where it is empty or not known to be English.

    `language` is a tag such as `en` or `en-GB` where the sender's language is known. Text that plainly is of another
    language has no value whatever the tag; text too short to tell has one only with an English tag.
    """
    part = reply_text(text)
    said_english = language is not None and language.casefold().split("-")[0] == "en"
    if not part or (language is not None and not said_english):
        return None
    looks = looks_english(part)
    if looks is False or (looks is None and not said_english):
        return None
    return score_english(part)


def score_english(text: str) -> Sentiment:
    """The sentiment of English text as it stands, of its first thousand words."""
    joined = _phrases().sub(lambda match: "_".join(match[0].split()), " ".join(text.split()[:MOST_WORDS]))
    scored = _analyser().polarity_scores(joined)
    driving = [
        DrivingWord(word.replace("_", " "), round(float(value), 3))
        for word, value in scored["words"]
        if value
    ]
    driving.sort(key=lambda word: -abs(word.valence))
    return Sentiment(float(scored["compound"]), tuple(driving))


def plain_compound(text: str) -> float:
    """VADER's own value, without the service words: what they are compared with."""
    return float(_plain_analyser().polarity_scores(text)["compound"])


class _Analyser(SentimentIntensityAnalyzer):  # type: ignore[misc] # the package has no types
    """VADER that also tells the valence of each word."""

    def score_valence(self, sentiments: list[float], text: str) -> dict[str, object]:
        scored: dict[str, object] = super().score_valence(sentiments, text)
        return {**scored, "words": list(zip(SentiText(text).words_and_emoticons, sentiments, strict=True))}


@cache
def service_words() -> dict[str, float]:
    """The service lexicon: phrase in lower case → valence."""
    rows = (line.split("\t") for line in _LEXICON.splitlines() if line and not line.startswith("#"))
    return {phrase: float(valence) for phrase, valence in rows}


@cache
def _analyser() -> _Analyser:
    analyser = _Analyser()
    analyser.lexicon.update(
        {phrase.replace(" ", "_"): valence for phrase, valence in service_words().items()}
    )
    return analyser


@cache
def _plain_analyser() -> _Analyser:
    return _Analyser()


@cache
def _phrases() -> re.Pattern[str]:
    """Phrases of several words, the longest first, across any white space."""
    several = sorted((phrase for phrase in service_words() if " " in phrase), key=lambda phrase: -len(phrase))
    return re.compile(r"\b(?:" + "|".join(map(re.escape, several)) + r")\b", re.IGNORECASE)
