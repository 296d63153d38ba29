from datetime import date
from pathlib import Path

import polib
import pytest
from django.utils.formats import date_format
from django.utils.translation import override

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


MONTHS = {
    "fi": "tammikuu helmikuu maaliskuu huhtikuu toukokuu kesäkuu heinäkuu elokuu syyskuu lokakuu marraskuu joulukuu",
    "sv": "januari februari mars april maj juni juli augusti september oktober november december",
}


@pytest.mark.parametrize("language", ["fi", "sv"])
def test_no_word_of_ours_takes_the_place_of_a_month(language):
    """A catalogue of ours that says "May" (of a permission) would rename the fifth month on every page."""
    with override(language):
        assert [date_format(date(2026, month, 1), "F").lower() for month in range(1, 13)] == MONTHS[language].split()
