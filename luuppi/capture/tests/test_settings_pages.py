"""Pages of imports, touchpoints and surveys, and their twins in the API."""

import json
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from luuppi.capture.models import FeedbackItem, Import, Mapping, Survey, Touchpoint
from luuppi.capture.receiving import receive
from luuppi.people.organising import add_member, create_token
from luuppi.running.models import Todo
from luuppi.running.todo import MAX_ATTEMPTS

CSV = "Vastaaja;Arvio;Kommentti;Päivä;Tyyppi\nA;1;Myöhässä taas;31.12.2025;Moite\nB;5;Kiitos!;1.2.2026;Kehu\nC;9;Outo;2.2.2026;Kehu\n".encode("cp1252")


def upload(client, content: bytes = CSV, name="palautteet.csv", **more):
    return client.post(reverse("imports", args=["lumi"]), {"file": SimpleUploadedFile(name, content), **more})


def meanings(run: Import, **of) -> dict:
    """The form's inputs: the meaning of each column, the others left out."""
    return {f"c{index}-meaning": of.get(name, "") for index, name in enumerate(run.found["columns"])}


@pytest.fixture
def antti(as_member, lumi):
    return as_member(lumi.antti)


def test_a_file_is_uploaded_mapped_tried_run_and_undone(antti, lumi, background):
    assert upload(antti).status_code == 302
    run = Import.objects.get()
    address = reverse("import_run", args=["lumi", run.pk])
    page = antti.get(address).content.decode()
    assert (run.found["encoding"], run.found["delimiter"]) == ("cp1252", ";") and "Päivä" in page and "Myöhässä taas" in page
    said = meanings(run, Vastaaja="external_id", Arvio="csat", Kommentti="text", Päivä="occurred_at", Tyyppi="kind")
    said |= {"c1-worst": "1", "c1-best": "5", "c4-values": "Moite = complaint\nKehu = praise", "name": "kauppa", "source": "kauppa", "language": "fi"}
    assert antti.post(address, said).status_code == 302
    page = antti.get(address).content.decode()
    assert "Arvio: 9 is not a score from 1 to 5" in page and "CSAT 1" in page and "DD/MM/YYYY" in page
    assert Mapping.objects.get().definition["columns"]["Tyyppi"]["values"] == {"Moite": "complaint", "Kehu": "praise"}

    antti.post(address, said | {"go": "try"})
    background()
    page = antti.get(address).content.decode()
    assert "2 new, 0 same, 1 bad rows" in page and not FeedbackItem.objects.exists()

    antti.post(address, said | {"go": "run"})
    assert b"hx-get" in antti.get(address).content
    background()
    item = FeedbackItem.objects.get(external_id="A")
    assert (item.kind, item.csat, item.text, item.source) == ("complaint", 1, "Myöhässä taas", "kauppa")
    page = antti.get(address).content.decode()
    bad = antti.get(reverse("import_bad_rows", args=["lumi", run.pk]))
    assert "Done" in page and b"Outo" in b"".join(bad.streaming_content) and "attachment" in bad["Content-Disposition"]
    assert "Arvio: 9 is not a score from 1 to 5" in page
    [items] = re.findall(r'href="([^"]+from_import[^"]+)"', page)
    shown = antti.get(items).content.decode()
    assert "Myöhässä taas" in shown and "palautteet.csv" in shown and "Myöhässä taas" not in antti.get(items + "9").content.decode()

    antti.post(reverse("import_undo", args=["lumi", run.pk]))
    background()
    assert not FeedbackItem.objects.not_gone().exists() and "Undone" in antti.get(address).content.decode()


def test_of_many_bad_rows_the_page_says_how_many_it_shows_and_gives_them_all(antti, background):
    upload(antti, ("text;nps\n" + "Palaute;12\n" * 60 + "Hyvä;9\n").encode())
    run = Import.objects.get()
    address = reverse("import_run", args=["lumi", run.pk])
    for going in ("try", "run"):
        antti.post(address, meanings(run, text="text", nps="nps") | {"go": going})
        background()
        page = antti.get(address).content.decode()
        assert page.count("<li>Line ") == 50 and "The first 50 of 60. The file has them all." in page
        bad = b"".join(antti.get(reverse("import_bad_rows", args=["lumi", run.pk])).streaming_content)
        assert bad.count(b"Palaute") == 60


