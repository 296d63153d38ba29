"""Finnish and Swedish: pages and mails hold no English sentence of ours."""

import re
from datetime import timedelta
from pathlib import Path

import polib
import pytest
from django.utils import timezone

from luuppi.inner_loop.answering import write_answer
from luuppi.inner_loop.assigning import take_case
from luuppi.inner_loop.closing import close_case
from luuppi.inner_loop.escalating import escalate_case
from luuppi.inner_loop.models import Case

LOCALE = Path(__file__).resolve().parent.parent / "locale"


def english_of(language: str) -> set[str]:
    """Our English sentences of two words or more that are said otherwise in the language, without their placeholders."""
    entries = polib.pofile(str(LOCALE / language / "LC_MESSAGES" / "django.po"))
    said = {one for e in entries for one in (e.msgid, e.msgid_plural) if one and one not in (e.msgstr, *e.msgstr_plural.values())}
    longest = {max(re.split(r"%\(\w+\)s|\{\w+\}", sentence), key=len).strip(" .,:") for sentence in said}
    return {part for part in longest if part.count(" ") >= 1 and len(part) > 7}


def visible(html: str) -> str:
    return re.sub(r"<[^>]+>", " ", re.sub(r"<(script|style)\b.*?</\1>", " ", html, flags=re.S))


@pytest.mark.parametrize("language", ["fi", "sv"])
def test_no_entry_is_empty_or_fuzzy(language):
    entries = polib.pofile(str(LOCALE / language / "LC_MESSAGES" / "django.po"))
    assert [e.msgid for e in entries if e.fuzzy or not e.translated()] == []


@pytest.mark.parametrize("language", ["fi", "sv"])
def test_pages_speak_the_readers_language(lumi, as_member, aino_complains, gives, background, language):
    case = take_case(aino_complains(), by=lumi.mikko)
    escalate_case(case, reason="Apua", by=lumi.mikko)
    other = aino_complains(text="Toinen", touchpoint="web-shop")
    close_case(other, by=lumi.sari, text="Valmis", outcome="partly")
    gives(text="Kiitos", kind="praise", touchpoint="delivery")
    background(until=timezone.now() + timedelta(seconds=11))
    english = english_of(language)
    urls = ["/o/lumi/today", "/o/lumi/settings/rules", "/o/lumi/settings/rules/new", f"/o/lumi/cases/{case.number}?close=1", f"/o/lumi/cases/{other.number}"]
    urls += [f"/o/lumi/cases?queue={queue}" for queue in ("mine", "team", "waiting", "late", "closed")]
    for url in urls:
        for person in ("admin", "sari"):
            page = as_member(lumi.members[person]).get(url, headers={"accept-language": language})
            if page.status_code == 200:
                words = visible(page.content.decode())
                assert [sentence for sentence in english if sentence in words] == [], url


@pytest.mark.parametrize(("language", "subject", "loop"), [("fi", "Vastaus palautteeseesi", "Ratkaistu"), ("sv", "Svar på din feedback", "Löst"), ("en", "An answer to your feedback", "Solved")])
def test_mails_speak_the_customers_language(lumi, gives, background, outbox, language, subject, loop):
    gives(text={"fi": "Paketti tuli kaksi viikkoa myöhässä.", "sv": "Paketet kom två veckor för sent.", "en": "The parcel came two weeks late."}[language], kind="complaint", language=language,
          customer={"email": "aino@example.com"}, touchpoint="delivery")  # fmt: skip
    background()
    case = Case.objects.select_related("team").get()
    write_answer(case, text="1", by=lumi.mikko, promised_on=timezone.localdate() + timedelta(days=1))
    background(until=timezone.now() + timedelta(seconds=11))
    close_case(case, by=lumi.mikko)
    background(until=timezone.now() + timedelta(seconds=11))
    answer, question = outbox()
    assert answer["Subject"].startswith(subject)
    for mail in (answer, question):
        plain, html = mail.get_body(("plain",)).get_content(), mail.get_body(("html",)).get_content()
        assert loop in plain and loop in html and f'<html lang="{language}">' in html and "/t/" in plain
        if language != "en":
            assert [sentence for sentence in english_of(language) if sentence in plain or sentence in visible(html)] == []


def test_a_mail_carries_the_customers_words_as_text_alone(lumi, gives, background, outbox):
    gives(text='<a href="https://evil.example">Paina</a> & voita', kind="complaint", customer={"email": "aino@example.com"})
    background()
    write_answer(Case.objects.select_related("team").get(), text="Hei <b>Aino</b>\r\nBcc: toinen@example.com", by=lumi.leena)
    background(until=timezone.now() + timedelta(seconds=11))
    [mail] = outbox()
    html = mail.get_body(("html",)).get_content()
    assert "<b>Aino" not in html and "&lt;a href=" in html and mail["Bcc"] is None
    assert '"<a href="https://evil.example">Paina</a> & voita"' in mail.get_body(("plain",)).get_content()
