"""Channel and names: the head of the line."""

import re

from analytics.quicklog.draft import Draft
from analytics.quicklog.result import Channel, Direction, Name, Role
from analytics.quicklog.vocabulary import ChannelWord
from analytics.quicklog.whens import begins_when
from analytics.quicklog.words import Shape

LONGEST_NAME = 4
_MAIL_ADDRESS = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
LONGEST_UNSURE_NAME = 2


def read_channel(draft: Draft, index: int) -> int:
    """`call`, `called`, `got a call from`; after a name only a finished verb, which then is theirs."""
    if draft.channel is not None:
        return 0
    opened, direction = _channel_opening(draft, index)
    found = _channel_phrase(draft, index + opened)
    if found is None or (draft.people and not found[1].done):
        return 0
    length, word = found
    used = opened + length
    theirs = draft.people and (opened or not draft.vocabulary.verbs_come_last) and not draft.is_led
    direction = direction or _unless_mutual(word, Direction.INBOUND if theirs else word.direction)
    if draft.key(index + used) in draft.vocabulary.channel_endings:
        ending = draft.vocabulary.channel_endings[draft.key(index + used)]
        direction = _unless_mutual(word, ending or direction)
        used += 1
    draft.channel, draft.direction = word.channel, direction
    draft.mark(index, used, Role.CHANNEL)
    return used


def _channel_opening(draft: Draft, index: int) -> tuple[int, Direction | None]:
    """`got a`, `we had a`: how many words, and the direction that they already settle."""
    used, direction = 0, None
    while draft.key(index + used) in draft.vocabulary.channel_openings:
        direction = draft.vocabulary.channel_openings[draft.key(index + used)] or direction
        used += 1
    if used and draft.key(index + used) in draft.vocabulary.articles:
        used += 1
    return used, direction


def _channel_phrase(draft: Draft, index: int) -> tuple[int, ChannelWord] | None:
    for length in (2, 1):
        phrase = tuple(draft.key(index + offset) for offset in range(length))
        if phrase in draft.vocabulary.channels:
            return length, draft.vocabulary.channels[phrase]
    return None


def _is_finished(draft: Draft, index: int) -> bool:
    """`hat angerufen` behind a name."""
    if draft.vocabulary.speech is None:
        return False
    opened, _direction = _channel_opening(draft, index)
    verb = _channel_phrase(draft, index + opened) if opened else None
    return verb is not None and verb[1].done


def _unless_mutual(word: ChannelWord, direction: Direction) -> Direction:
    return Direction.MUTUAL if word.direction is Direction.MUTUAL else direction


def read_name_link(draft: Draft, index: int) -> int:
    """`meeting at 9:30 with Ana`, `call 12m from Ana`: the link that did not follow the channel directly."""
    key = draft.key(index)
    if draft.people or key not in draft.vocabulary.name_links:
        return 0
    if draft.channel is None:
        return _leading_link(draft, index)
    if not _name_length(draft, index + 1):
        return 0
    ending = draft.vocabulary.channel_endings.get(key)
    if ending is not None and draft.direction is not Direction.MUTUAL:
        draft.direction = ending
    draft.mark(index, 1, Role.CHANNEL)
    return 1


def _leading_link(draft: Draft, index: int) -> int:
    """`mit Ana Ruiz telefoniert`: where verbs come last, the link comes before what it was."""
    if not draft.vocabulary.verbs_come_last:
        return 0
    names, used = _names(draft, index + 1)
    verb = _channel_phrase(draft, index + 1 + used)
    if not names or verb is None or not verb[1].done:
        return 0
    draft.is_led = True
    draft.mark(index, 1, Role.CHANNEL)
    return 1


