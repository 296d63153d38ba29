"""Finding items by their words: stems of fi, sv and en in a full-text index, FTS5 on SQLite and a tsvector on PostgreSQL.

Words that the mask hides (a name, an address) are in the index under a sign of their own: by them an item is found by those alone who may
see it unmasked. Else who may not know the customer would learn from the hits whose feedback it is.
"""

import re
import threading
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any

import Stemmer
from django.db import connection
from django.db.models import BooleanField, Case, Q, QuerySet, When
from django.db.models.expressions import RawSQL

from luuppi.meaning.models import Reading
from luuppi.people.models import Team

_WORD = re.compile(r"[^\W_]+", re.UNICODE)
_NAMES = {"fi": "finnish", "sv": "swedish", "en": "english"}
_HITS = "SELECT rowid FROM meaning_search WHERE meaning_search MATCH %s"
_MATCHES = "FROM meaning_reading WHERE to_tsvector('simple', stems) @@ to_tsquery('simple', %s)"
_HIDDEN_HITS = {
    "sqlite": "SELECT id FROM meaning_search JOIN capture_feedbackitem ON id = meaning_search.rowid"
    " WHERE meaning_search MATCH %s AND team_id IN ({teams}) ORDER BY id DESC LIMIT %s",
    "postgresql": "SELECT id FROM capture_feedbackitem JOIN (SELECT item_id "
    + _MATCHES
    + ") hits ON id = item_id WHERE team_id IN ({teams}) ORDER BY id DESC LIMIT %s",
}
_MOST_HIDDEN = 2_000
_HIDDEN = "qzhidden"  # before the stem of a hidden word; letters, so that it stays one word to both indexes
_NEWEST = 4_000
_local = threading.local()


def stems_of(text: str, language: str) -> str:
    """The stems of the words, space between; a language that is not ours keeps its words as they are."""
    words = [word.lower() for word in _WORD.findall(text)]
    stem = _stemmer(language)
    stems = stem(words) if stem else words
    # Snowball leaves toimitus and toimituksen apart; the words that service is about (tilaus, vastaus, palautus …) bend like that.
    return " ".join(s[:-2] + "s" if language == "fi" and s.endswith("ks") and len(s) > 4 else s for s in stems)


def stems_of_both(words: str, masked: str, language: str) -> str:
    """The stems of a text: those of its masked copy as they are, those of the words that the mask hides with the sign of the hidden."""
    shown = {word.lower() for word in _WORD.findall(masked)}
    hidden = " ".join(dict.fromkeys(word for word in _WORD.findall(words) if word.lower() not in shown))
    seen = " ".join(word for word in _WORD.findall(words) if word.lower() in shown)
    return " ".join([stems_of(seen, language), *(_HIDDEN + stem for stem in stems_of(hidden, language).split())]).strip()


def _stemmer(language: str):
    name = _NAMES.get(language)
    if name is None:
        return None
    known = _local.__dict__.setdefault("stemmers", {})  # a stemmer holds state: one for each thread
    return known.setdefault(name, Stemmer.Stemmer(name)).stemWords


@lru_cache(maxsize=512)
def query_stems(words: str) -> tuple[tuple[str, ...], ...]:
    """For each word searched its stems in the three languages: the reader need not say which language the feedback is in."""
    found = _WORD.findall(words.lower())[:8]
    return tuple(
        (_HIDDEN,) if word.startswith(_HIDDEN) else tuple(sorted({stems_of(word, language) for language in _NAMES} | {word}))
        for word in found
    )


def index(readings: Sequence[Reading]) -> None:
    """Put the readings into the index, in the transaction that writes them. PostgreSQL indexes the column by itself."""
    if connection.vendor != "sqlite" or not readings:
        return
    rows = [(reading.item_id, reading.stems) for reading in readings if reading.stems]
    with connection.cursor() as cursor:
        cursor.executemany("DELETE FROM meaning_search WHERE rowid = %s", [(reading.item_id,) for reading in readings])
        cursor.executemany("INSERT INTO meaning_search (rowid, stems) VALUES (%s, %s)", rows)


