"""A plain check whether a text is English: by its small words, and only where there are enough of them."""

import re

FEWEST_WORDS = 6
ENGLISH_SHARE = 0.2
FOREIGN_SHARE = 0.15
FOREIGN_LETTERS = 0.5

_ENGLISH = frozenset(
    """a an the and or but if so of to in on at by for with from as is are was were be been being has have had do does
    did will would can could should may must not no this that these those it its we you they he she i me my your our
    their them him her us who which what when where how there here up out about into after before than then very just
    again still all any some both each more most other such only own same too because while nobody nothing""".split()  # noqa: SIM905 - one word list, no code
)
_FOREIGN = frozenset(
    """der das und ist nicht ein eine einen wir ihr sie ich mit auf für von zu den dem des im bei wurde haben wird auch
    aber noch nach sehr bitte danke le la les des est une pour dans que qui nous vous avec sur pas sont mais ne et du au
    ce cette merci el los las del por para con una está pero muy gracias como más su il lo gli che di non per sono è
    della grazie molto o os as um uma não mas obrigado het een van niet wij zijn voor maar ook bij og ikke det som på
    til av är inte och att jest nie się że na ve bir bu için""".split()  # noqa: SIM905 - one word list, no code
)
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")


def looks_english(text: str) -> bool | None:
    """True or False where the small words say so, None where there are too few to say.

    A text mostly of letters outside Latin script is not English, however short.
    """
    words = [word.casefold() for word in _WORD.findall(text)]
    letters = [letter for word in words for letter in word]
    if letters and sum(letter > "ɏ" for letter in letters) / len(letters) > FOREIGN_LETTERS:
        return False
    if len(words) < FEWEST_WORDS:
        return None
    english = sum(word in _ENGLISH for word in words) / len(words)
    foreign = sum(word in _FOREIGN and word not in _ENGLISH for word in words) / len(words)
    if english >= ENGLISH_SHARE and english > foreign:
        return True
    return False if foreign >= FOREIGN_SHARE and foreign > english else None
