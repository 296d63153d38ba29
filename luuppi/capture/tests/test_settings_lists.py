"""The lists of settings, page by page: imports, touchpoints, surveys, and the tokens of the organisation."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from luuppi.capture.models import Import, Survey, Touchpoint
from luuppi.people.models import ApiToken


@pytest.mark.parametrize("name", ["imports", "touchpoints", "surveys", "tokens"])
def test_lists_of_settings_page_and_take_the_same_queries_at_ten_and_a_thousand(lumi, as_member, name):
    organisation, client = lumi.organisation, as_member(lumi.admin)

    def grow(first: int, n: int) -> None:
        numbers = range(first, first + n)
        {
            "imports": lambda: Import.objects.bulk_create([Import(organisation=organisation, file_name=f"f{k}.csv", by=lumi.admin.actor, state="done") for k in numbers]),
            "touchpoints": lambda: Touchpoint.objects.bulk_create([Touchpoint(organisation=organisation, team=lumi.teams["root"], key=f"k{k}") for k in numbers]),
            "surveys": lambda: Survey.objects.bulk_create([Survey(organisation=organisation, key=f"s{k}", name=f"Kysely {k}", is_open=k % 2 > 0) for k in numbers]),
            "tokens": lambda: ApiToken.objects.bulk_create([ApiToken(organisation=organisation, name=f"t{k}", secret_hash=f"{k}", scopes=["feedback:read"]) for k in numbers]),
        }[name]()

    def queries() -> int:
        with CaptureQueriesContext(connection) as taken:
            assert client.get(reverse(name, args=["lumi"])).status_code == 200
        return len(taken)

    grow(0, 10)
    queries()
    few = queries()
    grow(10, 990)
    assert queries() == few
    shown, query = [], ""
    while True:
        page = client.get(reverse(name, args=["lumi"]) + query).context["page"]
        shown += [row.pk for row in page.rows]
        if not page.further:
            break
        query = page.further
    assert len(shown) == len(set(shown)) and len(shown) >= 1000