def find(rows: QuerySet, words: str, who: Any) -> QuerySet:
    """Narrow a query of items to those that hold every word, each in any of its stems: hidden words where `who` sees the customer."""
    asked = query_stems(words)
    if not asked:
        return rows
    reach = who.grants.reach("items.with_customer")
    sees_all = reach.everywhere or (bool(reach.paths) and who.organisation.root_team.path in reach.paths)
    teams = [] if sees_all else _teams_under(who.organisation, reach.paths)
    query = _written([stems + (_hidden(stems) if sees_all else ()) for stems in asked])
    also = Q(pk__in=found) if teams and (found := _hidden_hits(asked, teams)) else Q()  # nearly always none: then the question stays a plain one
    if connection.vendor == "postgresql":
        return rows.filter(also | Q(pk__in=RawSQL(f"SELECT item_id {_MATCHES}", [query])))  # noqa: S611 our own words, the query is a parameter
    if (oldest := _oldest_of_the_newest(query)) is None:
        return rows.filter(also | Q(pk__in=RawSQL(_HITS, [query])))  # noqa: S611
    # A common word: the newest hits are listed first, and the older ones only when the reader's page reaches them.
    newest = also | Q(pk__gte=oldest, pk__in=RawSQL(f"{_HITS} AND rowid >= %s", [query, oldest]))  # noqa: S611
    older = Q(pk__lt=oldest, pk__in=RawSQL(f"{_HITS} AND rowid < %s", [query, oldest]))  # noqa: S611
    return rows.filter(Case(When(newest, then=True), When(older, then=True), default=False, output_field=BooleanField()))


def _hidden_hits(asked: Sequence[tuple[str, ...]], teams: Sequence[int]) -> list[int]:
    """The newest items of these teams that hold every word, at least one of them hidden."""
    with connection.cursor() as cursor:
        # Else a common word would be looked up in vain.
        ever_hidden = [n for n, stems in enumerate(asked) if _is_anywhere(cursor, _written([_hidden(stems)]))]
        if not ever_hidden:
            return []
        query = _any(_written([_hidden(stems) if i == n else stems + _hidden(stems) for i, stems in enumerate(asked)]) for n in ever_hidden)
        cursor.execute(_HIDDEN_HITS[connection.vendor].format(teams=", ".join(["%s"] * len(teams))), [query, *teams, _MOST_HIDDEN])
        return [pk for (pk,) in cursor.fetchall()]


def _is_anywhere(cursor: Any, query: str) -> bool:
    cursor.execute(f"{f'SELECT 1 {_MATCHES}' if connection.vendor == 'postgresql' else _HITS} LIMIT 1", [query])
    return cursor.fetchone() is not None


def _teams_under(organisation: Any, paths: Sequence[str]) -> list[int]:
    below = Q(pk__in=())
    for path in paths:
        below |= Q(path__startswith=path)
    return list(Team.objects.filter(below, organisation=organisation).values_list("pk", flat=True))


def _hidden(stems: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(_HIDDEN + stem for stem in stems)


def _written(asked: Sequence[tuple[str, ...]]) -> str:
    """Every one of these, each in any of its stems or a longer word, as the index wants it asked."""
    if connection.vendor == "postgresql":
        return " & ".join("(" + " | ".join(f"'{stem}'{':*' * _may_begin(stem)}" for stem in stems) + ")" for stems in asked)
    return " AND ".join("(" + " OR ".join(f'"{stem}"{"*" * _may_begin(stem)}' for stem in stems) + ")" for stems in asked)


def _may_begin(stem: str) -> bool:
    """Whether longer words are found by it too: not where those would be the hidden ones."""
    return not _HIDDEN.startswith(stem)


def _any(queries: Iterable[str]) -> str:
    return (" | " if connection.vendor == "postgresql" else " OR ").join(f"({query})" for query in queries)


def _oldest_of_the_newest(query: str) -> int | None:
    """The item of the hit that stands `_NEWEST` hits from the newest; None when there are fewer."""
    with connection.cursor() as cursor:
        cursor.execute(f"{_HITS} ORDER BY rowid DESC LIMIT 1 OFFSET %s", [query, _NEWEST])
        row = cursor.fetchone()
    return row and row[0]
