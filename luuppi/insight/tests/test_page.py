"""The figures page as people of different roles see it."""

import csv
import re
from datetime import timedelta
from html import unescape
from io import StringIO
from urllib.parse import parse_qs, urlsplit

import pytest
from django.db import transaction
from django.utils import timezone

from luuppi.insight.tests.figures_here import figures, figures_away  # noqa: F401 (fixtures)
from luuppi.journal import kinds
from luuppi.journal.models import Progress
from luuppi.journal.recording import record
from luuppi.ui.charts import Funnel


@pytest.fixture
def answers(gives, lumi, other):
    """Forty answers at delivery, half from promoters, and forty better ones in the web shop. Olof's hundred zeros elsewhere."""
    day = (timezone.now() - timedelta(days=2)).isoformat()
    delivery = [gives(scores={"nps": 9 if n % 2 else 3, "csat": 4}, touchpoint="delivery", occurred_at=day) for n in range(40)]
    for n in range(40):
        gives(scores={"nps": 10 if n % 10 else 7, "ces": 6}, touchpoint="web-shop", occurred_at=day)
    for _ in range(100):
        gives(scores={"nps": 0}, touchpoint="delivery", scene=other)
    record(kinds.ANSWERED, organisation=lumi.organisation, by=lumi.mikko, items=[item.pk for item in delivery[:20]])
    return delivery


def words_of(response) -> str:
    text = re.sub(r"<[^>]+>", " ", response.content.decode())
    return re.sub(r"\s+", " ", unescape(text)).replace("\u00a0", " ")


def links_of(response) -> list[str]:
    return [unescape(href) for href in re.findall(r'href="([^"]+)"', response.content.decode())]


def test_leena_sees_the_finding_with_n_and_interval(lumi, answers, as_member, figures):  # noqa: F811
    figures()
    page = as_member(lumi.leena).get("/o/lumi/figures", HTTP_ACCEPT_LANGUAGE="en")
    assert page.status_code == 200
    words = words_of(page)
    # Promoters 20 + 36, detractors 20, of 80.
    assert "NPS is 45, and 25% of the feedback was answered" in words
    assert "n 80" in words
    assert re.search(r"\d+…\d+|\d+–\d+", words)
    assert "How far the loop has come" in words and "Touchpoints compared" in words


def test_every_figure_opens_its_items(lumi, answers, as_member, figures):  # noqa: F811
    figures()
    links = [link for link in links_of(as_member(lumi.leena).get("/o/lumi/figures")) if "/feedback?" in link]
    asked = [{word: values[0] for word, values in parse_qs(urlsplit(link).query).items()} for link in links]
    assert all(link.startswith("/o/lumi/feedback?") for link in links)
    assert any(words.get("score") == "nps:0-10" for words in asked)
    assert any(words.get("score") == "nps:0-6" for words in asked)
    assert any(words.get("step") == "told" for words in asked)
    assert any(words.get("touchpoint") == "delivery" for words in asked)
    assert all(words["since"] and words["until"] for words in asked)


def test_two_answers_about_phones_are_shown_nowhere(lumi, answers, gives, as_member, figures):  # noqa: F811
    for _ in range(2):
        gives(scores={"nps": 0}, touchpoint="customer-service")
    figures()
    client = as_member(lumi.leena)
    words = words_of(client.get("/o/lumi/figures?touchpoint=customer-service", HTTP_ACCEPT_LANGUAGE="en"))
    assert "too few answers" in words
    assert "Detractors" not in words and "−100 " not in words
    everything = words_of(client.get("/o/lumi/figures", HTTP_ACCEPT_LANGUAGE="en"))
    assert "Touchpoints compared" not in everything, "the two others and the whole would tell what the two said"


def test_filters_of_the_address_narrow_and_stay_in_the_form(lumi, answers, as_member, figures):  # noqa: F811
    figures()
    page = as_member(lumi.leena).get("/o/lumi/figures?touchpoint=delivery&score=nps:0-10", HTTP_ACCEPT_LANGUAGE="en")
    assert "NPS is 0" in words_of(page) and "n 40" in words_of(page)
    assert '<option value="delivery" selected>' in page.content.decode()
    assert "score: nps:0-10" in words_of(page)


def test_mikko_is_told_what_opens_masked(lumi, answers, as_member, figures):  # noqa: F811
    figures()
    words = words_of(as_member(lumi.mikko).get("/o/lumi/figures", HTTP_ACCEPT_LANGUAGE="en"))
    assert "40 of them with the customer, and 40 more masked" in words
    words = words_of(as_member(lumi.admin).get("/o/lumi/figures", HTTP_ACCEPT_LANGUAGE="en"))
    assert "masked" not in words


