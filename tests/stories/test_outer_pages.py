"""The pages of themes, causes, improvements and telling: empty and full, in each role, in each language, and shut to others."""

import pytest
from django.utils import timezone

from luuppi.meaning.models import Coding, Theme, ThemeProposal
from luuppi.outer_loop.deciding import decide_improvement
from luuppi.outer_loop.models import Improvement
from luuppi.outer_loop.proposing import propose_improvement
from luuppi.outer_loop.tracing import name_root_cause
from luuppi.outer_loop.working import complete_improvement
from luuppi.telling.models import Telling
from luuppi.telling.refusals import TextWasSent
from luuppi.telling.sending import tell_givers

LISTS = ("causes", "themes", "improvements", "telling")
ROLES = ("mikko", "sari", "leena", "elisa", "antti", "admin")


@pytest.fixture
def full(lumi, gives, background):
    """An organisation with a theme, a proposal, a cause, and an improvement in each state."""
    items = [gives(text=f"Paketti myöhästyi taas, kerta {n}", scores={"nps": n % 11}, touchpoint="delivery", language="fi") for n in range(12)]
    background()
    theme = Theme.objects.create(organisation=lumi.organisation, key="late", names={"fi": "Myöhästyminen", "sv": "Försening", "en": "Lateness"})
    Coding.objects.bulk_create([Coding(item=item, organisation=lumi.organisation, theme=theme, polarity=-1 if item.nps < 7 else 1, at=timezone.now()) for item in items])
    ThemeProposal.objects.create(organisation=lumi.organisation, language="fi", label="nouto lokero", words=["nouto", "lokero"], examples=[items[0].pk], items=[i.pk for i in items], size=12, made_at=timezone.now())
    cause = name_root_cause("Viikonloppuna ei lajitella", by=lumi.leena, whys=["Se seisoi", "Kukaan ei lajittele"], evidence=[items[0].pk, items[1].pk], themes=[theme.pk])
    propose_improvement("Ehdotettu", type="skill", by=lumi.mikko, because_of=[items[2].pk])
    accepted = propose_improvement("Hyväksytty", type="service", by=lumi.mikko, because_of=[items[3].pk])
    decide_improvement(accepted, accepted=True, reason="Kyllä", by=lumi.leena)
    declined = propose_improvement("Hylätty", type="price", by=lumi.mikko, because_of=[items[4].pk])
    decide_improvement(declined, accepted=False, reason="Liian kallis", by=lumi.leena)
    done = propose_improvement({"fi": "Tehty"}, type="process", by=lumi.mikko, because_of=[items[0].pk, items[1].pk], root_causes=[cause.pk])
    decide_improvement(done, accepted=True, reason="Kyllä", by=lumi.leena)
    complete_improvement(done, by=lumi.leena, text={"fi": "Lajittelemme nyt myös lauantaisin."})
    background()
    tell_givers(done, by=lumi.leena)
    return {"items": items, "theme": theme, "cause": cause, "done": done}


def paths(full) -> list[str]:
    numbers = [path for n in range(1, 5) for path in (f"improvements/{n}",)]
    return [*LISTS, "themes/next", "causes/new", "improvements/new", f"causes/{full['cause'].pk}", f"themes/{full['theme'].pk}", *numbers, "telling/3", "telling/4", "telling/3/sending", f"feedback/{full['items'][0].pk}/themes"]


@pytest.mark.parametrize("role", ROLES)
def test_the_lists_open_in_every_role_when_there_is_nothing_yet(lumi, as_member, role):
    client = as_member(getattr(lumi, role))
    for path in LISTS:
        answer = client.get(f"/o/lumi/{path}")
        assert answer.status_code == 200, path
        assert b"empty" in answer.content, f"{path} says the next step"


@pytest.mark.parametrize("role", ROLES)
def test_every_page_opens_in_the_roles_that_may(lumi, full, as_member, role):
    member = getattr(lumi, role)
    client = as_member(member)
    shut = {
        "causes/new": "themes.propose", "themes/next": "themes.propose", "improvements/new": "improvements.propose", "telling/3/sending": "improvements.tell",
        f"feedback/{full['items'][0].pk}/themes": "themes.propose", f"themes/{full['theme'].pk}": "themes.decide",
    }  # fmt: skip
    for path in paths(full):
        allowed = path not in shut or bool(member.grants.reach(shut[path]))
        assert client.get(f"/o/lumi/{path}").status_code == (200 if allowed else 404), path


