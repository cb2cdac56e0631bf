"""Finding what was said and written by its words: talk, promises, follow-ups and documents.

Two ways, because one word list answers both only badly. Words that few rows hold are found by their index, and
whatever holds them is then known. A word that a good part of all rows holds would have the index read millions of
entries to show the newest hundred (measured: a minute and more, at ten million interactions); of such words the
latest rows alone are looked through, which is where a hundred of them are soon found. Which words are common is
what the database counts for its own planning.
"""

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from time import monotonic
from typing import Any

from django.contrib.postgres.search import SearchQuery
from django.db import connection
from django.db.models import F, QuerySet, Subquery, TextField, Value
from django.db.models.functions import Coalesce, Concat, Substr

from accounts.models import User
from relationships.models import Commitment, Document, Fold, FollowUp, Interaction, Words
from relationships.queries.search_sought import Sought

MOST = 100
LATEST = 10_000
"""How many rows are looked through for a common word; each takes about three microseconds."""
COMMON = 20_000
"""In more rows than that a word is common."""
FEWEST_LETTERS = 3
SHOWN = 300

OUTLOOK = """
SELECT word.held, s.tablename, t.reltuples * word.frequency
FROM pg_stats s JOIN pg_class i ON i.relname = s.tablename AND i.relnamespace = s.schemaname::regnamespace
JOIN pg_index x ON x.indexrelid = i.oid JOIN pg_class t ON t.oid = x.indrelid
CROSS JOIN LATERAL unnest(s.most_common_elems::text::text[], s.most_common_elem_freqs) word (held, frequency)
WHERE s.schemaname = current_schema() AND s.tablename = ANY(%(indexes)s) AND t.reltuples > %(common)s
  AND word.held IS NOT NULL
"""
OUTLOOK_SECONDS = 300
outlooks: dict[str, tuple[float, list[tuple[str, str, float]]]] = {}
"""By the database: until when the process believes in its words, the words in order."""


@dataclass(frozen=True)
class Source:
    """A table whose rows have words: the two columns of its index, and what a line of it shows.

    `about` is shown in place of a text that is long: such a text is not looked through, but found by its index
    alone, since a thousand of them would take seconds to read.
    """

    model: Any
    index: str
    title: str
    text: str
    at: str
    shown: tuple[str, ...] = ()
    condition: Mapping[str, Any] = field(default_factory=dict)
    about: str = ""

    def rows(self, viewer: User) -> "QuerySet[Any]":
        """Those that the viewer may know of."""
        rows: QuerySet[Any] = self.model.objects.visible_to(viewer).filter(**self.condition)
        return rows


SOURCES: Mapping[str, Source] = {
    "commitments": Source(
        Commitment, "commitment_word_search", "what", "evidence", "made_at", ("state", "current_due_date")
    ),
    "follow_ups": Source(FollowUp, "follow_up_word_search", "what", "", "created_at", ("due_date",)),
    "interactions": Source(
        Interaction,
        "interaction_word_search",
        "subject",
        "body",
        "happened_at",
        ("channel", "direction"),
        {"superseded_at": None},
    ),
    "documents": Source(Document, "document_word_search", "name", "full_text", "uploaded_at", about="note"),
}
OF_RELATIONSHIP = {
    "kind": F("relationship__kind"),
    "party_name": F("relationship__party_name"),
}


def can_be_said(sought: Sought) -> bool:
    """Whether there is a word long enough to be looked for in texts."""
    return any(len(word) >= FEWEST_LETTERS for word in sought.words)


def common_words(sought: Sought) -> dict[str, frozenset[str]]:
    """For each source, the words of the line that are common there, alone or as beginnings of others."""
    names = {source.index: name for name, source in SOURCES.items()}
    outlook = _words_of_the_database(list(names))
    held: dict[tuple[str, str], float] = {}
    for word in sought.words:
        for lexeme, index, rows in outlook[bisect_left(outlook, (word,)) :]:
            if not lexeme.startswith(word):
                break
            held[names[index], word] = held.get((names[index], word), 0) + rows
    return {
        name: frozenset(word for word in sought.words if held.get((name, word), 0) > COMMON)
        for name in SOURCES
    }


