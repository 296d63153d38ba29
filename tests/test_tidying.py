"""Each night goes what nobody needs; what somebody still may need stays."""

from datetime import timedelta

from django.contrib.sessions.models import Session
from django.utils import timezone

from luuppi.api.models import KeptAnswer
from luuppi.capture.importing import keeping
from luuppi.capture.models import Import, Sending, Survey, SurveyDraft
from luuppi.people.models import SignInLink
from luuppi.running import todo, worker
from luuppi.tidying import tidy


def ago(**span):
    return timezone.now() - timedelta(**span)


def test_kept_answers_go_after_a_day_and_sendings_after_two(lumi):
    for key, at in (("old", ago(hours=25)), ("new", ago(hours=23))):
        KeptAnswer.objects.create(caller="c", key=key, request_hash="h")
        KeptAnswer.objects.filter(key=key).update(at=at)
    for key, at in (("old", ago(hours=49)), ("new", ago(hours=47))):
        Sending.objects.create(organisation=lumi.organisation, key=key, body_hash="h", item_id=1, at=at)
    tidy()
    assert [row.key for row in KeptAnswer.objects.all()] == ["new"]
    assert [row.key for row in Sending.objects.all()] == ["new"]


def test_a_survey_answer_goes_a_month_after_its_item_was_made_and_never_before(lumi):
    survey = Survey.objects.create(organisation=lumi.organisation, key="nps-1", name="NPS")
    for token, at, item in (("finished long ago", ago(days=31), 1), ("finished lately", ago(days=29), 2), ("waiting for its item", ago(days=31), None)):
        SurveyDraft.objects.create(survey=survey, token=token, language="fi", started_at=at, updated_at=at, item_id=item)
    tidy()
    assert set(SurveyDraft.objects.values_list("token", flat=True)) == {"finished lately", "waiting for its item"}


def test_sign_in_links_go_when_used_or_expired_since_a_day(lumi):
    links = {"used": (ago(days=2), ago(days=-1)), "expired": (None, ago(days=2)), "open": (None, ago(days=-1)), "used just now": (ago(minutes=1), ago(days=-1))}
    for name, (used_at, expires_at) in links.items():
        SignInLink.objects.create(user=lumi.mikko.user, secret_hash=name, used_at=used_at, expires_at=expires_at)
    tidy()
    assert set(SignInLink.objects.values_list("secret_hash", flat=True)) == {"open", "used just now"}


def test_sessions_go_when_they_are_over(db):
    Session.objects.create(session_key="over", session_data="", expire_date=ago(minutes=1))
    Session.objects.create(session_key="open", session_data="", expire_date=ago(minutes=-1))
    assert tidy()["django_session"] == 1
    assert Session.objects.get().session_key == "open"


def test_files_of_bad_rows_go_after_a_month_also_when_nothing_ran_for_a_year(lumi, settings, tmp_path):
    settings.HOME = tmp_path
    for days in (400, 31, 29):
        run = Import.objects.create(organisation=lumi.organisation, file_name=f"{days}.csv", by="system", state="done", n_bad=1, finished_at=ago(days=days))
        keeping.bad_file_of(run).write_text("row,reason\n")
    (keeping.folder() / "someone's own.bad.csv").write_text("")
    keeping.forget_old()
    assert {path.name for path in keeping.folder().iterdir()} == {f"{run.pk}.bad.csv", "someone's own.bad.csv"}


def test_it_takes_many_rows_in_turns_and_a_second_time_nothing(lumi):
    rows = [Sending(organisation=lumi.organisation, key=str(n), body_hash="h", item_id=n, at=ago(days=3)) for n in range(4_100)]
    Sending.objects.bulk_create(rows, batch_size=500)
    assert tidy()["capture_sending"] == 4_100
    assert not any(tidy().values())


def test_the_worker_does_it_each_day(lumi, background):
    assert worker.CLOCKWORK["tidying"][0] == timedelta(days=1)
    Sending.objects.create(organisation=lumi.organisation, key="old", body_hash="h", item_id=1, at=ago(days=3))
    todo.add("clockwork", "tidying@1", {"name": "tidying"})
    background()
    assert not Sending.objects.exists()