def test_a_root_cause_is_read_in_the_readers_language_else_as_it_was_written_and_marked(lumi, full, as_member):
    leena, path = as_member(lumi.leena), f"/o/lumi/causes/{full['cause'].pk}"
    assert (full["cause"].language, full["cause"].titles) == ("fi", {"fi": "Viikonloppuna ei lajitella"})
    marked = 'lang="fi">Viikonloppuna ei lajitella'
    page = leena.get(f"{path}?lang=sv").content.decode()
    assert f"<h1 {marked}" in page and "På finska" in page and '<ol class="list-decimal ml-4 mt-4 space-y-2" lang="fi">' in page
    assert marked in leena.get("/o/lumi/causes?lang=sv").content.decode() and marked in leena.get("/o/lumi/improvements/4?lang=sv").content.decode()
    words = {"title_fi": "Viikonloppuna ei lajitella", "whys_fi": "Se seisoi\nKukaan ei lajittele", "title_sv": "Ingen sorterar på helgen", "whys_sv": ""}
    assert leena.post(f"{path}/words", words).status_code == 302
    page = leena.get(f"{path}?lang=sv").content.decode()
    assert "<h1>Ingen sorterar på helgen" in page and "På finska" not in page.split("<details")[0] and 'space-y-2" lang="fi">' in page
    assert "<h1>Viikonloppuna" in leena.get(f"{path}?lang=fi").content.decode() and f"<h1 {marked}" in leena.get(f"{path}?lang=en").content.decode()
    refused = leena.post(f"{path}/words?lang=en", {"whys_sv": "x"})
    assert refused.status_code == 422 and "Give it a title" in refused.content.decode()
    assert as_member(lumi.elisa).post(f"{path}/words", words).status_code == 404


def test_to_another_organisation_nothing_of_it_exists(lumi, full, other, client, as_member):
    client = as_member(other.olof)
    for path in paths(full):
        assert client.get(f"/o/lumi/{path}").status_code == 404, path
    for path in [path for path in paths(full) if any(sign.isdigit() for sign in path)]:
        assert client.get(f"/o/norrsken/{path}").status_code == 404, path
    assert client.post(f"/o/lumi/causes/{full['cause'].pk}/words", {"title_fi": "x"}).status_code == 404
    assert client.post("/o/norrsken/improvements/1/decision", {"accepted": "yes", "reason": "x"}).status_code == 404
    assert client.post(f"/o/norrsken/themes/{full['theme'].pk}", {"act": "retire"}).status_code == 404
    assert Improvement.objects.get(organisation=lumi.organisation, number=1).state == "proposed"


def test_who_is_not_signed_in_is_asked_to(lumi, full, client):
    for path in paths(full):
        assert client.get(f"/o/lumi/{path}").status_code == 302, path


def test_a_cause_offers_what_may_show_it_and_its_evidence_stands_behind_what_is_proposed(lumi, full, as_member):
    client, cause = as_member(lumi.leena), full["cause"]
    page = client.get(f"/o/lumi/causes/{cause.pk}").content.decode()
    newest = next(item for item in reversed(full["items"]) if item.nps < 7)
    assert f'name="items" value="{newest.reference}"' in page and f'name="items" value="{full["items"][0].reference}"' not in page
    assert client.post(f"/o/lumi/causes/{cause.pk}", {"items": newest.reference}).status_code == 302
    assert f'name="items" value="{newest.reference}"' not in client.get(f"/o/lumi/causes/{cause.pk}").content.decode()
    proposal = client.get(f"/o/lumi/improvements/new?cause={cause.pk}").content.decode()
    assert all(item.reference in proposal for item in (newest, *full["items"][:2]))
    assert 'name="items"' not in as_member(lumi.elisa).get(f"/o/lumi/causes/{cause.pk}").content.decode()


