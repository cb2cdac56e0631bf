"""The one-line log: a line typed in seconds, taken apart without ever guessing.

    [when] [channel] [people] [@organisation] words… tone #tag !us by fri send quote >tue call back 12m !!high

**Channel**: the first word or two (`call`, `called`, `met`, `email to`, `visit from`, `sms` …), otherwise a
note. `from`, `by`, `me` and `us` after it, or a name before it ("Ana Ruiz called"), make it inbound.

**People**: the capitalised words after the channel, joined by `and`, `&` or commas; a mail address; any words in
double quotes; one or two lower-case words directly before `@` (not `sure`: where no such person is known,
`ParsedLog.without_person` makes them text).

**Organisation**: `@Acme`, or `@"Acme Trading Ltd"`. **Tags**: `#renewal` (letters first: `#4411` is text).

**Tone**: a known word anywhere outside commitments. It leaves the text, unless the sentence needs it ("was
angry about …").

**Commitment**: `!us`, `!them` or `!both`, then `by DATE text` or `text by DATE`. **Next touch**: `>DATE
text`, or in words `follow up DATE text`. Either runs to the next sigil or to a semicolon. A day may carry a
time: `by fri 17:00`.

**Complaint**: `!!`, with `low`, `medium`, `high`, `critical` (or 1 to 4) behind it. **Duration**: `12m`,
`1h30`, `for 20 min`.

**When it happened**: at the head of the line a day, a time or both (`yesterday 14:00`, `mon 9am`, `at
08:05`); later in the line only `at` with a time, or a past day with a time. It is never in the future.
Otherwise it is now.

**Days**: today, tomorrow, yesterday, mon … sunday, this/next/last fri, in 3 days, 2 weeks ago, 3 May, 3 May
2027, 2026-12-01, 13/04, end of month, eow. Words in double quotes are shielded from all reading.

What could mean two things is a `Finding` in `questions`, what cannot be is one in `errors`; both name the
place and carry whole corrected lines to choose from where there are any. The result has no language: codes
and parameters only.

**Languages**: the words above are those of English. `vocabulary` gives those of German, French and Spanish with them:
`Anruf von Ana Ruiz @Acme verärgert !wir bis Fr Angebot senden >nächsten Di zurückrufen`. Sigils are the same.
"""

from analytics.names import name_key
from analytics.quicklog.languages import vocabulary
from analytics.quicklog.parser import parse
from analytics.quicklog.result import (
    Channel,
    Commitment,
    CommitmentSide,
    Complaint,
    Direction,
    Finding,
    FollowUp,
    Name,
    Option,
    ParsedLog,
    Precision,
    Role,
    Span,
    Tone,
)
from analytics.quicklog.vocabulary import ENGLISH, Vocabulary

__all__ = [
    "ENGLISH",
    "Channel",
    "Commitment",
    "CommitmentSide",
    "Complaint",
    "Direction",
    "Finding",
    "FollowUp",
    "Name",
    "Option",
    "ParsedLog",
    "Precision",
    "Role",
    "Span",
    "Tone",
    "Vocabulary",
    "name_key",
    "parse",
    "vocabulary",
]
