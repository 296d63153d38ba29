"""Figures for programs: value, low, high and n; small groups silent; a token sees its branch alone."""

import pytest

from luuppi.insight.tests.figures_here import figures, figures_away  # noqa: F401 (fixtures)
from luuppi.journal import kinds
from luuppi.journal.recording import record
from luuppi.measures import scores
from luuppi.people.models import ApiToken
from luuppi.people.models.tokens import new_secret


@pytest.fixture
def token_of():
    """`token_of(scene, "figures:read", team=…)`: the secret of a new token."""

    def make(scene, *scopes, team=None):
        secret, digest = new_secret("luuppi")
        ApiToken.objects.create(organisation=scene.organisation, name="bi", secret_hash=digest, scopes=list(scopes), team=team)
        return secret

    return make


@pytest.fixture
def api(client, lumi, token_of):
    secret = token_of(lumi, "figures:read")

    def get(path, secret=secret, **words):
        return client.get(f"/api/v1/figures/{path}", words, headers={"Authorization": f"Bearer {secret}"})

    return get


@pytest.fixture
def answers(gives, lumi, other):
    """Twelve NPS answers in March at delivery, thirty in April in the web shop, three about phones; and Olof's forty zeros elsewhere."""
    march = [gives(scores={"nps": n}, touchpoint="delivery", occurred_at="2026-03-10T10:00:00Z") for n in (0, 3, 6, 7, 8, 9, 9, 10, 10, 10, 10, 10)]
    for n in [10] * 20 + [5] * 10:
        gives(scores={"nps": n, "csat": 4, "ces": 2}, touchpoint="web-shop", occurred_at="2026-04-10T10:00:00Z")
    for n in (0, 0, 0):
        gives(scores={"nps": n}, touchpoint="customer-service", occurred_at="2026-04-11T10:00:00Z")
    for _ in range(40):
        gives(scores={"nps": 0, "csat": 1, "ces": 7}, touchpoint="delivery", scene=other)
    return march


def test_nps_is_what_the_measures_say(api, answers, figures):  # noqa: F811
    figures()
    got = api("nps", by="month").json()
    expected = scores.nps_of(7 + 20, 2, 3 + 10 + 3)
    assert (got["value"], got["low"], got["high"], got["n"]) == (expected.value, expected.low, expected.high, 45)
    march, april = got["groups"]
    assert march["key"] == {"month": "2026-03-01"} and april["key"] == {"month": "2026-04-01"}
    assert march["value"] == pytest.approx(scores.nps_of(7, 2, 3).value) and march["n"] == 12
    assert march["distribution"] == [3, 2, 7]
    assert got["unit"] == "points" and got["more"] is False and got["as_of"] is not None


def test_a_group_below_five_is_hidden_and_cannot_be_worked_out(api, answers, figures):  # noqa: F811
    figures()
    groups = {group["key"]["touchpoint"]: group for group in api("nps", by="touchpoint").json()["groups"]}
    phones = groups["customer-service"]
    assert phones["value"] is None and phones["why_silent"] == "privacy"
    assert phones["n"] == 0 and phones["distribution"] == [], "not even how many"
    shown = [group for group in groups.values() if group["why_silent"] is None]
    assert len(shown) < 2, "with both others shown, the whole minus them would tell the three"


def test_five_to_nine_show_the_distribution_alone(api, gives, figures):  # noqa: F811
    for n in (1, 2, 3, 4, 5, 5):
        gives(scores={"csat": n})
    figures()
    got = api("csat").json()
    assert (got["value"], got["low"], got["high"], got["n"]) == (None, 0, 1, 6)
    assert got["distribution"] == [1, 1, 1, 1, 2] and got["why_silent"] == "too_few_answers"


def test_csat_and_ces(api, answers, figures):  # noqa: F811
    figures()
    csat, ces = api("csat").json(), api("ces").json()
    assert (csat["value"], csat["n"], csat["unit"]) == (1.0, 30, "share")
    expected = scores.ces([2] * 30)
    assert (ces["value"], ces["low"], ces["high"]) == (expected.value, pytest.approx(expected.low), pytest.approx(expected.high))