def test_an_import_that_was_given_up_says_so_and_goes_on_or_ends(antti, lumi, background, monkeypatch):
    upload(antti)
    run = Import.objects.get()
    address = reverse("import_run", args=["lumi", run.pk])
    said = meanings(run, Kommentti="text", Arvio="csat")

    def broken(*_given, **_more):
        raise OSError("No space left on device")

    def asked_and_given_up(going):
        antti.post(address, said | {"go": going})
        with monkeypatch.context() as patched:
            patched.setattr("luuppi.capture.importing.running.Maker", broken)
            background()
            assert "tried again automatically" in antti.get(address).content.decode()
            Todo.objects.filter(kind__startswith="import").update(due_at=timezone.now(), attempts=MAX_ATTEMPTS - 1)
            background()
        page = antti.get(address).content.decode()
        assert "has stopped" in page and "No space left" in page and "hx-trigger" not in page and page.count("btn-primary") == 1
        assert "stopped" in antti.get(reverse("imports", args=["lumi"])).content.decode()

    asked_and_given_up("try")
    antti.post(reverse("import_cancellation", args=["lumi", run.pk]))
    assert Import.objects.get().state == "previewed" and not Todo.objects.filter(kind="import.try").exists()
    asked_and_given_up("run")
    antti.post(reverse("import_resumption", args=["lumi", run.pk]))
    background()
    done = Import.objects.get()
    assert (done.state, done.n_new, done.n_bad) == ("done", 2, 1)
    assert antti.post(reverse("import_resumption", args=["lumi", run.pk])).status_code == 409, "what goes needs no push"


def test_headings_in_the_members_language_are_understood_at_once(antti, lumi):
    upload(antti, "Pvm;Pistemäärä;Kommentti;Asiakas numero;Asiakasnumero;nps;Suosittelu\n21.11.2026 14.30;9;Nopea;x;A-1;9;8\n".encode("cp1252"))
    columns = {name: one["field"] for name, one in Import.objects.get().mapping["columns"].items()}
    assert columns == {"Pvm": "occurred_at", "Kommentti": "text", "Asiakasnumero": "customer.external_id", "nps": "nps"}


def test_what_looks_like_a_score_is_no_attribute_without_a_word(antti, lumi):
    upload(antti, "Palaute;Arvosana;Suosittelisitko?;Arvio sanoin\nHyvä;87,5;11;kyllä\nHuono;4;10;ei\n".encode("cp1252"))
    page = antti.get(reverse("import_run", args=["lumi", Import.objects.get().pk]) + "?lang=fi").content.decode()
    assert page.count("näyttää arvosanalta") == 2 and "nyt 4–87,5" in page and "nyt 10–11" in page


def test_kinds_and_touchpoints_are_understood_by_their_names(antti, lumi, background):
    upload(antti, "Palaute;Tyyppi;Kohtaamispiste;Laji\nMyöhässä;Reklamaatio;Toimitus;A\nHyvä;Kiitos;toimitus;B\nUusi;kehitysehdotus;Myymälä;C\n".encode("cp1252"))
    run = Import.objects.get()
    assert run.mapping["columns"]["Tyyppi"]["values"] == {"Kiitos": "praise", "Reklamaatio": "complaint", "kehitysehdotus": "idea"}
    page = antti.get(reverse("import_run", args=["lumi", run.pk])).content.decode()
    said = {"c0-meaning": "text", "c1-meaning": "kind", "c2-meaning": "touchpoint", "c3-meaning": "attribute"}
    said |= {f"c{n}-values": re.search(rf'name="c{n}-values"[^>]*>([^<]*)<', page)[1] for n in (1, 2)}
    antti.post(reverse("import_run", args=["lumi", run.pk]), said | {"go": "run"})
    background()
    assert {(item.kind, item.touchpoint.key) for item in FeedbackItem.objects.all()} == {("complaint", "delivery"), ("praise", "delivery"), ("idea", "Myymälä")}
    upload(antti, "Palaute;Tyyppi\nMyöhässä;Yritys\n".encode())
    assert "Tyyppi" not in Import.objects.latest("pk").mapping["columns"], "a column of other words is no kind"