def _words_of_the_database(indexes: list[str]) -> list[tuple[str, str, float]]:
    """Word, index and about how many rows hold it, of tables that are large enough for a common word."""
    database = str(connection.settings_dict["NAME"])
    until, words = outlooks.get(database, (0.0, []))
    if until < monotonic():
        with connection.cursor() as cursor:
            cursor.execute(OUTLOOK, {"indexes": indexes, "common": COMMON})
            words = sorted(cursor.fetchall())
        outlooks[database] = monotonic() + OUTLOOK_SECONDS, words
    return words


def only_latest(sought: Sought, common: Mapping[str, frozenset[str]]) -> bool:
    """Whether of some source the latest rows alone are looked through: every word that could narrow it is common."""
    return any(words and not _rare(sought, words) for words in common.values())


def texts_found(
    viewer: User, sought: Sought, few: Sequence[int] | None, common: Mapping[str, frozenset[str]]
) -> dict[str, "QuerySet[Any, dict[str, Any]]"]:
    """For each source its newest visible rows that hold every word or a longer one beginning with it.

    In columns `id`, `title`, `text`, `said_at`, `relationship_id`, those of OF_RELATIONSHIP and what the source
    shows beside; for `queries.together`. With `few` (all relationships that the viewer may know of) everything of
    theirs is looked through.
    """
    return {
        name: _newest(
            source, _holding(source, source.rows(viewer), sought, few, common.get(name, frozenset()))
        )
        for name, source in SOURCES.items()
    }


def _holding(
    source: Source, rows: "QuerySet[Any]", sought: Sought, few: Sequence[int] | None, common: frozenset[str]
) -> "QuerySet[Any]":
    rare = _rare(sought, common)
    if few is not None:
        rows = rows.filter(relationship_id__in=few)
    elif not rare:
        before = source.model.objects.order_by("-pk").values("pk")[LATEST : LATEST + 1]
        rows = rows.filter(pk__gt=Coalesce(Subquery(before), 0))
    if source.about:
        rare = list(sought.words)
    elif few is not None or not rare:
        return _told_apart(source, rows, sought.words)
    query = SearchQuery(" & ".join(f"'{word}':*" for word in rare), search_type="raw", config="simple")
    held = rows.alias(words=Words(source.title, source.text or Value(""))).filter(words=query)
    return _told_apart(source, held, [word for word in sought.words if word not in rare])


def _rare(sought: Sought, common: frozenset[str]) -> list[str]:
    return [word for word in sought.words if word not in common and len(word) >= FEWEST_LETTERS]


def _told_apart(source: Source, rows: "QuerySet[Any]", words: Sequence[str]) -> "QuerySet[Any]":
    """Those whose text has each of the words where a word begins."""
    if not words:
        return rows
    said = Fold(
        Concat(Value(" "), source.title, Value(" "), source.text or Value(""), output_field=TextField())
    )
    rows = rows.alias(said=said)
    for word in words:
        rows = rows.filter(said__regex=rf"\m{word}")
    return rows


def _newest(source: Source, rows: "QuerySet[Any]") -> "QuerySet[Any, dict[str, Any]]":
    told = source.about or source.text
    text = Substr(told, 1, SHOWN) if told else Value("", output_field=TextField())
    shown = rows.annotate(title=F(source.title), text=text, said_at=F(source.at), **OF_RELATIONSHIP)
    columns = ("id", "title", "text", "said_at", "relationship_id", *OF_RELATIONSHIP, *source.shown)
    newest: QuerySet[Any, dict[str, Any]] = shown.order_by(f"-{source.at}", "-pk").values(*columns)[:MOST]
    return newest