def test_the_filters_of_an_address_narrow(api, answers, figures):  # noqa: F811
    figures()
    assert api("nps", touchpoint="delivery").json()["n"] == 12
    assert api("nps", since="2026-04-01", until="2026-04-10").json()["n"] == 30
    assert api("nps", team="delivery-team").json()["n"] == 12
    assert api("nps", team="service").json()["n"] == 45
    assert api("counts", score="nps:0-6").json()["groups"] == [{"key": {}, "n": 16, "negative": None, "neutral": None, "positive": None}]
    assert api("nps", touchpoint="no-such").json()["n"] == 0
    assert api("nps", team="no-such").json()["n"] == 0


def test_the_loop_counts_each_step(api, answers, lumi, figures):  # noqa: F811
    record(kinds.ANSWERED, organisation=lumi.organisation, by=lumi.mikko, items=[item.pk for item in answers[:6]])
    record(kinds.TOLD, organisation=lumi.organisation, by=lumi.leena, items=[item.pk for item in answers[:2]])
    figures()
    got = api("loop", by="touchpoint").json()
    assert got["collected"] == 45 and got["steps"]["answered"] == 6 and got["steps"]["told"] == 2
    assert got["shares"]["answered"]["value"] == pytest.approx(6 / 45)
    assert got["black_hole"]["n"] == 0 and got["hole_days"] == 14
    delivery = next(group for group in got["groups"] if group["key"]["touchpoint"] == "delivery")
    assert delivery["steps"]["answered"] == 6 and delivery["collected"] == 12


def test_a_token_of_a_team_counts_its_branch_alone(api, answers, lumi, token_of, figures):  # noqa: F811
    figures()
    secret = token_of(lumi, "figures:read", team=lumi.teams["delivery"])
    assert api("nps", secret=secret).json()["n"] == 12
    assert api("nps", secret=secret, team="phones").json()["n"] == 0
    assert api("nps", secret=secret, touchpoint="web-shop").json()["n"] == 0


def test_olof_sees_his_own_alone(api, answers, other, token_of, figures):  # noqa: F811
    figures()
    secret = token_of(other, "figures:read")
    assert api("nps", secret=secret).json()["n"] == 40
    assert api("nps", secret=secret, touchpoint="web-shop").json()["n"] == 0


def test_without_the_scope_it_is_refused(api, lumi, token_of):
    answer = api("nps", secret=token_of(lumi, "feedback:read"))
    assert (answer.status_code, answer.json()["code"]) == (403, "scope-missing")


@pytest.mark.parametrize(
    "words",
    [{"by": "secret"}, {"by": "week,week"}, {"by": "day,week,month"}, {"score": "nps:9-99"}, {"score": "nps:6-2"}, {"step": "eaten"},
     {"since": "yesterday"}, {"q": "late"}, {"kind": "rant"}],
)  # fmt: skip
def test_what_is_not_understood_is_refused_by_name(api, figures, words):  # noqa: F811
    answer = api("nps", **words)
    assert answer.status_code == 422
    assert next(iter(words)) in answer.json()["detail"]


def test_while_the_service_is_away_it_says_when_to_come_again(api, figures_away):  # noqa: F811
    answer = api("nps")
    assert (answer.status_code, answer.json()["code"], answer.headers["Retry-After"]) == (503, "figures-are-rebuilding", "2")


@pytest.mark.parametrize(("path", "words"), [("nps", {}), ("loop", {"by": "touchpoint"}), ("themes", {"by": "month"}), ("counts", {"by": "team"})])
def test_nothing_in_the_database_is_nothing_in_the_figures(api, figures, path, words):  # noqa: F811
    figures()
    answer = api(path, **words)
    assert answer.status_code == 200 and answer.json()["groups"] == []
