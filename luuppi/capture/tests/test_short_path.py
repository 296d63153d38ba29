"""The short path of the open form answers as Django does, and stores the same."""

import gzip
import io
from urllib.parse import urlencode

import pytest

from luuppi.capture.forms import FeedbackForm
from luuppi.capture.models import Addition, FeedbackItem
from luuppi.capture.web import short_path
from luuppi.journal.models import LoopEvent
from luuppi.people.web import addressing
from luuppi.running import patience
from luuppi.wsgi import application, django_application

pytestmark = pytest.mark.usefixtures("kept_connection")

TEXT = "Paketti tuli kaksi viikkoa myöhässä."
PLAIN = {"sending": "a" * 22, "website": "", "kind": "complaint", "text": TEXT, "contact": "email", "email": "aino@example.com", "phone": ""}


@pytest.fixture(autouse=True)
def nothing_kept():
    short_path.forget()


def answer(app, method="GET", body=b"", query="", path="/f/lumi", **more):
    """Status, headers and content."""
    said: list = []
    environ = {
        "REQUEST_METHOD": method, "PATH_INFO": path, "QUERY_STRING": query, "SERVER_NAME": "testserver", "SERVER_PORT": "80", "wsgi.url_scheme": "http",
        "CONTENT_TYPE": "application/x-www-form-urlencoded", "CONTENT_LENGTH": str(len(body)), "wsgi.input": io.BytesIO(body), "wsgi.errors": io.StringIO(),
        "HTTP_ACCEPT_LANGUAGE": "fi", **more,
    }  # fmt: skip
    parts = app(environ, lambda status, headers, wrong=None: said.extend([status, dict(headers)]))
    content = b"".join(parts)
    return said[0], said[1], content


def send(said: dict, **more):
    return answer(application, "POST", urlencode(said).encode(), **more)


def sending_in(page: bytes) -> bytes:
    [found] = short_path._SENDING.findall(page)
    return found


@pytest.mark.parametrize("query", ["", "touchpoint=delivery"])
@pytest.mark.parametrize("language", ["fi", "sv-FI,sv;q=0.9", "en", ""])
def test_the_page_is_the_one_that_django_makes_with_a_token_of_its_own_for_each(lumi, query, language):
    status, headers, page = answer(django_application, query=query, HTTP_ACCEPT_LANGUAGE=language)
    seen = set()
    for _ in range(3):
        again = answer(application, query=query, HTTP_ACCEPT_LANGUAGE=language)
        seen.add(sending_in(again[2]))
        assert again[:2] == (status, headers)
        assert again[2].replace(sending_in(again[2]), b"") == page.replace(sending_in(page), b"")
    assert len(seen) == 3


def test_the_compressed_page_is_the_same_page(lumi):
    plain = answer(application)[2]
    _status, headers, zipped = answer(application, HTTP_ACCEPT_ENCODING="br, gzip")
    page = gzip.decompress(zipped)
    assert headers["Content-Encoding"] == "gzip" and "Accept-Encoding" in headers["Vary"] and int(headers["Content-Length"]) == len(zipped) < len(plain) / 2
    assert page.replace(sending_in(page), b"") == plain.replace(sending_in(plain), b"")


def test_a_change_of_the_organisation_shows_when_the_moments_are_over(lumi, monkeypatch):
    assert b"Lumi" in answer(application)[2]
    lumi.organisation.name = "Räntä"
    lumi.organisation.save()
    monkeypatch.setattr(short_path, "_SECONDS", 0.0)
    addressing.forget()
    assert "Räntä" in answer(application)[2].decode()


def test_a_sending_is_stored_and_answered_as_by_django(lumi):
    by_django = answer(django_application, "POST", urlencode(PLAIN).encode(), query="touchpoint=delivery")
    first = send(PLAIN | {"sending": "b" * 22}, query="touchpoint=delivery")
    short = send(PLAIN | {"sending": "c" * 22}, query="touchpoint=delivery")
    assert first[0] == short[0] == by_django[0] == "303 See Other"
    for one in (first, short):
        assert one[1] | {"Location": ""} == by_django[1] | {"Location": ""}
    items = list(FeedbackItem.objects.order_by("id").values("kind", "text", "language", "channel", "source", "touchpoint", "team", "says_to_be", "wants_contact", "contact_by"))
    assert len(items) == 3 and items[0] == items[1] == items[2] and items[2]["text"] == TEXT and items[2]["language"] == "fi"
    assert LoopEvent.objects.filter(kind="acknowledged").count() == 3
    assert answer(django_application, path=short[1]["Location"])[0] == "200 OK"