def test_the_saved_mapping_takes_the_next_file_of_its_sort(antti, lumi, background):
    upload(antti)
    first = Import.objects.get()
    said = meanings(first, Kommentti="text", Arvio="csat") | {"name": "kauppa"}
    antti.post(reverse("import_run", args=["lumi", first.pk]), said)
    upload(antti, mapping=Mapping.objects.get().pk)
    second = Import.objects.latest("pk")
    assert second.mapping["columns"].keys() == {"Kommentti", "Arvio"}
    antti.post(reverse("import_run", args=["lumi", second.pk]), said | {"go": "run"})
    background()
    second.refresh_from_db()
    assert (second.n_new, second.n_bad) == (2, 1)


@pytest.mark.parametrize(("content", "words"), [(b"", b"empty"), (b"\n\n", b"no header line")])
def test_what_is_no_table_is_refused_at_once(antti, content, words):
    page = upload(antti, content)
    assert page.status_code == 422 and words in page.content and not Import.objects.exists()


def test_a_mapping_that_cannot_be_says_so_and_starts_nothing(antti, background):
    upload(antti)
    run = Import.objects.get()
    address = reverse("import_run", args=["lumi", run.pk])
    nothing = antti.post(address, meanings(run, Vastaaja="customer.external_id") | {"go": "run"})
    assert nothing.status_code == 422 and b"No column gives a text" in nothing.content
    scale = antti.post(address, meanings(run, Arvio="csat") | {"c1-worst": "huono", "c1-best": "5", "go": "run"})
    assert scale.status_code == 422 and "huono" in scale.content.decode()
    background()
    run.refresh_from_db()
    assert run.state == "previewed"


def test_a_wide_file_shows_what_means_something_and_one_without_rows_is_refused(antti, lumi):
    question, others = "Kuinka todennäköisesti suosittelet meitä?", ";".join(f"Sarake {n}" for n in range(40))
    where = upload(antti, f"Palaute;{question};Suosittelisitko 1–5;{others}\n".encode() + b"".join(b"Hyva;%d;%d;" % (n, n % 5) + b"x;" * 39 + b"y\n" for n in range(11)))["Location"]
    page = antti.get(f"{where}?lang=en")
    assert [(one.name, one.meaning) for one in page.context["columns"]] == [("Palaute", "text"), (question, "nps"), ("Suosittelisitko 1–5", "attribute")]
    assert len(page.context["carried"]) == 40
    assert "40 more columns come along" in page.content.decode() and page.content.decode().count('-meaning"') == 43
    empty = upload(antti, b"Palaute;NPS\n")
    assert empty.status_code == 422 and Import.objects.count() == 1


