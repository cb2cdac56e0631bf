"""Which words the one-line log knows in which language."""

from functools import cache

from analytics.quicklog.french import FRENCH
from analytics.quicklog.german import GERMAN
from analytics.quicklog.lexicon import vocabulary_of
from analytics.quicklog.spanish import SPANISH
from analytics.quicklog.vocabulary import ENGLISH, Vocabulary

LEXICONS = {"de": GERMAN, "es": SPANISH, "fr": FRENCH}


@cache
def vocabulary(language: str) -> Vocabulary:
    """The words of a language with the English ones; the English alone for a language that has none of its own."""
    lexicon = LEXICONS.get(language)
    return vocabulary_of(lexicon) if lexicon else ENGLISH