def test_the_same_token_is_the_same_sending_and_other_words_are_added(lumi):
    send(PLAIN | {"sending": "z" * 22})
    first, again, more = send(PLAIN), send(PLAIN), send(PLAIN | {"text": "Ja se oli rikki."})
    assert first[1]["Location"] == again[1]["Location"] == more[1]["Location"]
    assert FeedbackItem.objects.count() == 2 and Addition.objects.get().text == "Ja se oli rikki."


def test_what_a_program_filled_in_is_held_and_what_is_wrong_is_shown_with_its_words(lumi):
    send(PLAIN | {"sending": "z" * 22})
    assert send(PLAIN | {"website": "http://x"})[0] == "303 See Other"
    assert FeedbackItem.objects.latest("id").progress.held
    status, _headers, page = send(PLAIN | {"sending": "d" * 22, "email": "ei osoite"})
    assert status.startswith("422") and TEXT.encode() in page
    assert send(PLAIN, path="/f/nobody")[0].startswith("404")
    assert FeedbackItem.objects.count() == 2


def test_a_store_that_is_busy_is_said_and_the_words_are_kept(lumi, monkeypatch):
    send(PLAIN | {"sending": "z" * 22})

    def busy(*_drafts, **_facts):
        raise patience.StoreIsBusy(retry_after=5)

    monkeypatch.setattr("luuppi.capture.sending.receive_one", busy)
    status, headers, page = send(PLAIN)
    assert status.startswith("503") and headers["Retry-After"] == "5" and TEXT.encode() in page


def test_a_store_that_is_slow_is_waited_for_once(lumi, monkeypatch):
    send(PLAIN | {"sending": "z" * 22})
    asked = []

    def slow(_draft, *, within, **_facts):
        asked.append(within)
        raise patience.StoreIsSlow(retry_after=5)

    monkeypatch.setattr("luuppi.capture.sending.receive_one", slow)
    status, headers, page = send(PLAIN)
    assert status.startswith("503") and headers["Retry-After"] == "5" and TEXT.encode() in page and b'value="' + b"a" * 22 in page
    assert asked == [patience.OF_A_PERSON], "a person waits once, and sends the same again"


def test_a_cookie_or_a_chosen_language_goes_to_django(lumi):
    assert b'lang="sv"' in answer(application, HTTP_COOKIE="language=sv")[2][:200]
    _status, headers, page = answer(application, query="lang=en")
    assert b'lang="en"' in page[:200] and "language=en" in headers["Set-Cookie"]
    assert not short_path._pages


def test_a_body_that_ends_early_stores_nothing(lumi):
    assert send(PLAIN, CONTENT_LENGTH="900")[0].startswith("400")
    assert not FeedbackItem.objects.exists()


@pytest.mark.parametrize(
    "other",
    [
        {}, {"kind": "idea"}, {"kind": "survey"}, {"kind": ""}, {"contact": "phone"}, {"contact": "phone", "phone": "040 123 4567"}, {"contact": "phone", "phone": "soita"},
        {"contact": "no", "email": ""}, {"contact": "email", "email": ""}, {"contact": ""}, {"text": "   "}, {"text": " a\r\nb "}, {"text": "a\0b"}, {"text": "x" * 50_001},
        {"sending": "short"}, {"sending": "s" * 65}, {"email": "a" * 250 + "@example.com"}, {"website": "x"}, {"contact": "no", "email": "ei osoite"}, {"email": " aino@example.com "},
    ],
)  # fmt: skip
def test_what_is_plainly_said_is_what_the_form_says(other):
    data = PLAIN | other
    form = FeedbackForm(data)
    right = form.is_valid() and not form.looks_automatic
    assert FeedbackForm.plainly_said(data) == (form.cleaned_data if right else None)