def test_the_acts_of_the_pages(lumi, full, as_member):
    client = as_member(lumi.leena)
    assert client.post("/o/lumi/improvements/1/decision", {"accepted": "yes", "reason": ""}).status_code == 422
    assert client.post("/o/lumi/improvements/1/start").status_code == 409, "it must be decided first"
    assert client.post("/o/lumi/improvements/1/decision", {"accepted": "yes", "reason": "Hyvä"}).status_code == 302
    assert client.post("/o/lumi/improvements/1/start").status_code == 302
    assert client.post("/o/lumi/improvements/1/plan", {"owner": str(lumi.sari.pk), "due_on": "2030-01-31", "people_needed": "Kaksi"}).status_code == 302
    assert client.post("/o/lumi/improvements/1/plan", {"owner": str(lumi.mikko.pk)}).status_code == 422, "the frontline proposes, others own"
    reference = full["items"][9].reference
    assert client.post("/o/lumi/improvements/1/items", {"items": reference}).status_code == 302
    assert client.post("/o/lumi/improvements/1/items", {"items": "nonsense"}).status_code == 422
    assert client.post("/o/lumi/improvements/1/completion", {"done_fi": " "}).status_code == 422, "the givers would be told nothing"
    assert client.post("/o/lumi/improvements/1/completion", {"done_fi": "Valmis."}).status_code == 302
    one = Improvement.objects.get(number=1)
    assert (one.state, one.owner, one.because_of.count(), one.done_texts) == ("done", lumi.sari, 2, {"fi": "Valmis."})
    assert client.post("/o/lumi/telling/1", {"text_fi": "Valmis nyt.", "said_fi": "Odotitte.", "is_public": "on"}).status_code == 302
    edited = client.post("/o/lumi/telling/1", {"text_fi": "Valmis nyt, viimein.", "is_public": "on", "then": "send"}, follow=True)
    assert edited.request["PATH_INFO"] == "/o/lumi/telling/1/sending" and "Valmis nyt, viimein." in edited.content.decode()
    assert client.post("/o/lumi/telling/1/sending").status_code == 302
    sent = client.get("/o/lumi/telling/1").content.decode()
    assert "Valmis nyt, viimein." in sent and 'name="text_fi"' not in sent and 'name="text_sv"' in sent, "what givers have got stays as it was sent"
    assert client.post("/o/lumi/telling/1", {"text_fi": "Muuta.", "said_fi": "Odotitte kauan."}).status_code == 409, "from a page that was opened before it was sent"
    assert client.post("/o/lumi/telling/1", {"said_fi": "Odotitte kauan."}).status_code == 302
    telling = Telling.objects.get(improvement=one)
    assert (telling.texts, telling.you_said, telling.is_public) == ({"fi": "Valmis nyt, viimein."}, {"fi": "Odotitte kauan."}, False)
    with pytest.raises(TextWasSent):
        tell_givers(one, by=lumi.leena, texts={"fi": "Muuta."})
    assert client.post("/o/lumi/telling/1/undo").status_code == 302
    assert 'name="text_fi"' in client.get("/o/lumi/telling/1").content.decode(), "taken back, it is a draft again"
    assert client.post("/o/lumi/causes/new", {"title": "Uusi syy", "polarity": "strength", "whys": "a\nb", "evidence": reference}).status_code == 302
    assert client.post("/o/lumi/improvements/new", {"title": "Uusi", "type": "process"}).status_code == 302
    proposal = ThemeProposal.objects.get()
    assert client.post(f"/o/lumi/themes/proposals/{proposal.pk}", {"act": "accept", "name_fi": "Nouto", "name_en": "Pick-up"}).status_code == 302
    assert client.post(f"/o/lumi/themes/proposals/{proposal.pk}", {"act": "accept"}).status_code == 409
    made = Theme.objects.get(key="pick-up")
    assert made.codings.count() == 12
    assert client.post(f"/o/lumi/themes/{made.pk}", {"act": "rename", "name_fi": "Noutopiste"}).status_code == 302
    assert client.post(f"/o/lumi/themes/{made.pk}", {"act": "rename"}).status_code == 422, "it needs a name"
    assert client.post(f"/o/lumi/themes/{made.pk}", {"act": "retire"}).status_code == 302 and client.get(f"/o/lumi/themes/{made.pk}").status_code == 404
    assert client.post(f"/o/lumi/themes/{made.pk}/restoring").status_code == 302 and "Noutopiste" in client.get("/o/lumi/themes", headers={"accept-language": "fi"}).content.decode()
    assert client.post("/o/lumi/themes/new", {"name_en": "Lateness"}).status_code in (302, 422)
    assert client.post(f"/o/lumi/themes/{made.pk}", {"act": "merge", "into": str(full["theme"].pk)}).status_code == 302
    assert full["theme"].codings.count() == 12
    item = full["items"][0]
    assert client.post(f"/o/lumi/feedback/{item.pk}/themes", {"theme": [str(full["theme"].pk)], f"polarity_{full['theme'].pk}": "-1"}).status_code == 302
    assert Coding.objects.get(item=item).by == lumi.leena.actor


