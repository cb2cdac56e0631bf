"""How it felt, in one word."""

from analytics.quicklog.draft import Draft
from analytics.quicklog.result import Option, Role, Span, Tone


def read_tone(draft: Draft, index: int) -> int:
    """A tone word, with "not" and the like before it; "ok to ship" is a consent and no tone."""
    found = _tone(draft, index)
    if found is None:
        return 0
    length, tone = found
    if _is_part_of_a_sentence(draft, index, length):
        start = draft.words[index].start
        span = Span(start, draft.words[index + length - 1].end, Role.TONE)
        draft.kept_tones.add(start)
        draft.in_head = False
    else:
        span = draft.span(index, length, Role.TONE)
    draft.spans.append(span)
    _settle(draft, tone, span)
    return length


def _tone(draft: Draft, index: int) -> tuple[int, Tone] | None:
    words = draft.vocabulary
    if draft.key(index) in words.tone_negations:
        softened = draft.key(index + 1) in words.tone_softeners
        word = draft.key(index + 1 + softened)
        if word not in words.tones:
            return None
        value = 0 if words.tones[word] < 0 else -1
        return 2 + softened, Tone(f"{draft.key(index)} {word}", value)
    word = draft.key(index)
    if word not in words.tones or (word in words.consents and draft.key(index + 1) in words.consent_links):
        return None
    return 1, Tone(word, words.tones[word])


def _is_part_of_a_sentence(draft: Draft, index: int, length: int) -> bool:
    """ "was angry about the invoice" would limp without the word, "price rise angry" does not."""
    after_link = (
        index > 0
        and not draft.words[index - 1].ends_name
        and draft.key(index - 1) in draft.vocabulary.tone_links_before
    )
    before_link = (
        not draft.words[index + length - 1].ends_name
        and draft.key(index + length) in draft.vocabulary.tone_links_after
    )
    return after_link or before_link


def _settle(draft: Draft, tone: Tone, span: Span) -> None:
    """The strongest of several counts; a good and a bad one together are asked."""
    if draft.tone is None:
        draft.tone = (tone, span)
        return
    first, first_span = draft.tone
    if first.value * tone.value < 0:
        options = (
            Option(first.word, draft.shielded(span)),
            Option(tone.word, draft.shielded(first_span)),
        )
        draft.ask("tone_ambiguous", span, options)
    elif abs(tone.value) > abs(first.value):
        draft.tone = (tone, span)
