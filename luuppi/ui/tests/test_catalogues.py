from pathlib import Path

import polib
import pytest

UI = Path(__file__).resolve().parents[1]


@pytest.mark.parametrize("language", ["fi", "sv"])
def test_every_word_is_translated(language):
    words = polib.pofile(str(UI / "locale" / language / "LC_MESSAGES" / "django.po"))
    assert len(words) > 100
    assert words.untranslated_entries() == words.fuzzy_entries() == words.obsolete_entries() == []


@pytest.mark.parametrize("language", ["fi", "sv"])
def test_the_compiled_words_are_fresh(language):
    folder = UI / "locale" / language / "LC_MESSAGES"
    read = lambda entries: {(e.msgctxt, e.msgid): e.msgstr or tuple(e.msgstr_plural.values()) for e in entries}  # noqa: E731
    assert read(polib.mofile(str(folder / "django.mo"))) == read(polib.pofile(str(folder / "django.po")))
