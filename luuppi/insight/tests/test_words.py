"""Every word of the pages stands in Finnish and Swedish, compiled, and a page shows no English of ours."""

from pathlib import Path

import polib
import pytest

from luuppi.insight.tests.figures_here import figures, figures_away  # noqa: F401 (fixtures)
from luuppi.insight.tests.test_page import answers, words_of  # noqa: F401 (fixtures)

LOCALE = Path(__file__).resolve().parents[1] / "locale"


def catalogue(language: str) -> polib.POFile:
    return polib.pofile(str(LOCALE / language / "LC_MESSAGES" / "django.po"))


@pytest.mark.parametrize("language", ["fi", "sv"])
def test_every_word_is_translated(language):
    words = catalogue(language)
    assert len(words) > 50
    assert words.untranslated_entries() == words.fuzzy_entries() == words.obsolete_entries() == []


@pytest.mark.parametrize("language", ["fi", "sv"])
def test_the_compiled_words_are_fresh(language):
    compiled = {(e.msgctxt, e.msgid): e.msgstr or tuple(e.msgstr_plural.values()) for e in polib.mofile(str(LOCALE / language / "LC_MESSAGES" / "django.mo"))}
    assert compiled == {(e.msgctxt, e.msgid): e.msgstr or tuple(e.msgstr_plural.values()) for e in catalogue(language)}


@pytest.mark.parametrize("language", ["fi", "sv"])
@pytest.mark.parametrize("address", ["/o/lumi/figures", "/o/lumi/figures?since=2020-01-01&until=2020-02-01", "/o/lumi/figures?segment=home"])
def test_a_page_has_no_english_sentence_of_ours(lumi, answers, as_member, figures, language, address):  # noqa: F811
    figures()
    client = as_member(lumi.mikko)
    client.cookies["language"] = language
    words = words_of(client.get(address, HTTP_ACCEPT_LANGUAGE=language))
    sentences = [entry.msgid for entry in catalogue(language) if entry.msgid != entry.msgstr and len(entry.msgid.split()) > 2 and "%" not in entry.msgid]
    assert [sentence for sentence in sentences if sentence in words] == []
    assert {"fi": "Luvut", "sv": "Siffror"}[language] in words
