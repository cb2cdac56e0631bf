"""What a language adds to the English words of the one-line log: plain lists of words."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import TypeVar

from analytics.quicklog.result import Channel, CommitmentSide, Direction
from analytics.quicklog.speech import Folds, speech
from analytics.quicklog.vocabulary import ENGLISH, ChannelWord, Vocabulary

T = TypeVar("T")


@dataclass(frozen=True)
class Lexicon:
    """Words parted by blanks, those of a phrase joined by `_`.

    `channels` has for each the words of what it is and those of a finished verb. `dates` are English words with how
    they are said, `phrases` are explained in `analytics.quicklog.speech`. Accents may be left out: `folds` says which
    letters stand for them then.
    """

    folds: Folds
    channels: Mapping[tuple[Channel, Direction], tuple[str, str]]
    openings: Mapping[Direction | None, str]
    endings: Mapping[Direction | None, str]
    name_links: str
    articles: str
    tones: Mapping[int, str]
    negations: str
    softeners: str
    links_before: str
    links_after: str
    sides: Mapping[CommitmentSide, str]
    severities: Mapping[int, str]
    joints: str
    honorifics: str
    never_names: str
    follow_ups: str
    by: str
    bys: str
    dates: Mapping[str, str]
    phrases: Mapping[str, str]
    consent_links: str = ""
    nouns_are_large: bool = False
    verbs_come_last: bool = False
    elides: bool = False
    particles_left: frozenset[str] = field(default_factory=frozenset)
    """Particles of names elsewhere that join two names here."""

    def words(self, text: str) -> frozenset[str]:
        """The words of a list, each with and without its accents."""
        return frozenset(each for word in text.split() for each in (word, word.translate(self.folds)))

    def table(self, lists: Mapping[T, str]) -> dict[str, T]:
        """Each word with what its list stands for."""
        return {word: value for value, text in lists.items() for word in self.words(text)}


def vocabulary_of(lexicon: Lexicon) -> Vocabulary:
    """English and the language together; where a word is in both, it has the language's meaning."""
    words, known = lexicon.words, ENGLISH
    return replace(
        _with_tones(lexicon, known),
        channels={**known.channels, **_channels(lexicon)},
        channel_openings={**known.channel_openings, **lexicon.table(lexicon.openings)},
        channel_endings={**known.channel_endings, **lexicon.table(lexicon.endings)},
        name_links=known.name_links | words(lexicon.name_links),
        articles=known.articles | words(lexicon.articles),
        sides={**known.sides, **lexicon.table(lexicon.sides)},
        severities={**known.severities, **lexicon.table(lexicon.severities)},
        name_joints=known.name_joints | words(lexicon.joints),
        name_particles=known.name_particles - lexicon.particles_left,
        honorifics=known.honorifics | words(lexicon.honorifics),
        never_names=known.never_names | words(lexicon.never_names),
        follow_ups=known.follow_ups + _phrases(words(lexicon.follow_ups)),
        by=lexicon.by,
        bys=known.bys | words(lexicon.bys),
        speech=speech(lexicon.folds, lexicon.dates, lexicon.phrases),
        nouns_are_large=lexicon.nouns_are_large,
        verbs_come_last=lexicon.verbs_come_last,
        elides=lexicon.elides,
    )


def _with_tones(lexicon: Lexicon, known: Vocabulary) -> Vocabulary:
    words = lexicon.words
    return replace(
        known,
        tones={**known.tones, **lexicon.table(lexicon.tones)},
        tone_negations=known.tone_negations | words(lexicon.negations),
        tone_softeners=known.tone_softeners | words(lexicon.softeners),
        tone_links_before=known.tone_links_before | words(lexicon.links_before),
        tone_links_after=known.tone_links_after | words(lexicon.links_after),
        consent_links=known.consent_links | words(lexicon.consent_links),
    )


def _channels(lexicon: Lexicon) -> dict[tuple[str, ...], ChannelWord]:
    return {
        tuple(word.split("_")): ChannelWord(channel, direction, done)
        for (channel, direction), both in lexicon.channels.items()
        for done, text in zip((False, True), both, strict=True)
        for word in lexicon.words(text)
    }


def _phrases(words: Iterable[str]) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(word.split("_")) for word in sorted(words))
