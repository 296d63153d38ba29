"""More words than a feedback item holds: every door says so with the numbers, and nothing is cut or lost in silence."""

import json

import pytest

from luuppi.capture.importing.definition import automatic
from luuppi.capture.importing.reading import look_at
from luuppi.capture.importing.running import carry_out
from luuppi.capture.models import Addition, FeedbackItem, Import, Survey
from luuppi.capture.surveying import save_score
from luuppi.capture.tracking_links import token_of
from luuppi.people.organising import create_token

TEXT = ("sana " * 12_600)[:63_000].rstrip() + "t"
SENDING = "a" * 22
FORM = {"sending": SENDING, "kind": "complaint", "contact": "no"}
SAID = {
    "en": "The text has 63,000 characters, and at most 50,000 fit.",
    "fi": "Tekstissä on 63\xa0000 merkkiä, ja mukaan mahtuu enintään 50\xa0000.",
    "sv": "Texten har 63\xa0000 tecken, och högst 50\xa0000 ryms.",
}


def is_kept_and_said(page, language: str = "en") -> bool:
    text = page.content.decode()
    return page.status_code == 422 and SAID[language] in text and TEXT in text and "maxlength=\"50000\"" not in text


@pytest.mark.parametrize("language", SAID)
def test_the_open_form_keeps_the_text_and_says_both_numbers(client, lumi, language):
    assert len(TEXT) == 63_000
    assert is_kept_and_said(client.post(f"/f/lumi?lang={language}", FORM | {"text": TEXT}), language)
    assert not FeedbackItem.objects.exists()


def test_a_browser_cuts_nothing_of_what_is_pasted(client, lumi):
    assert b"maxlength" not in client.get("/f/lumi").content


def test_a_line_break_is_one_character_as_it_is_stored(client, lumi):
    text = "\r\n".join(["x" * 99] * 500)
    assert len(text) > 50_000
    client.post("/f/lumi", FORM | {"text": text})
    assert len(FeedbackItem.objects.get().text) == 49_999


def test_the_why_of_a_survey_and_the_quick_form_say_it_too(client, as_member, lumi):
    survey = Survey.objects.create(organisation=lumi.organisation, key="kysely", name="Toimitus")
    draft = save_score(survey, token=SENDING, score=3, language="en")
    assert is_kept_and_said(client.post(f"/s/kysely/{draft.token}?lang=en", {"sending": SENDING, "why": TEXT}))
    said = {"sending": SENDING, "kind": "complaint", "text": TEXT}
    assert is_kept_and_said(as_member(lumi.mikko).post("/o/lumi/record", said, headers={"Accept-Language": "en"}))
    assert not FeedbackItem.objects.exists()


def test_more_words_on_the_tracking_page_say_it_too(client, lumi, gives):
    item = gives(text="The parcel is late", kind="complaint", language="en")
    assert is_kept_and_said(client.post(f"/t/{token_of(item.pk)}/reply?lang=en", {"sending": SENDING, "text": TEXT}))
    assert not Addition.objects.exists()


def test_the_api_a_batch_and_an_import_refuse_the_one_item_and_name_the_limit(client, lumi, tmp_path):
    headers = {"Authorization": f"Bearer {create_token(lumi.organisation, name='crm')[1]}"}
    one = client.post("/api/v1/feedback", json.dumps({"text": TEXT}), content_type="application/json", headers=headers)
    assert one.status_code == 422 and "50000" in one.content.decode() and one.json()["errors"][0]["pointer"] == "/text"
    lines = json.dumps({"text": TEXT}) + "\n" + json.dumps({"text": "Hyvä"}) + "\n"
    answer = client.post("/api/v1/feedback/batch", lines, content_type="application/x-ndjson", headers=headers)
    bad, good = [json.loads(line) for line in answer.getvalue().decode().splitlines()]
    assert (bad["status"], good["status"]) == ("bad", "new") and "50000" in json.dumps(bad["problem"])
    path = tmp_path / "feedback.csv"
    path.write_text(f"text\n{TEXT}\nKiitos\n")
    layout = look_at(path)
    run = Import.objects.create(organisation=lumi.organisation, file_name=path.name, by="system", mapping=automatic(layout.columns).model_dump())
    told = []
    carry_out(run, path=path, bad_path=tmp_path / "bad.csv", on_bad=told.extend)
    assert (run.n_new, run.n_bad) == (1, 1) and [(row.line, reason.code, reason.facts) for row, reason in told] == [(2, "too-long", {"most": 50_000})]
    assert sorted(item.text for item in FeedbackItem.objects.all()) == ["Hyvä", "Kiitos"]
