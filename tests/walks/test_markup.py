"""What anybody writes is never markup: in no page, no mail with markup, and no feed does a text of an organisation full of it come alive."""

import xml.etree.ElementTree as ET

import pytest
from django.core import mail
from django.test import Client

from luuppi.insight.tests.figures_here import figures, figures_away  # noqa: F401 (fixtures)
from tests.cast import make_scene
from tests.walks.addresses import ADDRESSES, BOOK
from tests.walks.filled import fill

pytestmark = pytest.mark.slow
MARK = "<img src=x onerror=alert(1)>'\"{{7*7}}"
_ALIVE = ("<img src=x", "onerror=alert(1)>'\"", "49")


@pytest.fixture
def alive(db, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    full = fill(make_scene("hurja", f"Hurja {MARK}"), MARK)
    return full


def test_no_page_feed_or_mail_lets_a_text_come_alive(alive, figures):  # noqa: F811
    figures()
    shown, n_marked = {}, 0
    for person in ("", "leena", "admin"):
        client = Client(headers={"accept-language": "fi"})
        if person:
            client.force_login(alive.scene.members[person].user, backend="allauth.account.auth_backends.AuthenticationBackend")
        for address in ADDRESSES:
            if address.is_post or (not person and not address.is_public):
                continue
            said = client.get(address.of(alive), follow=address.name == "home")
            kind = said.headers.get("Content-Type", "")
            if "html" not in kind and "xml" not in kind and "css" not in kind:
                continue
            body = said.content.decode()
            n_marked += "onerror" in body
            if any(living in body for living in _ALIVE[:2]):
                shown[f"{person or 'anybody'}: {address.name}"] = body[max(0, body.find("<img src=x") - 80) :][:200]
    assert shown == {}
    assert n_marked > 30, "the texts were on the pages at all"
    feed = ET.fromstring(Client().get(BOOK["said_and_done_feed"].of(alive)).content)
    assert any("onerror" in (part.text or "") for part in feed.iter()) and not any(part.tag.endswith("img") for part in feed.iter())
    letters = [content for letter in mail.outbox for content, kind in getattr(letter, "alternatives", ()) if kind == "text/html"]
    assert len(letters) >= 2 and not any(living in letter for letter in letters for living in _ALIVE[:2])
    assert not any("\n" in letter.subject or "\r" in letter.subject for letter in mail.outbox)