def read_people(draft: Draft, index: int) -> int:
    """One run of names; how sure it is depends on what stands around it."""
    if draft.people:
        return 0
    names, used = _names(draft, index)
    if not names:
        return _lower_case_name(draft, index)
    following = index + used
    if draft.channel is None:
        before_company = following < len(draft.words) and draft.words[following].shape is Shape.ORGANISATION
        verb = _channel_phrase(draft, following)
        sure = before_company or (verb is not None and verb[1].done) or _is_finished(draft, following)
        if not sure and used == 1:
            return 0
    else:
        lone_in_note = used == 1 and draft.channel in {Channel.NOTE, Channel.EVENT}
        sure = not draft.organisations and not lone_in_note and not _may_be_a_noun(draft, index, used)
    for first, length in names:
        _take(draft, first, length, sure=sure)
    return used


def _may_be_a_noun(draft: Draft, index: int, used: int) -> bool:
    """One large word that neither a link nor a company makes a name of: `Anruf Angebot besprochen`."""
    if (
        used > 1
        or not draft.vocabulary.nouns_are_large
        or draft.key(index - 1) in draft.vocabulary.name_links
    ):
        return False
    return index + 1 == len(draft.words) or draft.words[index + 1].shape is not Shape.ORGANISATION


def _take(draft: Draft, first: int, length: int, *, sure: bool) -> None:
    span = draft.mark(first, length, Role.PERSON)
    text = draft.words[first].core if length == 1 else " ".join(draft.line[span.start : span.end].split())
    draft.people.append(Name(text, span.start, span.end, sure))


def _names(draft: Draft, index: int) -> tuple[list[tuple[int, int]], int]:
    """The names of a run as (first word, length), and the words of the whole run with its joints."""
    names: list[tuple[int, int]] = []
    position = index
    while True:
        start = position + (draft.key(position) in draft.vocabulary.honorifics)
        length = _name_length(draft, start)
        if not length:
            return names, (names[-1][0] + names[-1][1] - index if names else 0)
        names.append((start, length))
        position = start + length
        if draft.key(position) in draft.vocabulary.name_joints:
            position += 1
        elif not _expects_another(draft, position - 1):
            return names, position - index


def _expects_another(draft: Draft, index: int) -> bool:
    return draft.words[index].raw.endswith(",") or draft.words[index].shape is Shape.QUOTED


def _name_length(draft: Draft, start: int) -> int:
    """Words of the one name that begins there: one quoted word, or capitalised words with particles
    between.
    """
    if start < len(draft.words) and draft.words[start].shape is Shape.QUOTED:
        return 1 if draft.words[start].core else 0
    length = capitals = 0
    while capitals < LONGEST_NAME and _is_name_word(draft, start + length, first=not length):
        length += 1
        capitals += 1
        if draft.words[start + length - 1].ends_name:
            break
        particles = 0
        while draft.key(start + length + particles) in draft.vocabulary.name_particles:
            particles += 1
        if particles and _is_name_word(draft, start + length + particles, first=False):
            length += particles
    return length


def _is_name_word(draft: Draft, index: int, *, first: bool) -> bool:
    """A capitalised word (or one of a script without capitals) that is no tone, no day and no pronoun; or a mail
    address.
    """
    key = draft.key(index)
    if first and _MAIL_ADDRESS.fullmatch(key):
        return True
    if not key or not _is_capitalised(draft.words[index].core):
        return False
    if key in draft.vocabulary.never_names or key in draft.vocabulary.tones:
        return False
    if not begins_when(draft, index):
        return True
    return first and len(key) <= 3 and _is_name_word(draft, index + 1, first=False)


def _is_capitalised(core: str) -> bool:
    return core[:1].isalpha() and not core[:1].islower()


def _lower_case_name(draft: Draft, index: int) -> int:
    """`call ana ruiz @acme`: one or two plain words between the channel and a company, taken as a name, not
    surely.
    """
    if draft.channel is None or draft.organisations:
        return 0
    length = 0
    while draft.key(index + length)[:1].isalpha() and length <= LONGEST_UNSURE_NAME:
        if draft.key(index + length) in draft.vocabulary.tones or begins_when(draft, index + length):
            return 0
        length += 1
    end = index + length
    if not 0 < length <= LONGEST_UNSURE_NAME or end >= len(draft.words):
        return 0
    if draft.words[end].shape is not Shape.ORGANISATION:
        return 0
    _take(draft, index, length, sure=False)
    return length