def test_an_upload_needs_its_forms_token_and_who_may_not_import_sends_nothing(lumi, other, client):
    from django.test import Client

    strict = Client(enforce_csrf_checks=True)
    strict.force_login(lumi.antti.user, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert upload(strict).status_code == 403
    for nobody in (lumi.mikko, lumi.sari, lumi.elisa, other.admin):
        client.force_login(nobody.user, backend="allauth.account.auth_backends.AuthenticationBackend")
        assert upload(client).status_code == 404 and client.get(reverse("imports", args=["lumi"])).status_code == 404
    assert not Import.objects.exists()


def test_an_import_of_another_organisation_is_not_here(antti, as_member, lumi, other):
    upload(antti)
    run = Import.objects.get()
    stranger = as_member(other.admin)
    for name in ("import_run", "import_progress", "import_bad_rows"):
        assert stranger.get(reverse(name, args=["norrsken", run.pk])).status_code == 404
    for name in ("import_run", "import_cancellation", "import_undo"):
        assert stranger.post(reverse(name, args=["norrsken", run.pk])).status_code == 404


def test_a_file_larger_than_the_limit_is_refused(antti, monkeypatch):
    monkeypatch.setattr("luuppi.capture.web.uploading.MOST_BYTES", 1_000)
    page = upload(antti, b"text\n" + b"a" * 200_000)
    assert page.status_code == 422 and b"larger than 2 GB" in page.content and not Import.objects.exists()


def test_a_touchpoint_is_made_confirmed_and_given_to_a_team(antti, lumi):
    from luuppi.capture.drafts import Draft, FeedbackIn

    receive([Draft(FeedbackIn(text="Hei", touchpoint="kiosk 7"), channel="api", source="test")], organisation=lumi.organisation, by="public")
    unknown = Touchpoint.objects.get(key="kiosk 7")
    assert b"to confirm" in antti.get(reverse("touchpoints", args=["lumi"])).content
    antti.post(reverse("touchpoint", args=["lumi", unknown.pk]), {"name_fi": "Kioski 7", "team": lumi.teams["phones"].pk})
    unknown.refresh_from_db()
    assert (unknown.confirmed, unknown.names, unknown.team) == (True, {"fi": "Kioski 7"}, lumi.teams["phones"])
    address = reverse("touchpoints", args=["lumi"])
    assert antti.post(address, {"key": "nouto", "name_fi": "Nouto", "team": lumi.teams["delivery"].pk}).status_code == 302
    assert antti.post(address, {"key": "nouto", "team": lumi.teams["delivery"].pk}).status_code == 422


def test_a_manager_sets_only_what_belongs_to_own_teams(as_member, lumi):
    kerttu = as_member(add_member(lumi.organisation, email="kerttu@lumi.example.com", roles=[("manager", lumi.teams["delivery"])]))
    shop = Touchpoint.objects.get(key="web-shop")
    assert kerttu.get(reverse("touchpoint", args=["lumi", shop.pk])).status_code == 404
    assert kerttu.post(reverse("touchpoints", args=["lumi"]), {"key": "nouto", "team": lumi.teams["phones"].pk}).status_code == 422
    assert kerttu.post(reverse("surveys", args=["lumi"]), {"name": "Kaikki"}).status_code == 422
    assert kerttu.post(reverse("surveys", args=["lumi"]), {"name": "Nouto", "touchpoint": Touchpoint.objects.get(key="delivery").pk}).status_code == 302


def test_a_survey_has_a_link_until_it_is_closed(antti, client, lumi):
    antti.post(reverse("surveys", args=["lumi"]), {"name": "Toimituksen jälkeen"})
    survey = Survey.objects.get()
    link = reverse("survey_score", args=[survey.key])
    assert link.encode() in antti.get(reverse("surveys", args=["lumi"])).content and client.get(link).status_code == 200
    assert 'value="7" checked' in client.get(link, {"score": "7"}).content.decode() and client.get(link, {"score": "7" * 5_000}).status_code == 200
    antti.post(reverse("survey_closing", args=["lumi", survey.pk]))
    assert client.get(link).status_code == 404
    antti.post(reverse("survey_opening", args=["lumi", survey.pk]))
    assert client.get(link).status_code == 200


def test_the_api_makes_touchpoints_and_surveys_within_the_tokens_team(client, lumi, other):
    def call(secret, method, path, body=None):
        return getattr(client, method)(f"/api/v1{path}", json.dumps(body) if body is not None else None, content_type="application/json", headers={"Authorization": f"Bearer {secret}"})

    _token, secret = create_token(lumi.organisation)
    _bound, bound = create_token(lumi.organisation, team=lumi.teams["delivery"])
    _theirs, theirs = create_token(other.organisation)
    made = call(secret, "post", "/touchpoints", {"key": "nouto", "name": {"fi": "Nouto"}, "team": "phones"})
    assert made.status_code == 201 and made.json()["team"] == "phones"
    assert call(secret, "post", "/touchpoints", {"key": "nouto"}).json()["code"] == "touchpoint-taken"
    assert call(bound, "post", "/touchpoints", {"key": "x", "team": "phones"}).json()["code"] == "unknown-team"
    assert call(bound, "post", "/touchpoints", {"key": "ovi"}).json()["team"] == "delivery-team"
    assert {one["key"] for one in call(bound, "get", "/touchpoints").json()["items"]} == {"delivery", "ovi"}
    survey = call(secret, "post", "/surveys", {"name": "Nouto", "touchpoint": "nouto"})
    assert survey.status_code == 201 and client.get(survey.json()["url"].replace("http://localhost:8000", "")).status_code == 200
    assert call(bound, "post", "/surveys", {"name": "Nouto", "touchpoint": "nouto"}).json()["code"] == "unknown-touchpoint"
    assert call(bound, "post", "/surveys", {"name": "Kaikki"}).status_code == 403
    assert call(theirs, "get", "/surveys").json()["items"] == [] and len(call(secret, "get", "/surveys").json()["items"]) == 1
    assert call(secret, "post", "/surveys", {"name": "x", "colour": "red"}).status_code == 422