def test_all_levels_see_the_same_figures(lumi, answers, as_member, figures):  # noqa: F811
    figures()
    titles = {words_of(as_member(lumi.members[who]).get("/o/lumi/figures", HTTP_ACCEPT_LANGUAGE="en")).count("NPS is 45") > 0 for who in lumi.members}
    assert titles == {True}


def test_the_list_that_the_funnel_opens_holds_what_the_funnel_counted(lumi, answers, gives, as_member, figures):  # noqa: F811
    imported = gives(scores={"nps": 3}, touchpoint="delivery")
    held = gives(text="Osta halvalla", kind="complaint", touchpoint="delivery")
    Progress.objects.filter(pk=imported.pk).update(imported=True)
    with transaction.atomic():
        record(kinds.HELD, organisation=lumi.organisation, by="system", items=[held.pk])
    figures()
    client = as_member(lumi.leena)
    page = client.get("/o/lumi/figures")
    [funnel] = [chart for chart in page.context["shown"].beside if isinstance(chart, Funnel)]
    counted = {mark.label: (mark.value, mark.href) for mark in funnel.marks}
    assert [n for n, _href in counted.values()][:1] == [80]
    for n, href in counted.values():
        assert len(walked(client, href)) == n, href


def test_the_black_hole_of_the_figures_is_the_list_that_it_opens_and_the_page_of_the_hole(lumi, gives, as_member, figures, clock):  # noqa: F811
    now = timezone.now()
    for days in (40, 30, 20, 14.01, 13.99, 3):  # two lie on either side of a moment, not of a midnight
        clock(now - timedelta(days=days))
        gives(text="Missä paketti on?", kind="complaint", touchpoint="delivery")
    clock(now - timedelta(days=25))
    erased, answered = (gives(text="Myöhässä", kind="complaint", touchpoint="delivery") for _ in range(2))
    record(kinds.ERASED, organisation=lumi.organisation, by=lumi.admin, items=[erased.pk])
    record(kinds.ANSWERED, organisation=lumi.organisation, by=lumi.mikko, items=[answered.pk])
    clock(now)
    figures()
    client = as_member(lumi.leena)
    tile = client.get(f"/o/lumi/figures?since={(now - timedelta(days=60)).date()}&until={now.date() + timedelta(days=1)}").context["shown"].tiles[-1]
    assert (tile.estimate.n, round(tile.estimate.value * tile.estimate.n)) == (5, 4), "who was erased is neither heard nor unheard"
    assert len(walked(client, tile.href)) == 4 == len(client.get("/o/lumi/black-hole").context["rows"])
    assert client.get("/o/lumi/figures?step=hole").status_code == 422, "a share of the loop is no filter of the scores"


def walked(client, href: str) -> set[int]:
    """The ids on all pages of a list."""
    found: list[int] = []
    while href:
        page = client.get(href)
        found += [row.item.pk for row in page.context["rows"]]
        href = "/o/lumi/feedback" + page.context["older"] if page.context["older"] else ""
    assert len(found) == len(set(found))
    return set(found)


@pytest.fixture
def a_better_month(gives, lumi):
    """Sixty answers of September, forty of them from detractors; sixty of October, fifty from promoters. A few satisfied ones in both."""
    for month, promoters in (("09", 20), ("10", 50)):
        for n in range(60):
            gives(scores={"nps": 10 if n < promoters else 2} | ({"csat": 5} if n < 12 else {}), touchpoint="delivery", occurred_at=f"2026-{month}-{n % 28 + 1:02}T10:00:00Z")


def test_a_change_is_told_with_its_interval_and_only_where_it_is_sure(lumi, a_better_month, as_member, figures):  # noqa: F811
    figures()
    client = as_member(lumi.leena)
    words = words_of(client.get("/o/lumi/figures?since=2026-10-01&until=2026-10-30", HTTP_ACCEPT_LANGUAGE="en"))
    # From -33 to +67; by Zou and Donner from the two intervals.
    assert re.search(r"change \+100 \(6\d…1[23]\d\)", words), words[:1500]
    assert "Changes are compared with the same number of days before: 1 Sep 2026–30 Sep 2026." in words
    assert words.count("change ") == 1, "twelve answers about satisfaction are too few to speak of a change"
    same = words_of(client.get("/o/lumi/figures?since=2026-10-11&until=2026-10-20", HTTP_ACCEPT_LANGUAGE="en"))
    assert "no sure change" in same or "change" not in same


def test_without_days_before_there_is_no_change(lumi, a_better_month, as_member, figures):  # noqa: F811
    figures()
    words = words_of(as_member(lumi.leena).get("/o/lumi/figures?since=2026-09-01&until=2026-09-30", HTTP_ACCEPT_LANGUAGE="en"))
    assert "NPS is −33" in words and "change" not in words.lower().replace("changes", "")


