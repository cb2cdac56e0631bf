"""Questions in running text: “When does it come?”, “Please let us know whether it is safe.”

For suggesting only: what is found needs somebody's yes. A question is a sentence that ends in a question mark, or one
that asks without one, by a phrase of English, German, French or Spanish (“let me know when”, “ich wüsste gern, ob”,
“je voudrais savoir”, “me gustaría saber”), in the words of whoever asks or of whoever wrote down what they asked
(“she asks whether”). All languages are looked for in every text, for a mail may hold two.

Not found: what is quoted (lines of earlier mails, text in double quotes), what a link holds, and mere politeness
(“How are you?”). A question without a mark and without such a phrase is left to whoever reads it.
"""

import re
from collections.abc import Iterator

from analytics.replies.reply import reply_text

MOST = 20
LONGEST = 500
LONGEST_SHORT = 12

_LINK = re.compile(r"(?i)\b(?:https?://|www\.)\S+|\S+@\S+")
_QUOTED = re.compile(r'"[^"\n]*"|“[^”\n]*”|„[^“”\n]*[“”]|«[^»\n]*»|»[^«\n]*«')
_SHORT = re.compile(
    r"(?i)\b(?:dr|prof|mr|mrs|ms|st|no|nr|art|tel|fig|approx|resp|bzw|ca|evtl|ggf|inkl|z\.\s?b|d\.\s?h|u\.\s?a"
    r"|e\.\s?g|i\.\s?e|p\.\s?ex|p\.\s?ej|sr|sra|ud|uds|vs|etc|mme|env|réf|ref|núm)\.$"
)
_END = re.compile(r"[?!.…]+[)\]”“»'’]*(?=\s|$)|\n[ \t]*\n|\n(?=[ \t]*(?:[-*•–]|[0-9]{1,2}[.)])[ \t])")
_BULLET = re.compile(r"^(?:[-*•–>]|[0-9]{1,2}[.)]|[a-z]\))\s+")
_POLITE = re.compile(
    r"""(?ix)^\W*(?:
    how\ are\ (?:you|things)(?:\ (?:doing|today))?|how\ do\ you\ do|
    wie\ geht(?:'s|’s|\ es)(?:\ (?:ihnen|dir|euch))?|
    comment\ (?:allez[-\ ]vous|vas[-\ ]tu|ça\ va)|ça\ va|
    (?:¿\s*)?(?:cómo|como|qué|que)\ (?:está|estás|están|tal|te\ va)
    )\W*$"""
)
_WHAT = {
    "en": r"(?:if|whether|when|where|what|why|who|whom|whose|which|how)",
    "de": r"(?:ob|wann|wo|woher|wohin|was|warum|wieso|weshalb|wer|wem|wen|wessen|welche[mnrs]?|wie|wofür|womit|wozu"
    r"|worin|woran|worauf|bis\ wann|ab\ wann|seit\ wann)",
    "fr": r"(?:si|s'ils?|quand|où|ce\ qu[ei']?|pourquoi|qui|quel(?:le)?s?|comment|combien|à\ quelle|lequel|laquelle)",
    "es": r"(?:si|cu[áa]ndo|d[óo]nde|qu[ée]|por\ qu[ée]|qui[ée]n(?:es)?|cu[áa]l(?:es)?|c[óo]mo|cu[áa]nt[oa]s?)",
}
_PHRASES = {
    "en": r"""(?:let|tell|advise|inform)\ (?:me|us)(?:\ know)?\b[^.!?\n]{0,40}?\b%s\b|
    (?:can|could|would|will)\ you\ (?:please\ |kindly\ )?(?:tell|explain|confirm|clarify|say|check|advise|let)\b|
    (?:please|kindly)\ (?:explain|clarify|confirm|advise|say|check)\ %s\b|
    (?:i|we|they|he|she|i'd|we'd)\ (?:would\ |'d\ )?(?:like|love|want|wants|need|needs)\ to\ (?:know|ask)\b|
    (?:i|we)\ (?:am\ |are\ |was\ |were\ |do\ )?(?:wonder|wondering|wondered|asking)\ %s\b|
    (?:i'm|we're)\ (?:wondering|asking)\ %s\b|
    (?:asks?|asked|asking|enquires?|enquired|wants?\ to\ know|wanted\ to\ know)\ (?:us\ |me\ |again\ )?%s\b|
    my\ question\ is\b|may\ i\ ask\b|(?:it\ is|it's|is)\ (?:not\ |un)clear\ (?:to\ (?:me|us)\ )?%s\b""",
    "de": r"""(?:teilen|sagen|erklären|schreiben|geben|verraten)\ sie\ (?:mir|uns)\b[^.!?\n]{0,60}?,\ ?%s\b|
    (?:teil|sag|erklär|schreib|gib)e?\ (?:mir|uns)\b[^.!?\n]{0,60}?,\ ?%s\b|
    (?:ich|wir)\ (?:möchten?|will|wollen|würden?|wüssten?|hätten?)(?:\ auch|\ noch|\ gerne?|\ mal)*
    (?:\ (?:wissen|gewusst|fragen|erfahren)|,\ ?%s)\b|
    (?:frage\ mich|fragen\ uns|mich\ interessiert|uns\ interessiert|unklar\ ist(?:\ (?:mir|uns))?)\b
    [^.!?\n]{0,20}?,\ ?%s\b|
    (?:fragt|fragen|fragte|fragten|erkundigt\ sich|will\ wissen|wollte\ wissen)\b[^.!?\n]{0,30}?,\ ?%s\b|
    (?:bitte\ um|erbitte|erbitten)\ (?:eine\ )?(?:auskunft|antwort|mitteilung|rückmeldung|klärung|info)\b
    [^.!?\n]{0,40}?,\ ?%s\b""",
    "fr": r"""(?:pouvez|pourriez|peux|pourrais)[-\ ](?:vous|tu)\ (?:me|nous|m')\ ?
    (?:dire|indiquer|préciser|confirmer|expliquer)\b|
    merci\ de\ (?:bien\ vouloir\ )?(?:me|nous|m')\ ?(?:dire|indiquer|préciser|confirmer|expliquer|faire\ savoir)\b|
    (?:veuillez|prière\ de)\ (?:me|nous)\ (?:dire|indiquer|préciser|confirmer|expliquer|faire\ savoir)\b|
    (?:je|j'|nous|on)\ ?
    (?:voudrais|voudrions|souhaite|souhaitons|souhaiterais|souhaiterions|aimerais|aimerions|veux)\ savoir\b|
    (?:me|nous)\ demand(?:e|ons|ais|ions)\ %s\b|(?:il|elle|client|cliente)\ (?:nous\ |me\ )?demande\ %s\b|
    (?:dites|dis|indiquez|précisez)[-\ ](?:moi|nous)\ (?:aussi\ )?%s\b|
    (?:ma|notre)\ question\ est\b|ne\ sai[st]\ pas\ %s\b""",
    "es": r"""(?:me|nos)\ gustaría\ saber\b|
    (?:quisiera|quisiéramos|quiero|queremos|desearía|necesito|necesitamos|quiere)\ saber\b|
    (?:podrían?|puede|pueden|podrías|puedes)\ (?:decir|indicar|confirmar|explicar|informar|aclarar)(?:me|nos)\b|
    (?:me\ pregunto|nos\ preguntamos|pregunta|preguntó|preguntan)\ %s\b|
    (?:dígan?(?:me|nos)|indíquen?(?:me|nos)|confírmen?(?:me|nos)|aclár[ae]n?(?:me|nos))\b[^.!?\n]{0,30}?\b%s\b|
    (?:mi|nuestra)\ (?:pregunta|duda)\ es\b|no\ (?:sé|sabemos|queda\ claro|está\ claro)\ %s\b""",
}
_INDIRECT = re.compile(
    "|".join(
        rf"(?:(?<!\w)(?:{phrases.replace('%s', _WHAT[language])}))" for language, phrases in _PHRASES.items()
    ),
    re.IGNORECASE | re.VERBOSE,
)


