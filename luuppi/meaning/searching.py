"""Finding items by their words: stems of fi, sv and en in a full-text index, FTS5 on SQLite and a tsvector on PostgreSQL."""

import re
import threading
from collections.abc import Sequence
from functools import lru_cache

import Stemmer
from django.db import connection
from django.db.models import BooleanField, Case, Q, QuerySet, When
from django.db.models.expressions import RawSQL

from luuppi.meaning.models import Reading

_WORD = re.compile(r"[^\W_]+", re.UNICODE)
_NAMES = {"fi": "finnish", "sv": "swedish", "en": "english"}
_HITS = "SELECT rowid FROM meaning_search WHERE meaning_search MATCH %s"
_NEWEST = 4_000
_local = threading.local()


def stems_of(text: str, language: str) -> str:
    """The stems of the words, space between; a language that is not ours keeps its words as they are."""
    words = [word.lower() for word in _WORD.findall(text)]
    stem = _stemmer(language)
    stems = stem(words) if stem else words
    # Snowball leaves toimitus and toimituksen apart; the words that service is about (tilaus, vastaus, palautus …) bend like that.
    return " ".join(s[:-2] + "s" if language == "fi" and s.endswith("ks") and len(s) > 4 else s for s in stems)


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
    return tuple(tuple(sorted({stems_of(word, language) for language in _NAMES} | {word})) for word in found)


def index(readings: Sequence[Reading]) -> None:
    """Put the readings into the index, in the transaction that writes them. PostgreSQL indexes the column by itself."""
    if connection.vendor != "sqlite" or not readings:
        return
    rows = [(reading.item_id, reading.stems) for reading in readings if reading.stems]
    with connection.cursor() as cursor:
        cursor.executemany("DELETE FROM meaning_search WHERE rowid = %s", [(reading.item_id,) for reading in readings])
        cursor.executemany("INSERT INTO meaning_search (rowid, stems) VALUES (%s, %s)", rows)


def find(rows: QuerySet, words: str) -> QuerySet:
    """Narrow a query of items to those that hold every word, each in any of its stems."""
    asked = query_stems(words)
    if not asked:
        return rows
    if connection.vendor == "postgresql":
        query = " & ".join("(" + " | ".join(f"'{stem}':*" for stem in stems) + ")" for stems in asked)
        matches = RawSQL("SELECT item_id FROM meaning_reading WHERE to_tsvector('simple', stems) @@ to_tsquery('simple', %s)", [query])
        return rows.filter(pk__in=matches)
    query = " AND ".join("(" + " OR ".join(f'"{stem}"*' for stem in stems) + ")" for stems in asked)
    if (oldest := _oldest_of_the_newest(query)) is None:
        return rows.filter(pk__in=RawSQL(_HITS, [query]))  # noqa: S611 our own words, the query is a parameter
    # A common word: the newest hits are listed first, and the older ones only when the reader's page reaches them.
    newest = Q(pk__gte=oldest, pk__in=RawSQL(f"{_HITS} AND rowid >= %s", [query, oldest]))  # noqa: S611
    older = Q(pk__lt=oldest, pk__in=RawSQL(f"{_HITS} AND rowid < %s", [query, oldest]))  # noqa: S611
    return rows.filter(Case(When(newest, then=True), When(older, then=True), default=False, output_field=BooleanField()))


def _oldest_of_the_newest(query: str) -> int | None:
    """The item of the hit that stands `_NEWEST` hits from the newest; None when there are fewer."""
    with connection.cursor() as cursor:
        cursor.execute(f"{_HITS} ORDER BY rowid DESC LIMIT 1 OFFSET %s", [query, _NEWEST])
        row = cursor.fetchone()
    return row and row[0]