def test_before_telling_the_page_says_what_is_missing_and_whom_it_reaches(lumi, full, gives, as_member):
    english, client = gives(text="It was late again", touchpoint="delivery", language="en"), as_member(lumi.leena)
    late = propose_improvement("Myöhässä", type="process", by=lumi.mikko, because_of=[english.pk])
    decide_improvement(late, accepted=False, reason={"fi": "Emme voi nyt."}, by=lumi.leena)
    for path in (f"/o/lumi/telling/{late.number}", f"/o/lumi/telling/{late.number}/sending"):
        assert "myös englanniksi" in client.get(path, headers={"accept-language": "fi"}).content.decode()
    alone = propose_improvement("Ilman palautetta", type="process", by=lumi.mikko)
    decide_improvement(alone, accepted=False, reason={"fi": "Tämä olisi liian kallis."}, by=lumi.leena)
    assert "Put it on the public page" in client.get(f"/o/lumi/telling/{alone.number}", headers={"accept-language": "en"}).content.decode()
    assert client.post(f"/o/lumi/telling/{alone.number}/sending").status_code == 302
    assert "Tämä olisi liian kallis." in client.get("/said-and-done/lumi?lang=fi").content.decode()


@pytest.mark.parametrize(("person", "path", "data", "status"), [
    ("mikko", "improvements/1/decision", {"accepted": "yes", "reason": "x"}, 404), ("sari", "improvements/1/decision", {"accepted": "yes", "reason": "x"}, 404),
    ("antti", "improvements/1/decision", {"accepted": "yes", "reason": "x"}, 404), ("elisa", "improvements/1/decision", {"accepted": "no", "reason": "x"}, 302),
    ("mikko", "improvements/2/start", {}, 403), ("sari", "improvements/2/start", {}, 302), ("antti", "improvements/2/start", {}, 403),
    ("elisa", "telling/3/sending", {}, 404), ("sari", "telling/3/sending", {}, 404), ("admin", "telling/3/sending", {}, 302),
    ("elisa", "improvements/new", {"title": "a", "type": "skill"}, 404), ("mikko", "improvements/new", {"title": "a", "type": "skill"}, 302),
    ("leena", "improvements/4/reading", {}, 404), ("antti", "improvements/4/reading", {}, 302), ("elisa", "causes/new", {"title": "a", "polarity": "problem"}, 404),
    ("sari", "themes/new", {"name_fi": "Uusi"}, 404), ("antti", "themes/new", {"name_fi": "Uusi"}, 302), ("elisa", "themes/proposing", {}, 404), ("mikko", "themes/proposing", {}, 302),
    ("leena", "improvements/1/plan", {"money_eur": "100"}, 302), ("elisa", "improvements/1/plan", {"money_eur": "100"}, 302),
])  # fmt: skip
def test_who_may_do_what(lumi, full, as_member, person, path, data, status):
    assert as_member(getattr(lumi, person)).post(f"/o/lumi/{path}", data).status_code == status
    if "money_eur" in data:
        assert Improvement.objects.get(number=1).money_eur == (100 if person == "elisa" else None), "money is the executive's"


def test_the_public_page_shows_our_words_and_no_customers(lumi, full, client, background):
    page = client.get("/said-and-done/lumi?lang=fi")
    assert page.status_code == 200
    text = page.content.decode()
    assert "Lajittelemme nyt myös lauantaisin." in text and "Viikonloppuna ei lajitella" in text
    assert "Paketti myöhästyi taas" not in text
    feed = client.get("/said-and-done/lumi/feed.atom")
    assert feed.status_code == 200 and feed["Content-Type"].startswith("application/atom+xml") and "Lajittelemme nyt" in feed.content.decode()
    assert client.get("/said-and-done/nobody").status_code == 404
    assert len(page.content) < 20_000


