"""Nobody sees a thing of another organisation: every address and every operation, as stranger, customer, each role and token."""

import json

import pytest
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import include, path

from luuppi.capture.models import FeedbackItem
from luuppi.people.web.membership import public_page
from tests.walks.addresses import ADDRESSES, BOOK, UNKNOWN_ITEM, UNKNOWN_ROW, Address, not_in_the_book
from tests.walks.filled import ROLES, Filled
from tests.walks.walking import Visitor, leaks, same, walk

pytestmark = pytest.mark.slow
_BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


def signed_in(full: Filled, person: str) -> Visitor:
    client = Client()
    client.force_login(full.scene.members[person].user, backend=_BACKEND)
    return Visitor(f"{person} of {full.slug}", client)


def test_every_address_of_the_map_is_walked():
    assert not_in_the_book() == [], "add the new addresses to tests/walks/addresses.py"


def test_the_fill_has_one_of_everything_and_its_own_people_reach_it(full):
    admin = signed_in(full, "admin")
    for address in ADDRESSES:
        if address.is_post or address.is_public or address.name in ("figures", "figures_table"):
            continue
        said = admin.client.get(address.of(full), follow=address.name == "home")
        assert said.status_code == 200, address.of(full)
    for name in ("case", "feedback_item", "item_themes", "root_cause", "improvement", "telling_draft", "rule", "member", "team", "theme", "themes", "people_settings", "tokens", "background"):
        assert full.mark in admin.client.get(BOOK[name].of(full)).content.decode(), f"{name} shows a mark, so that a leak of it would be seen"


@pytest.mark.parametrize("person", ROLES)
def test_members_of_another_organisation_learn_nothing(full, foreign, person):
    assert walk(signed_in(foreign, person), full, foreign) == []


def test_a_stranger_is_asked_to_sign_in_everywhere(full, foreign):
    assert walk(Visitor("a stranger", Client(), is_signed_in=False), full, foreign) == []


def test_a_customer_with_a_tracking_link_is_a_stranger_to_staff_pages(full, foreign):
    client = Client()
    assert client.get(BOOK["tracking"].of(full)).status_code == 200
    assert walk(Visitor("Aino", client, is_signed_in=False), full, foreign) == []


def test_public_pages_tell_of_their_own_organisation_alone(full, foreign):
    for client in (Client(), signed_in(foreign, "leena").client):
        for address in ADDRESSES:
            if address.is_public:
                said = client.get(address.of(foreign)) if not address.is_post else client.post(address.of(foreign), {})
                assert said.status_code < 500, address.name
                assert leaks(said, full, address.name) == []


def test_a_secret_with_one_letter_changed_opens_nothing(full):
    client = Client()
    for address in ADDRESSES:
        if not address.is_public or not address.has_ids or address.name == "one_time":  # a GET of /in/ shows a button and looks nothing up
            continue
        right = address.of(full)
        turned = right.rstrip("/")
        cut = turned.rindex("/") if address.name.startswith("tracking_") or address.name == "thanks" else len(turned)
        changed = turned[: cut - 1] + ("b" if turned[cut - 1] == "a" else "a") + turned[cut:]
        for one in (changed, address.of(full, known=False)):
            said = client.post(one, {}) if address.is_post else client.get(one)
            assert said.status_code == 404 and leaks(said, full, one) == [], one


def test_a_key_of_one_and_a_draft_of_the_other_do_not_fit_together(full, foreign):
    client = Client()
    assert client.get(f"/s/{foreign.survey.key}/{full.draft.token}").status_code == 404
    assert client.post(f"/s/{foreign.survey.key}/{full.draft.token}", {"why": "x", "sending": "y"}).status_code == 404
    assert client.post("/in/in_wrong").status_code == 404


def test_a_notice_of_the_other_is_not_heard_through_our_link(full, foreign):
    assert full.notice is not None
    before = type(full.notice).objects.filter(pk=full.notice.pk).values().get()
    client = Client()
    real = client.post(BOOK["tracking_heard"].of(foreign), {"notice": str(full.notice.pk), "heard": "yes"})
    unknown = client.post(BOOK["tracking_heard"].of(foreign), {"notice": "987654321", "heard": "yes"})
    assert (real.status_code, same(real, "")) == (unknown.status_code, same(unknown, ""))
    assert type(full.notice).objects.filter(pk=full.notice.pk).values().get() == before


