"""Every page in Finnish and in Swedish: not a sentence of the English catalogue is left in it, and it says which language it is in."""

import re
from functools import cache
from html import unescape
from pathlib import Path

import polib
import pytest
from django.test import Client

from luuppi.insight.tests.figures_here import figures, figures_away  # noqa: F401 (fixtures)
from tests.walks.addresses import ADDRESSES, BOOK
from tests.walks.filled import Filled

pytestmark = pytest.mark.slow
ROOT = Path(__file__).resolve().parent.parent.parent
_PLACE = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}|\n")
_ATTRIBUTES = re.compile(r'(?:title|alt|placeholder|aria-label|aria-description|value|content)="([^"]*)"')
OF_LIBRARIES = ("account_login", "account_request_login_code", "account_reset_password")


@cache
def english_of(language: str) -> frozenset[str]:
    """Sentences of three words or more in all our catalogues that are said otherwise in the language; of those with places, the longest part."""
    found = set()
    for source in sorted((ROOT / "luuppi").glob(f"**/locale/{language}/LC_MESSAGES/django.po")):
        for entry in polib.pofile(str(source)):
            said = {entry.msgstr, *entry.msgstr_plural.values()}
            found |= {one for one in (entry.msgid, entry.msgid_plural) if one and one not in said and not entry.obsolete}
    longest = {max(_PLACE.split(unescape(re.sub(r"<[^>]+>", "\n", one))), key=len).strip(" .,:;!?") for one in found}
    return frozenset(one for one in longest if len(one.split()) >= 3)


def words_of(html: str) -> str:
    """What a reader or a screen reader gets: the text, and the attributes that are read out."""
    shown = re.sub(r"<(script|style)\b.*?</\1>", " ", html, flags=re.S)
    return unescape(" \n ".join([re.sub(r"<[^>]+>", "\n", shown), *_ATTRIBUTES.findall(shown)]))


def english_in(html: str, language: str) -> list[str]:
    words = words_of(html)
    squeezed = re.sub(r"\s+", " ", words)
    return sorted(one for one in english_of(language) if one in words or one in squeezed)


def pages_of(full: Filled) -> list[str]:
    more = [BOOK["cases"].of(full) + f"?queue={queue}" for queue in ("mine", "team", "waiting", "late", "closed")]
    more += [BOOK["case"].of(full).replace(str(full.case.number), str(number)) for number in (full.closed.number, full.open_case.number)]
    more += [BOOK["improvement"].of(full).replace(str(full.improvement.number), str(one.number)) for one in full.improvements.values()]
    more += [BOOK["today"].of(full, slug="nobodys")]
    return [address.of(full) for address in ADDRESSES if not address.is_post and address.name not in ("ui:brand", "figures_table", "import_bad_rows")] + more


def test_the_catalogue_would_be_found_in_an_english_page(full, client):
    html = client.get(BOOK["feedback_form"].of(full), headers={"accept-language": "en"}).content.decode()
    assert len(english_in(html, "fi")) > 3 and len(english_in(html, "sv")) > 3
    assert len(english_of("fi")) > 500


@pytest.mark.parametrize("language", ["fi", "sv"])
@pytest.mark.parametrize("person", ["admin", "sari", "antti"])
def test_no_page_speaks_english(full, figures, person, language):  # noqa: F811
    figures()
    client = Client(headers={"accept-language": language})
    client.force_login(full.scene.members[person].user, backend="allauth.account.auth_backends.AuthenticationBackend")
    client.cookies["language"] = language
    found = {}
    for path in pages_of(full):
        said = client.get(path)
        html = said.content.decode()
        if said.status_code in (301, 302, 303):
            continue
        if english := english_in(html, language):
            found[path] = english
        if "<html" in html:
            assert f'<html lang="{language}"' in html, path
    assert found == {}


@pytest.mark.parametrize("language", ["fi", "sv"])
def test_neither_do_pages_of_who_is_not_signed_in(full, language):
    from django.urls import reverse

    client = Client(headers={"accept-language": language})
    client.cookies["language"] = language
    paths = [*[reverse(name) for name in OF_LIBRARIES], *[address.of(full) for address in ADDRESSES if address.is_public and not address.is_post], "/nowhere", "/in/in_x", "/join/join_x"]
    found = {path: english for path in paths if (english := english_in(client.get(path).content.decode(), language))}
    assert found == {}


@pytest.mark.parametrize("language", ["fi", "sv"])
def test_what_a_form_answers_to_nothing_written_is_not_english_either(full, language):
    client = Client(headers={"accept-language": language})
    client.force_login(full.scene.admin.user, backend="allauth.account.auth_backends.AuthenticationBackend")
    client.cookies["language"] = language
    found = {}
    for address in ADDRESSES:
        said = client.post(address.of(full), {})
        if said.status_code in (200, 403, 409, 422) and (english := english_in(said.content.decode(), language)):
            found[address.name] = english
    assert found == {}
