"""Whether a mail says thanks and nothing else, so that nobody has to answer it."""

import re
from collections.abc import Iterable

MOST_WORDS = 25
WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")


def _set(words: str) -> frozenset[str]:
    return frozenset(words.casefold().split())


THANKS = _set("thanks thank thx cheers danke dankeschön dank merci gracias grazie obrigado obrigada bedankt")
FILLING = _set(
    "you so very much many a lot again for the your quick fast prompt kind help reply answer response support hi "
    "hello dear all best regards greetings great perfect super wonderful that is was it works now good well "
    "sincerely yours have nice day weekend ok okay "
    "vielen schön sehr herzlichen herzliche besten für die den das ihre eure deine schnelle rasche hilfe antwort "
    "rückmeldung unterstützung hallo guten tag liebe lieber grüße gruß viele mit freundlichen freundliche beste "
    "prima alles klar passt gut bestens ihnen euch dir nochmals nochmal "
    "beaucoup bien mille pour votre ta réponse rapide aide bonjour cordialement bonne journée parfait "
    "muchas mil por su tu respuesta rápida ayuda hola saludos un cordial saludo perfecto todo bien "
    "molte mille per la sua tua risposta aiuto buongiorno saluti cordiali muito hartelijk u wel voor uw hulp"
)
"""Words beside the thanks that ask for nothing, in the languages of `THANKS`."""


def is_mere_thanks(text: str, names: Iterable[str] = ()) -> bool:
    """Whether `text` thanks, asks nothing and says nothing else; `names` are those that may stand in it.

    One word that is not known to be harmless is enough for no: whoever is not heard is worse off than who is heard
    twice.
    """
    if "?" in text:
        return False
    words = [word.casefold() for word in WORD.findall(text)]
    harmless = THANKS | FILLING | {part.casefold() for name in names for part in WORD.findall(name)}
    has_thanks = any(word in THANKS for word in words)
    return len(words) <= MOST_WORDS and has_thanks and set(words) <= harmless