def find_questions(text: str) -> list[str]:
    """The questions that the writer of `text` asks, in their words and order, each once; twenty at most."""
    own = reply_text(text)
    found: dict[str, str] = {}
    for start, end in _sentences(_masked(own)):
        words = " ".join(own[start:end].split())
        if _asks(_masked(own[start:end])) and not _POLITE.match(words):
            found.setdefault(words.casefold(), _BULLET.sub("", words))
    return [_short(words) for words in found.values() if any(map(str.isalnum, words))][:MOST]


def _masked(text: str) -> str:
    """The text with links and quotations blanked out by letters, places kept."""
    for pattern in (_LINK, _QUOTED):
        text = pattern.sub(lambda match: _ended(match[0]), text)
    return text


def _ended(piece: str) -> str:
    """A stretch that says nothing, as long as `piece`; a link at the end of a question leaves the mark to it."""
    ends = re.search(r"[?!.,;]+$", piece)
    tail = ends[0] if ends else ""
    return "x" * (len(piece) - len(tail)) + tail


def _sentences(text: str) -> Iterator[tuple[int, int]]:
    """Where each sentence begins and ends; the point of an abbreviation ends none."""
    start = 0
    for mark in _END.finditer(text):
        if mark[0].startswith(".") and _SHORT.search(
            text[max(start, mark.start() - LONGEST_SHORT) : mark.start() + 1]
        ):
            continue
        yield _begin(text, start, mark.end()), mark.end()
        start = mark.end()
    yield _begin(text, start, len(text)), len(text)


def _begin(text: str, start: int, end: int) -> int:
    """Spanish says where a question begins, and what stands before it is no part of it."""
    opened = text.rfind("¿", start, end)
    return opened if opened >= 0 else start


def _asks(sentence: str) -> bool:
    plain = " ".join(sentence.replace("’", "'").split())
    marks = re.search(r"[?!.…]+[)\]”“»'’]*\s*$", sentence)
    return bool(marks and "?" in marks[0]) or _INDIRECT.search(plain) is not None


def _short(words: str) -> str:
    """At most as many characters as are kept, cut between words."""
    if len(words) <= LONGEST:
        return words
    return words[: LONGEST - 1].rpartition(" ")[0] + "…"
