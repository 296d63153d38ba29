"""Today by role: one thing leads, figures are of what the reader answers for, and the page stands without the figures service."""

import socket
import time
from datetime import timedelta

import pytest
from django.utils import timezone

from luuppi.insight import asking
from luuppi.insight.tests.figures_here import figures, figures_away  # noqa: F401 (fixtures)
from luuppi.outer_loop.deciding import decide_improvement
from luuppi.outer_loop.proposing import propose_improvement

TODAY = "/o/lumi/today"


def page_of(as_member, member, language: str = "en") -> str:
    return as_member(member).get(TODAY, headers={"accept-language": language}).content.decode()


@pytest.fixture
def proposed(lumi, gives, background):
    items = [gives(text=text, kind="complaint", touchpoint="delivery", language=language) for text, language in (("Maanantaina se vasta liikahti.", "fi"), ("It sat there all weekend.", "en"))]
    background()
    return propose_improvement("Sort on Saturdays too", type="process", by=lumi.mikko, because_of=[item.pk for item in items])


def test_a_decision_leads_the_page_of_those_who_decide(lumi, as_member, proposed):
    for decider in (lumi.leena, lumi.elisa, lumi.members["admin"]):
        page = page_of(as_member, decider)
        assert "One improvement waits for your decision." in page and "Sort on Saturdays too" in page
        assert page.count("btn-primary") == 1 and f"/o/lumi/improvements/{proposed.number}#decide" in page
    for other in (lumi.mikko, lumi.sari, lumi.members["antti"]):
        assert "waits for your decision" not in page_of(as_member, other)


def test_the_quote_is_in_the_readers_language_where_one_is(lumi, as_member, proposed):
    assert "It sat there all weekend." in page_of(as_member, lumi.leena)
    assert "Maanantaina se vasta liikahti." in page_of(as_member, lumi.leena, "fi")


def test_an_executive_sees_no_customer(lumi, as_member, gives, background):
    item = gives(text="Soita minulle 040 123 4567, terveisin Aino Virtanen", kind="complaint", touchpoint="delivery", customer={"name": "Aino Virtanen", "email": "aino@example.com"})
    background()
    propose_improvement("Numbers that answer", type="service", by=lumi.mikko, because_of=[item.pk])
    page = page_of(as_member, lumi.elisa)
    assert "Numbers that answer" in page and "040 123" not in page and "aino@example.com" not in page


def test_what_is_being_done_is_there_for_everybody_once_it_is_decided(lumi, as_member, proposed):
    assert "What is being done" not in page_of(as_member, lumi.mikko)
    decide_improvement(proposed, accepted=True, reason="Halpa ja tehoaa", by=lumi.leena)
    assert "What is being done" in page_of(as_member, lumi.mikko) and "waits for your decision" not in page_of(as_member, lumi.leena)


def test_figures_are_of_the_own_team_or_of_the_whole(lumi, as_member, gives, background, figures):  # noqa: F811
    for n in range(12):
        gives(scores={"nps": 10 if n % 3 else 0}, touchpoint="delivery", occurred_at=timezone.now() - timedelta(hours=n + 1))
    gives(scores={"nps": 0}, touchpoint="customer-service")
    background()
    figures()
    mine, whole = as_member(lumi.mikko).get(TODAY).content.decode(), as_member(lumi.elisa).get(TODAY).content.decode()
    assert "n&nbsp;12" in mine and "n&nbsp;13" not in mine and "team=delivery" in mine
    assert "n&nbsp;13" in whole and "team=" not in whole


def test_too_few_answers_give_no_figure(lumi, as_member, gives, background, figures):  # noqa: F811
    gives(scores={"nps": 3}, touchpoint="delivery")
    background()
    figures()
    assert "too few answers" in page_of(as_member, lumi.elisa)


def test_the_page_stands_while_figures_are_away(lumi, as_member, proposed, figures_away):  # noqa: F811
    page = page_of(as_member, lumi.leena)
    assert "Sort on Saturdays too" in page and "being prepared" in page


def test_a_service_that_hangs_holds_the_page_for_a_moment_only(lumi, as_member, proposed, figures_away):  # noqa: F811
    asking._askers.clear()
    with socket.socket(socket.AF_UNIX) as silent:
        silent.bind(str(figures_away))
        silent.listen()
        began = time.monotonic()
        page = page_of(as_member, lumi.leena)
        took = time.monotonic() - began
    asking._askers.clear()
    assert "Sort on Saturdays too" in page and "tile" not in page
    assert took < 8, "each of the two parts waits a second and a half, not fifteen"
