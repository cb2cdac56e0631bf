"""The words of one language that the one-line log knows."""

from collections.abc import Mapping
from dataclasses import dataclass

from analytics.quicklog.result import Channel, CommitmentSide, Direction
from analytics.quicklog.speech import Speech


@dataclass(frozen=True)
class ChannelWord:
    """`done` marks a finished verb ("called"), which with a name before it means that they did it."""

    channel: Channel
    direction: Direction
    done: bool = False


@dataclass(frozen=True)
class Vocabulary:
    """All keys are casefolded. Days and months are those of `analytics.dates`, and what `speech` knows as such.

    `by` is how an answer says until when, `bys` what has to be followed by a day. Where `nouns_are_large` one large
    word alone need not be a name; where `verbs_come_last` "Ana angerufen" is what we did, "Ana hat angerufen" what she
    did; where a language `elides`, "d’Ana" is two words.
    """

    channels: Mapping[tuple[str, ...], ChannelWord]
    channel_openings: Mapping[str, Direction | None]
    channel_endings: Mapping[str, Direction | None]
    name_links: frozenset[str]
    articles: frozenset[str]
    tones: Mapping[str, int]
    tone_negations: frozenset[str]
    tone_softeners: frozenset[str]
    tone_links_before: frozenset[str]
    tone_links_after: frozenset[str]
    consents: frozenset[str]
    consent_links: frozenset[str]
    sides: Mapping[str, CommitmentSide]
    severities: Mapping[str, int]
    name_joints: frozenset[str]
    name_particles: frozenset[str]
    honorifics: frozenset[str]
    never_names: frozenset[str]
    follow_ups: tuple[tuple[str, ...], ...]
    due_links: frozenset[str]
    minute_units: frozenset[str]
    hour_units: frozenset[str]
    by: str = "by"
    bys: frozenset[str] = frozenset({"by"})
    speech: Speech | None = None
    nouns_are_large: bool = False
    verbs_come_last: bool = False
    elides: bool = False


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


def _channels() -> dict[tuple[str, ...], ChannelWord]:
    out, mutual = Direction.OUTBOUND, Direction.MUTUAL
    table = (
        (Channel.CALL, out, "call phone ring telephone tel phone_call telephone_call", "called phoned rang"),
        (Channel.EMAIL, out, "email e-mail mail", "emailed e-mailed mailed"),
        (Channel.MEETING, mutual, "meeting meet", "met"),
        (Channel.VISIT, out, "visit site_visit", "visited"),
        (Channel.VIDEO, mutual, "video videocall video_call zoom teams", ""),
        (Channel.LETTER, out, "letter", ""),
        (Channel.MESSAGE, mutual, "chat", "chatted"),
        (Channel.MESSAGE, out, "sms text message msg whatsapp dm", "texted messaged"),
        (Channel.SOCIAL, out, "social linkedin", ""),
        (Channel.EVENT, mutual, "event", ""),
        (Channel.DESK, Direction.INBOUND, "desk walk-in", ""),
        (Channel.NOTE, mutual, "note", ""),
    )
    return {
        tuple(phrase.split("_")): ChannelWord(channel, direction, done)
        for channel, direction, present, past in table
        for done, phrases in ((False, present), (True, past))
        for phrase in phrases.split()
    }


def _tones() -> dict[str, int]:
    by_value = {
        -2: "angry furious livid outraged hostile irate",
        -1: "upset worried disappointed frustrated annoyed unhappy impatient concerned anxious sceptical",
        0: "neutral ok okay calm",
        1: "pleased happy satisfied friendly grateful relieved interested reassured glad",
        2: "delighted thrilled enthusiastic excited overjoyed ecstatic",
    }
    return {word: value for value, words in by_value.items() for word in words.split()}


ENGLISH = Vocabulary(
    channels=_channels(),
    channel_openings={
        "got": Direction.INBOUND,
        "received": Direction.INBOUND,
        "sent": Direction.OUTBOUND,
        "made": Direction.OUTBOUND,
        "had": None,
        "missed": None,
        "just": None,
        "i": None,
        "we": None,
    },
    channel_endings={
        "from": Direction.INBOUND,
        "by": Direction.INBOUND,
        "me": Direction.INBOUND,
        "us": Direction.INBOUND,
        "to": Direction.OUTBOUND,
        "with": None,
    },
    name_links=_words("from to with by"),
    articles=_words("a an the"),
    tones=_tones(),
    tone_negations=_words("not never isn't isn’t wasn't wasn’t hardly"),
    tone_softeners=_words("very too so entirely exactly really"),
    tone_links_before=_words(
        "is was are were be been being seems seemed sounds sounded feels felt looks looked got gets became "
        "very quite really rather so too still less more most a an the and but or"
    ),
    tone_links_after=_words("about with that at over because to and but or for by since after when"),
    consents=_words("ok okay"),
    consent_links=_words("to with for by"),
    sides={
        "us": CommitmentSide.OURS,
        "we": CommitmentSide.OURS,
        "me": CommitmentSide.OURS,
        "them": CommitmentSide.THEIRS,
        "they": CommitmentSide.THEIRS,
        "both": CommitmentSide.MUTUAL,
    },
    severities={
        "low": 1,
        "medium": 2,
        "high": 4,
        "critical": 8,
        "1": 1,
        "2": 2,
        "3": 4,
        "4": 8,
    },
    name_joints=_words("and & +"),
    name_particles=_words(
        "van de der den da das do dos del della di du von zu zur bin ibn al el la le ten ter y af av of"
    ),
    honorifics=_words("mr mrs ms miss dr prof mx"),
    never_names=_words(
        "i i'm i’m i'll i’ll i've i’ve we we'll we’ll he she it they the our their re for about"
    ),
    follow_ups=(("follow", "up"), ("follow-up",), ("followup",)),
    due_links=_words("by on"),
    minute_units=_words("m min mins minute minutes"),
    hour_units=_words("h hr hrs hour hours"),
)