def test_the_table_holds_what_the_page_shows(lumi, a_better_month, gives, as_member, figures):  # noqa: F811
    for _ in range(3):
        gives(scores={"nps": 0}, touchpoint="delivery", occurred_at="2026-11-03T10:00:00Z")
    figures()
    client = as_member(lumi.leena)
    until = timezone.localdate()
    address = f"?since=2026-10-01&until={until}&by=month"
    [href] = [link for link in links_of(client.get("/o/lumi/figures" + address)) if "figures.csv" in link]
    answer = client.get(href)
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8" and f"lumi-2026-10-01-{until}.csv" in answer.headers["Content-Disposition"]
    rows = list(csv.DictReader(StringIO(answer.content.decode(), newline="")))
    by_name = {(row["measure"], row["begins"]): row for row in rows}
    whole = by_name["nps", ""]
    assert (whole["n"], round(float(whole["value"]))) == ("63", 59) and float(whole["low"]) < 59 < float(whole["high"])
    for month in ("2026-10-01", "2026-11-01"):
        hidden = by_name["nps", month]
        assert (hidden["value"], hidden["n"], hidden["why_silent"]) == ("", "", "privacy"), "what three people said could be worked out from the rest"
    alone = {(row["measure"], row["begins"]): row for row in csv.DictReader(StringIO(client.get("/o/lumi/figures.csv?since=2026-09-01&until=2026-10-30&by=month").content.decode()))}
    assert (alone["nps", "2026-10-01"]["value"], alone["nps", "2026-10-01"]["n"]) == ("66.6667", "60")
    assert by_name["loop_received", ""]["n"] == "123" and by_name["nps_change", ""]["value"]
    assert client.get("/o/lumi/figures.csv?score=nps:99").status_code == 422


def test_olof_does_not_find_the_page(lumi, other, answers, as_member, figures):  # noqa: F811
    figures()
    client = as_member(other.olof)
    assert client.get("/o/lumi/figures").status_code == client.get("/o/no-such/figures").status_code == 404
    assert client.get("/o/lumi/figures.csv").status_code == 404
    assert "NPS is −100" in words_of(client.get("/o/norrsken/figures", HTTP_ACCEPT_LANGUAGE="en"))


def test_a_stranger_is_asked_to_sign_in(lumi, client):
    answer = client.get("/o/lumi/figures")
    assert answer.status_code == 302 and "/account/" in answer.headers["Location"]


def test_without_any_feedback_the_page_says_what_to_do(lumi, as_member, figures):  # noqa: F811
    figures()
    page = as_member(lumi.leena).get("/o/lumi/figures", HTTP_ACCEPT_LANGUAGE="en")
    assert page.status_code == 200 and "begin with the first feedback" in words_of(page)


def test_while_the_service_is_away_the_page_stands_and_says_so(lumi, as_member, figures_away):  # noqa: F811
    page = as_member(lumi.leena).get("/o/lumi/figures", HTTP_ACCEPT_LANGUAGE="en")
    assert page.status_code == 503 and page.headers["Retry-After"] == "2"
    assert "The figures are being prepared" in words_of(page) and "Touchpoint" in words_of(page)
    assert as_member(lumi.leena).get("/o/lumi/figures.csv").status_code == 503


@pytest.mark.parametrize("words", ["since=yesterday", "score=nps:99", "step=eaten", "kind=rant"])
def test_a_filter_that_is_not_understood_is_named(lumi, as_member, figures, words):  # noqa: F811
    page = as_member(lumi.leena).get(f"/o/lumi/figures?{words}", HTTP_ACCEPT_LANGUAGE="en")
    assert page.status_code == 422 and words in words_of(page)


@pytest.mark.parametrize(
    "words",
    ["since=2030-01-01&until=2020-01-01", "since=0001-01-01&until=9999-12-31", "until=9999-12-31&by=day", "by=secret"]
    + [f"since=9999-12-01&until=9999-12-31&by={grouping}" for grouping in ("day", "week", "month")],
)
def test_odd_periods_get_a_page(lumi, answers, as_member, figures, words):  # noqa: F811
    figures()
    assert as_member(lumi.leena).get(f"/o/lumi/figures?{words}").status_code == 200


def test_script_in_a_filter_stays_text(lumi, as_member, figures):  # noqa: F811
    figures()
    page = as_member(lumi.leena).get("/o/lumi/figures", {"segment": '"><script>alert(1)</script>'})
    assert b"<script>alert" not in page.content


def test_the_number_of_queries_does_not_grow(lumi, answers, gives, as_member, figures, django_assert_max_num_queries):  # noqa: F811
    figures()
    client = as_member(lumi.leena)
    client.get("/o/lumi/figures")
    with django_assert_max_num_queries(14):
        client.get("/o/lumi/figures")
