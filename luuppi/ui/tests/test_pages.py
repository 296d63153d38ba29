"""The pages of ui itself: errors, sign-in, choices of the reader, and that none of them breaks the content security policy."""

import re

import pytest
from django.template.loader import render_to_string
from django.utils import translation

PAGES = [
    "/gallery",
    "/gallery/customer",
    "/confirm",
    "/keys",
    "/account/login/",
    "/account/login/code/",
    "/account/password/reset/",
    *[f"/error/{s}" for s in (400, 403, 404, 500, 503)],
]


@pytest.mark.django_db
@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_a_page_has_its_language_a_title_and_no_inline_style_or_script(client, path, language):
    html = client.get(path, HTTP_ACCEPT_LANGUAGE=language).content.decode()
    assert f'<html lang="{language}"' in html
    assert re.search(r"<title>\s*[^\s·–][^<]*</title>", html)
    assert html.count("<h1") == 1
    assert "style=" not in html
    assert not re.search(r"<script(?![^>]*\bsrc=)", html)
    assert not re.search(r"\son[a-z]+=", html)
    assert not re.search(r'(src|href)="(https?:)?//', html), "nothing from elsewhere"


@pytest.mark.parametrize("status", [400, 403, 404, 500, 503])
def test_an_error_page_needs_no_request(status):
    assert "<h1>" in render_to_string(f"{status}.html")


@pytest.mark.django_db
def test_a_failed_page_keeps_what_was_written_and_gives_a_reference(client):
    html = client.get("/error/500").content.decode()
    assert "Paketti tuli myöhässä." in html
    assert "7f3c" in html


@pytest.mark.django_db
def test_the_theme_is_kept_and_can_be_given_back_to_the_system(client):
    answer = client.post("/ui/theme", {"theme": "dark", "next": "/gallery?view=late"})
    assert answer["Location"] == "/gallery?view=late"
    assert 'data-theme="dark"' in client.get("/gallery").content.decode()
    client.post("/ui/theme", {"theme": "system", "next": "/gallery"})
    assert "data-theme=" not in client.get("/gallery").content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("away", ["https://example.org/", "//example.org", "javascript:alert(1)", ""])
def test_a_choice_never_leads_away(client, away):
    assert client.post("/ui/theme", {"theme": "dark", "next": away})["Location"] == "/"


@pytest.mark.django_db
def test_the_language_is_kept_and_nonsense_forgets_it(client):
    client.post("/ui/language", {"language": "sv"})
    assert client.cookies["language"].value == "sv"
    client.post("/ui/language", {"language": "xx"})
    assert client.cookies["language"].value == ""


@pytest.mark.django_db
def test_single_keys_can_be_turned_off(client):
    assert 'data-keys="off"' not in client.get("/gallery").content.decode()
    client.post("/keys", {"keys": "off", "next": "/gallery"})
    assert 'data-keys="off"' in client.get("/gallery").content.decode()


@pytest.mark.django_db
def test_a_get_chooses_nothing(client):
    assert client.get("/ui/theme").status_code == 405
    assert client.get("/ui/language").status_code == 405


def test_the_colour_of_an_organisation_is_a_stylesheet(client, lumi):
    answer = client.get("/ui/brand/lumi.css?v=0f5063")
    assert answer["Content-Type"].startswith("text/css")
    assert "immutable" in answer["Cache-Control"]
    assert "--org:#0f5063" in answer.content.decode()
    assert client.get("/ui/brand/nobody.css").status_code == 404


@pytest.mark.django_db
def test_an_act_is_told_once_with_its_undo(client):
    html = client.get("/gallery?toast=1").content.decode()
    assert 'role="status" data-toast' in html
    assert 'action="/undo"' in html
    assert "csrfmiddlewaretoken" in html.split("data-toast")[1][:400]
    assert "data-toast" not in client.get("/gallery").content.decode()


@pytest.mark.django_db
def test_pages_in_finnish_and_swedish_hold_no_english_sentence_of_ours(client):
    import polib

    from .test_catalogues import UI

    english = {e.msgid for e in polib.pofile(str(UI / "locale/fi/LC_MESSAGES/django.po")) if len(e.msgid) > 12 and "%" not in e.msgid}
    for language in ("fi", "sv"):
        for path in PAGES:
            with translation.override(language):
                html = client.get(path, HTTP_ACCEPT_LANGUAGE=language).content.decode()
            assert not [words for words in english if words in html], (language, path)