def bodies(home: Filled, ids: dict[str, str]) -> list[tuple[str, dict[str, str]]]:
    """Acts on one's own things that name other things in their body."""
    return [
        ("case_assignment", {"to": f"member:{ids['member']}"}),
        ("case_assignment", {"to": f"team:{ids['team']}"}),
        ("case_escalation", {"escalation-reason": "Apua", "escalation-to": ids["member"], "escalation-key": "k"}),
        ("rule", {"name": "x", "position": "9", "team": ids["team"], "priority": "0"}),
        ("rule", {"name": "x", "position": "9", "owner": ids["member"], "priority": "0"}),
        ("theme", {"act": "merge", "into": ids["theme"]}),
        ("theme_proposal", {"act": "accept", "into": ids["theme"]}),
        ("item_themes", {"theme": ids["theme"], f"polarity_{ids['theme']}": "-1"}),
        ("root_cause_new", {"title": "x", "polarity": "problem", "evidence": ids["reference"], "themes": ids["theme"]}),
        ("improvement_proposal", {"title": "x", "type": "process", "because_of": ids["reference"], "root_causes": ids["cause"]}),
        ("improvement_plan", {"owner": ids["owner"]}),
        ("improvement_items", {"items": ids["reference"]}),
        ("member", {"role": "frontline", "team": ids["team"]}),
        ("people_settings", {"email": "new@example.com", "role": "frontline", "team": ids["team"]}),
        ("teams", {"name": "x", "team": ids["team"]}),
        ("tokens", {"name": "x", "team": ids["team"], "scopes": "feedback:write"}),
    ]


def ids_of(full: Filled) -> dict[str, str]:
    return {
        "member": str(full.member.pk), "owner": str(full.scene.sari.pk), "team": str(full.scene.teams["phones"].pk), "theme": str(full.second_theme.pk), "cause": str(full.cause.pk), "reference": full.item.reference,
    }  # fmt: skip


def test_ids_of_the_other_in_a_body_are_as_unknown_ones(full, foreign):
    admin = signed_in(foreign, "admin")
    unknown = dict.fromkeys(ids_of(full), "987654321") | {"reference": "ZZZZ-ZZZZ"}
    acts = zip(bodies(foreign, ids_of(full)), bodies(foreign, unknown), bodies(foreign, ids_of(foreign)), strict=True)
    for (name, body), (_name, nonsense), (_own_name, own) in acts:
        address = BOOK[name].of(foreign)
        assert done_and_undone(admin, address, own) in (200, 302), f"{name} works with one's own: the body is right but for its ids {own}"
        real, expected = admin.client.post(address, body), admin.client.post(address, nonsense)
        assert real.status_code == expected.status_code, (name, body)
        assert real.status_code < 500 and leaks(real, full, name) == [], (name, body)
    for model, field in (("coding", "item"), ("causeevidence", "item"), ("improvementitem", "item")):
        assert nothing_crosses(model, field), model


def done_and_undone(visitor: Visitor, address: str, body: dict[str, str]) -> int:
    with transaction.atomic():
        said = visitor.client.post(address, body)
        transaction.set_rollback(True)
    return said.status_code


def nothing_crosses(model: str, field: str) -> bool:
    """No row joins a thing of one organisation to an item of another."""
    from django.apps import apps
    from django.db.models import F

    owner = {"coding": "organisation", "causeevidence": "cause__organisation", "improvementitem": "improvement__organisation"}[model]
    [found] = [one for one in apps.get_models() if one._meta.model_name == model]
    return not found.objects.exclude(**{f"{field}__organisation": F(owner)}).exists()


# --- the API --------------------------------------------------------------------------------------------------------------------


def paths_of_the_api() -> dict[tuple[str, str], str]:
    schema = json.loads(Client().get("/api/v1/openapi.json").content)
    return {(method.upper(), template): one["operationId"] for template, methods in schema["paths"].items() for method, one in methods.items()}


def test_a_token_of_another_organisation_finds_what_nobody_finds(full, foreign):
    client, by_token = Client(), {"Authorization": f"Bearer {foreign.secret}"}
    walked = 0
    for (method, template), operation in paths_of_the_api().items():
        real, unknown = template, template
        number = full.case.number if "/cases/" in template else full.improvement.number
        for name, known, nobody in (("feedback_id", full.item.pk, UNKNOWN_ITEM), ("number", number, 987_654), ("customer_id", full.item.customer_id, UNKNOWN_ROW), ("root_cause_id", full.cause.pk, UNKNOWN_ROW)):
            real, unknown = real.replace(f"{{{name}}}", str(known)), unknown.replace(f"{{{name}}}", str(nobody))
        assert "{" not in real, f"{template}: say here which id of the other organisation stands in it"
        body = BODIES.get(operation, {})
        said, expected = (client.generic(method, where, json.dumps(body), content_type="application/json", headers=by_token) for where in (real, unknown))
        assert leaks(said, full, operation) == [], operation
        if real != template:
            walked += 1
            assert said.status_code == 404 and same(said, real) == same(expected, unknown), (operation, said.status_code, said.content)
    assert walked >= 15


BODIES = {
    "assign_case": {"to": "mikko@norrsken.example.com"}, "answer_case": {"text": "x"}, "note_case": {"text": "x"}, "escalate_case": {"reason": "x"}, "close_case": {"text": "x"},
    "put_themes": {"themes": []}, "decide_improvement": {"accepted": True, "reason": "x"}, "add_theme": {"name": {"en": "x"}}, "propose_improvement": {"title": "x", "type": "process"},
    "add_root_cause": {"title": "x", "polarity": "problem"}, "put_root_cause_words": {"title": {"en": "x"}}, "send_feedback": {"text": "x"}, "open_case": {"feedback": str(UNKNOWN_ITEM)},
}  # fmt: skip


