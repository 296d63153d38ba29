"""What nobody has gone through: Today shows the first few and leads to all of them."""

import re

from luuppi.inner_loop.going_through import go_through
from luuppi.inner_loop.models import Case
from luuppi.people.organising import create_token


def listed(page) -> set[str]:
    return set(re.findall(r"Kiitos nro \d+|Neuvonnasta|Hukassa", page.content.decode()))


def test_today_leads_to_everything_that_it_counts(as_member, lumi, gives, background):
    thanks = [gives(text=f"Kiitos nro {n}", kind="praise", touchpoint="delivery") for n in range(7)]
    gives(text="Neuvonnasta", kind="praise", touchpoint="phones")
    gives(text="Hukassa", kind="complaint", touchpoint="delivery")
    background()
    assert Case.objects.count() == 1
    go_through(thanks[0], by=lumi.mikko)
    mikko = as_member(lumi.mikko)
    today = mikko.get("/o/lumi/today", headers={"Accept-Language": "en"}).content.decode()
    [(address, shown)] = re.findall(r'href="([^"]*unread=yes)">All (\d+)<', today)
    page = mikko.get(address, headers={"Accept-Language": "en"})
    assert listed(page) == {f"Kiitos nro {n}" for n in range(1, 7)} and len(listed(page)) == int(shown)
    assert "Not gone through, without a case" in page.content.decode()


def test_the_api_has_the_same_filter_and_another_organisation_sees_nothing(client, as_member, lumi, other, gives, background):
    gives(text="Kiitos nro 1", kind="praise", touchpoint="delivery")
    background()
    for place, n in ((lumi, 1), (other, 0)):
        headers = {"Authorization": f"Bearer {create_token(place.organisation, name='crm')[1]}"}
        assert len(client.get("/api/v1/feedback?unread=yes", headers=headers).json()["items"]) == n
        assert client.get("/api/v1/feedback?unread=no", headers=headers).status_code == 422
    assert listed(as_member(other.admin).get("/o/norrsken/feedback?unread=yes")) == set()
