"""Lists ask equally much of the database, however many rows there are: at about ten, and with two hundred more of everything."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from luuppi.capture.drafts import Draft, FeedbackIn
from luuppi.capture.models import Import, Survey, Touchpoint
from luuppi.capture.receiving import receive
from luuppi.insight.tests.figures_here import figures, figures_away  # noqa: F401 (fixtures)
from luuppi.people.models import ApiToken
from luuppi.people.organising import add_member
from tests.stories.test_outer_pages import grow
from tests.walks.addresses import BOOK
from tests.walks.filled import Filled, background

pytestmark = pytest.mark.slow
MANY = 200
LISTS = (
    "today", "feedback_stream", "black_hole", "cases", "themes", "causes", "improvements", "telling", "figures", "rules", "people_settings", "absences", "tokens", "teams", "imports", "touchpoints", "surveys",
    "said_and_done", "said_and_done_feed",
)  # fmt: skip
OF_API = ("feedback", "cases", "themes", "themes/emerging", "root-causes", "improvements", "touchpoints", "surveys")


def count(send) -> int:
    with CaptureQueriesContext(connection) as asked:
        said = send()
    assert said.status_code == 200, said
    return len(asked)


def asked_by_all(full: Filled, time_machine) -> dict[str, int]:
    """How many queries each list takes, a month after the feedback came: then the black hole has rows as well."""
    import datetime

    time_machine.move_to(datetime.datetime.now(datetime.UTC) + datetime.timedelta(days=30))
    client = Client(headers={"accept-language": "fi"})
    client.force_login(full.scene.admin.user, backend="allauth.account.auth_backends.AuthenticationBackend")
    by_token = {"Authorization": f"Bearer {full.secret}"}
    client.get("/api/v1/feedback", headers=by_token)  # the first use of a token in a day is noted
    found = {}
    for name in LISTS:
        address = BOOK[name].of(full)
        client.get(address)
        found[name] = count(lambda address=address: client.get(address))
    for queue in ("mine", "team", "waiting", "late", "closed"):
        found[f"cases {queue}"] = count(lambda queue=queue: client.get(BOOK["cases"].of(full) + f"?queue={queue}"))
    for path in OF_API:
        found[f"api {path}"] = count(lambda path=path: client.get(f"/api/v1/{path}?limit=200", headers=by_token))
    time_machine.move_to(datetime.datetime.now(datetime.UTC) - datetime.timedelta(days=30))
    return found


def many_more(full: Filled) -> None:
    organisation = full.scene.organisation
    fields = [
        {"text": f"Paketti {n} katosi", "kind": ("complaint", "idea")[n % 2], "touchpoint": ("delivery", "web-shop", "customer-service")[n % 3], "language": "fi", "scores": {"nps": n % 11},
         "customer": {"external_id": f"M-{n}", "email": f"m{n}@example.com"}} for n in range(MANY)
    ]  # fmt: skip
    receive([Draft(FeedbackIn(**one), channel="api", source="walk", knows_addresses=True) for one in fields], organisation=organisation, by="customer")
    background()
    grow(full.scene, {"items": full.items, "theme": full.theme}, n=MANY)
    for n in range(30):
        add_member(organisation, email=f"more{n}@example.com", name=f"Jäsen {n}", roles=[("frontline", full.scene.teams["delivery"])])
    ApiToken.objects.bulk_create([ApiToken(organisation=organisation, name=f"t{n}", secret_hash=f"{n}", scopes=["feedback:write"]) for n in range(30)])
    Touchpoint.objects.bulk_create([Touchpoint(organisation=organisation, team=full.scene.teams["delivery"], key=f"k{n}", names={"fi": f"K{n}"}) for n in range(30)])
    Survey.objects.bulk_create([Survey(organisation=organisation, key=f"more-{n}", name=f"Kysely {n}") for n in range(30)])
    Import.objects.bulk_create([Import(organisation=organisation, file_name=f"f{n}.csv", by=full.scene.admin.actor, state="done") for n in range(30)])


def test_lists_ask_equally_much_of_the_database(full, figures, time_machine):  # noqa: F811
    figures()
    few = asked_by_all(full, time_machine)
    many_more(full)
    figures()
    many = asked_by_all(full, time_machine)
    assert {name: (few[name], many[name]) for name in few if many[name] > few[name]} == {}
    assert max(many.values()) <= 60, "and no list asks immoderately"