def test_bodies_of_the_api_that_name_the_other_organisations_things(full, foreign):
    client, by_token = Client(), {"Authorization": f"Bearer {foreign.secret}"}
    case, improvement, item = foreign.open_case.number, foreign.improvement.number, foreign.items[1].pk

    def acts(ids: dict[str, str], email: str) -> list[tuple[str, str, dict]]:
        return [
            ("POST", "cases", {"feedback": ids["item"]}),
            ("POST", f"cases/{case}/assignment", {"to": email}),
            ("POST", f"cases/{case}/notes", {"text": "x", "as": email}),
            ("POST", f"cases/{case}/escalation", {"reason": "x", "to": email}),
            ("PUT", f"feedback/{item}/themes", {"themes": [{"theme": ids["theme"]}]}),
            ("POST", "themes", {"name": {"en": "x"}, "parent": ids["theme"]}),
            ("POST", "root-causes", {"title": "x", "polarity": "problem", "evidence": [ids["item"]]}),
            ("POST", "root-causes", {"title": "x", "polarity": "problem", "themes": [ids["theme"]]}),
            ("POST", "improvements", {"title": "x", "type": "process", "because_of": [ids["item"]]}),
            ("POST", "improvements", {"title": "x", "type": "process", "root_causes": [ids["cause"]]}),
            ("POST", "improvements", {"title": "x", "type": "process", "owner": email}),
            ("POST", f"improvements/{improvement}/decision", {"accepted": True, "reason": "x", "as": email}),
        ]

    real = acts({"item": str(full.item.pk), "theme": str(full.theme.pk), "cause": str(full.cause.pk)}, full.scene.sari.user.email)
    nobody = acts({"item": str(UNKNOWN_ITEM), "theme": "987654321", "cause": "987654321"}, "nobody@example.com")
    ours = acts({"item": str(foreign.items[4].pk), "theme": str(foreign.theme.pk), "cause": str(foreign.cause.pk)}, foreign.scene.leena.user.email)

    def send(method: str, where: str, body: dict) -> HttpResponse:
        with transaction.atomic():
            said = client.generic(method, f"/api/v1/{where}", json.dumps(body), content_type="application/json", headers=by_token)
            transaction.set_rollback(True)
        return said

    for (method, where, body), (_m, _w, nonsense), (_om, _ow, own) in zip(real, nobody, ours, strict=True):
        said, expected = send(method, where, body), send(method, where, nonsense)
        assert send(method, where, own).status_code in (200, 201), (where, own, "works with one's own")
        assert 400 <= said.status_code == expected.status_code < 500, (where, body, said.status_code, expected.status_code)
        assert said.json()["code"] == expected.json()["code"], where
        assert full.mark not in said.content.decode()


def test_without_a_token_or_with_a_wrong_one_every_operation_says_401(full):
    client = Client()
    for method, template in paths_of_the_api():
        where = template.replace("{feedback_id}", str(full.item.pk)).replace("{number}", str(full.case.number)).replace("{customer_id}", str(full.item.customer_id))
        for headers in ({}, {"Authorization": "Bearer luuppi_wrong"}, {"Authorization": f"Bearer {full.secret[:-1]}"}):
            said = client.generic(method, where, "{}", content_type="application/json", headers=headers)
            assert said.status_code == 401 and said.json()["code"] == "no-token", where


# --- the test of the test -------------------------------------------------------------------------------------------------------


def unguarded(request, organisation: str, pk: int) -> HttpResponse:
    """A view that forgot whose item it shows."""
    return HttpResponse(FeedbackItem.objects.get(pk=pk).text if FeedbackItem.objects.filter(pk=pk).exists() else "", status=200 if FeedbackItem.objects.filter(pk=pk).exists() else 404)


@public_page
def wide_open(request, organisation: str) -> HttpResponse:
    return HttpResponse("\n".join(FeedbackItem.objects.filter(organisation=request.organisation).values_list("text", flat=True)))


urlpatterns = [path("o/<slug:organisation>/planted/<int:pk>", unguarded, name="planted"), path("o/<slug:organisation>/open", wide_open, name="wide_open"), path("", include("luuppi.urls"))]
handler404 = "luuppi.errors.not_found"
handler500 = "luuppi.errors.server_error"


def test_the_walk_notices_planted_views(full, foreign, settings):
    settings.ROOT_URLCONF = __name__
    assert not_in_the_book() == ["planted", "wide_open"]
    planted = Address("planted", ids=lambda full: {"pk": full.item.pk}, unknown={"pk": UNKNOWN_ITEM})
    told = walk(signed_in(foreign, "antti"), full, foreign, [planted])
    assert any(f"says {full.mark}" in line for line in told) and any("200, for an unknown id 404" in line for line in told)
    assert any(f"says {full.mark}" in line for line in walk(Visitor("a stranger", Client(), is_signed_in=False), full, foreign, [Address("wide_open")]))
