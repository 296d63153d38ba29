"""What is said more often than before is found by night, kept, and shown on the page of the themes and by the API."""

import itertools
from datetime import UTC, date, datetime, timedelta

import pytest

from luuppi.capture.drafts import Draft, FeedbackIn
from luuppi.capture.receiving import receive
from luuppi.meaning.cleaning import clean
from luuppi.meaning.models import Coding, Reading, Rise
from luuppi.meaning.queries.codebook import read_codebook
from luuppi.meaning.rising import FIND, find_in_language, plan_looking
from luuppi.meaning.theming import add_theme, merge_themes
from luuppi.people.organising import create_token
from luuppi.running.models import Todo

NOW = datetime(2026, 11, 18, 12, tzinfo=UTC)  # a Wednesday
WORDS = (["Paketti", "Kirje", "Lähetys", "Tilaus"], ["saapui", "tuli", "löytyi"], ["ajoissa", "myöhässä", "ehjänä", "märkänä", "hyvin"])


@pytest.fixture
def year(lumi, clock):
    """Forty texts in each of twelve weeks; in the last, twelve more speak of a lift that is stuck, and one theme trebles."""
    clock(NOW)
    theme = add_theme({"fi": "Märkä", "en": "Wet"}, by=lumi.antti)
    plain = itertools.cycle(" ".join(words) for words in itertools.product(*WORDS))
    drafts, wet = [], []
    for week in range(12):
        at = NOW - timedelta(weeks=11 - week)
        texts = [next(plain) for _ in range(40)] + (["Hissi oli jumissa", "Hissi seisoi", "Hissi ei tullut"] * 4 if week == 11 else [])
        for n, text in enumerate(texts):
            wet.append(n < (24 if week == 11 else 5))
            drafts.append(Draft(FeedbackIn(text=text, language="fi", occurred_at=at), channel="api", source="test"))
    ids = [received.item_id for received in receive(drafts, organisation=lumi.organisation, by="customer")]
    clean(ids)
    Reading.objects.update(language="fi")
    Coding.objects.bulk_create([Coding(item_id=item, organisation=lumi.organisation, theme=theme, at=NOW) for item, is_wet in zip(ids, wet, strict=True) if is_wet])
    return theme


def test_a_new_matter_and_a_growing_theme_are_found_with_their_week_and_examples(lumi, year):
    found = find_in_language(lumi.organisation, "fi", now=NOW)
    by_theme = {rise.theme_id: rise for rise in found if rise.theme_id or "hissi" in rise.words}
    assert set(by_theme) == {None, year.pk} and {rise.week for rise in found} == {date(2026, 11, 16)}
    assert by_theme[None].n >= 8 and by_theme[year.pk].times > 2
    texts = Reading.objects.in_bulk(by_theme[None].examples)
    assert len(texts) == 3 and all("issi" in reading.masked_text for reading in texts.values())
    assert all(Coding.objects.filter(item=item, theme=year).exists() for item in by_theme[year.pk].examples)

    assert len(find_in_language(lumi.organisation, "fi", now=NOW)) == len(found) == Rise.objects.count(), "looked at twice is kept once"
    assert find_in_language(lumi.organisation, "fi", now=NOW + timedelta(weeks=5)) == [] and not Rise.objects.exists(), "what is over is told no more"
    assert find_in_language(lumi.organisation, "sv", now=NOW) == []


def test_it_is_looked_at_by_the_clock_and_told_on_the_page_and_by_the_api(lumi, other, year, background, client, as_member):
    plan_looking()
    assert Todo.objects.filter(kind=FIND).count() == 2
    background()
    page = as_member(lumi.sari).get("/o/lumi/themes", headers={"accept-language": "en"}).content.decode()
    assert "Said more often than before" in page and "?theme=wet" in page and "q=hissi" in page.lower()
    assert not read_codebook(other.olof).rises

    def ask(query="", **token):
        secret = create_token(token.pop("organisation", lumi.organisation), name="crm", **token)[1]
        return client.get(f"/api/v1/themes/emerging{query}", headers={"Authorization": f"Bearer {secret}"})

    items = ask().json()["items"]
    assert {(one["theme"], one["week"], one["language"]) for one in items} == {(None, "2026-11-16", "fi"), (str(year.pk), "2026-11-16", "fi")}
    assert all(one["times"] > 1 and one["n"] >= 4 and len(one["examples"]) == 3 for one in items)
    first = ask("?limit=1").json()
    assert len(first["items"]) == 1 and ask(f"?limit=1&cursor={first['next']}").json()["items"] == [items[1]]
    assert ask(organisation=other.organisation).json() == {"items": [], "next": None}
    assert ask(team=lumi.teams["phones"]).json()["items"] == [], "the words of other teams are not for a token of one"
    assert ask(scopes=["feedback:write"]).status_code == 403

    merge_themes(year, into=add_theme({"fi": "Vesi"}, by=lumi.antti), by=lumi.antti)
    assert [one["theme"] for one in ask().json()["items"]] == [None]