@pytest.mark.parametrize("path", ["causes", "themes", "improvements", "telling"])
def test_as_many_queries_for_ten_as_for_many(lumi, full, as_member, path, django_assert_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client = as_member(lumi.leena)
    client.get(f"/o/lumi/{path}")
    with CaptureQueriesContext(connection) as few:
        client.get(f"/o/lumi/{path}")
    grow(lumi, full)
    with django_assert_num_queries(len(few)):
        assert client.get(f"/o/lumi/{path}").status_code == 200


def grow(lumi, full, n: int = 60):
    """Many more of everything, written straight into the tables: only the number of rows matters here."""
    from luuppi.outer_loop.models import CauseEvidence, ImprovementItem, RootCause
    from luuppi.telling.models import Telling

    now, organisation = timezone.now(), lumi.organisation
    themes = Theme.objects.bulk_create([Theme(organisation=organisation, key=f"t{i}", names={"fi": f"Teema {i}"}) for i in range(n)])
    Coding.objects.bulk_create([Coding(item=full["items"][i % 12], organisation=organisation, theme=theme, polarity=-1, at=now) for i, theme in enumerate(themes)])
    ThemeProposal.objects.bulk_create([
        ThemeProposal(organisation=organisation, language="fi", label=f"p{i}", examples=[full["items"][i % 12].pk], items=[], size=i, made_at=now) for i in range(n)
    ])  # fmt: skip
    causes = RootCause.objects.bulk_create([RootCause(organisation=organisation, language="fi", titles={"fi": f"c{i}"}, by=lumi.leena.actor, created_at=now) for i in range(n)])
    CauseEvidence.objects.bulk_create([CauseEvidence(cause=cause, item=full["items"][0]) for cause in causes])
    made = Improvement.objects.bulk_create([
        Improvement(
            organisation=organisation, team=lumi.teams["root"], number=100 + i, titles={"fi": f"i{i}"}, type="process", state=Improvement.DONE, proposed_by=lumi.mikko.actor,
            proposed_at=now, decided_at=now, done_at=now, owner=lumi.sari,
        )
        for i in range(n)
    ])  # fmt: skip
    ImprovementItem.objects.bulk_create([ImprovementItem(improvement=one, item=full["items"][0], added_at=now) for one in made])
    Telling.objects.bulk_create([Telling(organisation=organisation, improvement=one, texts={"fi": "x"}, drafted_at=now, sent_at=now if i % 2 else None) for i, one in enumerate(made)])


def test_an_items_page_says_what_it_is_about_and_what_came_of_it(lumi, full, as_member):
    item = full["items"][0]
    page = as_member(lumi.mikko).get(f"/o/lumi/feedback/{item.pk}?lang=fi").content.decode()
    assert "Myöhästyminen" in page and "Tehty" in page and f"/o/lumi/improvements/new?item={item.reference}" in page
    assert "Tallenna teemat" in page
    alone = as_member(lumi.mikko).post(f"/o/lumi/feedback/{item.pk}/themes", {"theme": [str(full["theme"].pk)]}, headers={"HX-Request": "true"})
    assert alone.status_code == 200 and b"<html" not in alone.content and b'id="themes"' in alone.content


@pytest.mark.parametrize("path", ["improvements/{n}", "causes/{n}", "telling/{n}", "feedback/{n}/themes", "telling?before={n}", "/said-and-done/lumi?before={n}", "improvements?touchpoint=%00", "themes/next?language=xx"])
def test_numbers_that_are_none_of_ours_are_not_found(lumi, full, as_member, path):
    client = as_member(lumi.leena)
    for n in (0, 10**9, 10**18, 10**30):
        answer = client.get(path.format(n=n) if path.startswith("/") else "/o/lumi/" + path.format(n=n))
        assert answer.status_code in ((400,) if "%00" in path else (200, 404)), (path, n)


@pytest.mark.parametrize(("language", "word"), [("fi", "Te sanoitte"), ("sv", "Ni sa"), ("en", "You said")])
def test_the_public_page_speaks_the_readers_language(lumi, full, client, language, word):
    assert word in client.get(f"/said-and-done/lumi?lang={language}").content.decode()


@pytest.mark.parametrize("language", ["fi", "sv"])
def test_no_english_sentence_is_left_on_a_page(lumi, full, as_member, language):
    """Every sentence of these stages' catalogues that has a translation shows it."""
    from pathlib import Path

    import polib

    import luuppi

    root = Path(luuppi.__file__).parent
    english = set()
    for stage in ("outer_loop", "telling", "meaning"):
        for entry in polib.pofile(root / stage / "locale" / language / "LC_MESSAGES" / "django.po"):
            if len(entry.msgid) > 12 and "%" not in entry.msgid and "{" not in entry.msgid and entry.msgid != entry.msgstr:
                english.add(entry.msgid)
    client = as_member(lumi.leena)
    client.cookies["language"] = language
    for path in paths(full):
        page = client.get(f"/o/lumi/{path}").content.decode()
        assert not [said for said in english if f">{said}<" in page], path
