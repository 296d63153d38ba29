"""Beginning, joining, and the settings of people: who may, and what is refused."""

import re
from zoneinfo import available_timezones

import pytest
from django.core import mail
from django.urls import reverse

from luuppi.people.beginning import FIRST_ADDRESS
from luuppi.people.joining import LinkIsSpent, invite, use_sign_in_link
from luuppi.people.models import ApiToken, Invitation, Member, Organisation, SignInLink, Team, User
from luuppi.people.organising import create_sign_in_link, create_token
from luuppi.people.staffing import LastAdministrator, deactivate, give_roles
from luuppi.people.web.forms import BeginForm, OrganisationForm

BEGIN = {"organisation": "Lumi", "slug": "lumi", "language": "fi", "name": "Leena", "email": "leena@example.com", "password": "pitkä salasana 9"}
PAGES = ["settings", "organisation_settings", "tokens", "people_settings", "teams"]


@pytest.fixture
def sent(settings):
    settings.EMAIL_BACKEND, settings.MAIL_URL = "django.core.mail.backends.locmem.EmailBackend", "smtp://mail.example.com"
    return mail


def test_the_first_link_leads_to_an_organisation_and_its_administrator(client, db):
    path = create_sign_in_link(User.objects.create_user(FIRST_ADDRESS))
    assert client.get(path).status_code == 200 and SignInLink.objects.get().used_at is None, "a program that opens links spends nothing"
    assert client.post(path).url == reverse("no_organisation")
    assert client.post(reverse("no_organisation"), BEGIN | {"password": "lyhyt"}).status_code == 422
    assert client.post(reverse("no_organisation"), BEGIN | {"slug": "Lumi Oy"}).status_code == 422
    assert client.post(reverse("no_organisation"), BEGIN).url == reverse("today", args=["lumi"])
    [member] = Member.objects.all()
    assert (member.role_names, member.user.email, member.name) == ({"admin"}, "leena@example.com", "Leena")
    assert client.get(reverse("settings", args=["lumi"])).status_code == 200
    client.logout()
    assert client.post(reverse("account_login"), {"login": "leena@example.com", "password": BEGIN["password"]}).url == reverse("today", args=["lumi"])


def test_the_first_link_works_on_this_machine_until_the_organisation_is_named(client, db):
    first = User.objects.create_user(FIRST_ADDRESS)
    path, earlier = create_sign_in_link(first), create_sign_in_link(first)
    assert client.post(path, REMOTE_ADDR="192.0.2.7").status_code == 404
    assert client.post(path).status_code == 302
    client.logout()
    assert "until you have named your organisation" in client.get(path, headers={"Accept-Language": "en"}).content.decode()
    assert client.post(path).status_code == 302, "who closed the page before the form was sent comes in again"
    client.post(reverse("no_organisation"), BEGIN)
    client.logout()
    for spent in (path, earlier):
        assert client.post(spent).status_code == 404
        with pytest.raises(LinkIsSpent):
            use_sign_in_link(spent.removeprefix("/in/"), from_loopback=True)


def test_any_other_link_works_once(client, lumi):
    path = create_sign_in_link(lumi.mikko.user)
    assert "once" in client.get(path, headers={"Accept-Language": "en"}).content.decode()
    assert client.post(path).url == reverse("today", args=["lumi"])
    client.logout()
    assert client.post(path).status_code == 404


def test_the_short_name_is_made_of_the_name_where_it_is_left_empty():
    form = BeginForm(BEGIN | {"slug": "", "organisation": "Kahvila Ääni & Kulma"})
    assert form.is_valid() and form.cleaned_data["slug"] == "kahvila-aani-kulma"
    assert "slug" in BeginForm(BEGIN | {"slug": "", "organisation": "…"}).errors
    assert set(BeginForm({}).errors) == {"organisation", "language", "name", "email", "password"}, "what may stay empty is not asked for"


def test_nobody_begins_a_second_time(client, lumi):
    client.force_login(User.objects.create_user(FIRST_ADDRESS), backend="allauth.account.auth_backends.AuthenticationBackend")
    page = client.get(reverse("no_organisation"))
    assert page.status_code == 200 and b'name="slug"' not in page.content
    client.post(reverse("no_organisation"), BEGIN | {"slug": "toinen"})
    assert Organisation.objects.count() == 1


def test_an_invitation_comes_by_mail_and_makes_a_member_once(client, as_member, lumi, background, sent):
    admin = as_member(lumi.admin)
    asked = {"email": "Kerttu@example.com", "name": "Kerttu", "role": "supervisor", "team": lumi.teams["delivery"].pk}
    assert admin.post(reverse("people_settings", args=["lumi"]), asked).status_code == 302
    background()
    [message] = sent.outbox
    assert message.to == ["kerttu@example.com"] and "Admin" in message.body
    path = re.search(r"/join/\S+", message.body)[0]
    client.logout()
    assert b"kerttu@example.com" in client.get(path).content
    assert client.post(path, {"name": "Kerttu", "password": "liian lyh"}).status_code == 422
    assert client.post(path, {"name": "Kerttu V.", "password": "pitkä salasana 9"}).url == reverse("today", args=["lumi"])
    member = Member.objects.get(user__email="kerttu@example.com")
    assert member._roles == (("supervisor", lumi.teams["delivery"].path),) and member.name == "Kerttu V."
    client.logout()
    assert client.get(path).status_code == 404 and client.post(path, {"name": "X"}).status_code == 404


def test_where_no_mail_leaves_the_house_the_administrator_gets_the_link_once(client, as_member, lumi, settings):
    settings.MAIL_URL = "file:"
    admin, address = as_member(lumi.admin), reverse("people_settings", args=["lumi"])
    page = admin.post(address, {"email": "kerttu@example.com", "name": "Kerttu", "role": "supervisor", "team": lumi.teams["delivery"].pk}, headers={"Accept-Language": "en"})
    path = re.search(r"/join/[\w-]+", page.content.decode())[0]
    again = admin.post(address, {"email": "Admin@lumi.example.com", "name": "", "role": "supervisor", "team": lumi.teams["delivery"].pk}, headers={"Accept-Language": "en"})
    assert again.status_code == 422 and "is already a member" in again.content.decode() and "/join/" not in again.content.decode()
    assert "kerttu@example.com this link yourself" in page.content.decode() and "no-store" in page["Cache-Control"]
    assert path not in admin.get(address).content.decode()
    client.logout()
    assert client.post(path, {"name": "Kerttu"}).status_code == 422, "no code would reach her"
    assert client.post(path, {"name": "Kerttu", "password": "pitkä salasana 9"}).url == reverse("today", args=["lumi"])


def test_an_invitation_that_was_taken_back_opens_nothing(as_member, lumi):
    invitation, secret = invite("kerttu@example.com", name="", team=lumi.teams["root"], role="analyst", by=lumi.admin)
    as_member(lumi.admin).post(reverse("invitation_removal", args=["lumi", invitation.pk]))
    assert not Invitation.objects.exists()
    assert as_member(lumi.admin).get(f"/join/{secret}").status_code == 404


def test_a_mailed_code_signs_in(client, lumi, sent):
    client.post(reverse("account_request_login_code"), {"email": lumi.mikko.email})
    [message] = sent.outbox
    code = re.search(r"^\s*([A-Z0-9]{3,}-?[A-Z0-9]{3,})\s*$", message.body, re.MULTILINE)[1]
    wrong = client.post(reverse("account_confirm_login_code"), {"code": "AAAAAA"})
    assert wrong.status_code == 200
    assert client.post(reverse("account_confirm_login_code"), {"code": code}).url == reverse("today", args=["lumi"])


def test_the_link_to_a_new_password_leads_here_whatever_the_host_header_says(client, lumi, sent, settings):
    client.post(reverse("account_reset_password"), {"email": lumi.mikko.user.email}, headers={"Host": "evil.example.com", "Accept-Language": "fi"})
    [mail_] = sent.outbox
    assert "evil" not in mail_.body + mail_.subject and f"{settings.BASE_URL}/account/password/reset/key/" in mail_.body and "salasana" in mail_.body
    client.post(reverse("account_request_login_code"), {"email": "nobody@example.com"}, headers={"Host": "evil.example.com"})
    assert "evil" not in sent.outbox[1].body and "sign up" not in sent.outbox[1].body


def test_where_no_mail_leaves_none_is_offered_as_a_way_in(client, lumi, settings):
    pages = {"account_login": "Send me a code", "account_reset_password": "No mail leaves this server", "account_request_login_code": "No mail leaves this server"}
    settings.MAIL_URL = "file:"
    assert [words in client.get(reverse(name), headers={"Accept-Language": "en"}).content.decode() for name, words in pages.items()] == [False, True, True]
    settings.MAIL_URL = "smtp://mail.example"
    assert [words in client.get(reverse(name), headers={"Accept-Language": "en"}).content.decode() for name, words in pages.items()] == [True, False, False]


def test_mail_that_cannot_leave_is_said_to_who_waits_for_it(client, lumi, settings):
    settings.EMAIL_BACKEND, settings.MAIL_URL = "luuppi.delivery.backends.MailUrlBackend", "smtp://127.0.0.1:9"
    answer = client.post(reverse("account_request_login_code"), {"email": lumi.mikko.user.email}, headers={"Accept-Language": "en"})
    assert answer.status_code == 503 and answer["Retry-After"] == "60" and "sign in with your password" in answer.content.decode()


@pytest.mark.parametrize("path", ["/account/email/", "/account/confirm-email/", "/account/confirm-email/abc/"])
def test_nobody_gives_themselves_the_address_of_somebody_else(as_member, lumi, path):
    client = as_member(lumi.pekka)
    assert client.get(path).status_code == 404
    assert client.post(path, {"action_add": "", "email": "leena@example.com"}).status_code == 404


def test_what_a_member_or_the_holder_of_a_link_sees_stays_in_no_cache(client, as_member, lumi):
    _invitation, secret = invite("uusi@example.com", name="", team=lumi.teams["service"], role="frontline", by=lumi.admin)
    assert client.get(reverse("join", args=[secret]))["Cache-Control"] == "no-store"
    for path in (reverse("today", args=["lumi"]), reverse("account_change_password"), reverse("said_and_done", args=["lumi"])):
        assert "private" in as_member(lumi.mikko).get(path)["Cache-Control"]


@pytest.mark.parametrize("page", PAGES)
def test_settings_are_for_those_who_may_and_do_not_exist_for_others(as_member, client, lumi, other, page):
    address = reverse(page, args=["lumi"])
    assert client.get(address).status_code == 302, "a stranger signs in first"
    assert as_member(lumi.admin).get(address).status_code == 200
    for nobody in (lumi.mikko, lumi.sari, lumi.elisa, other.admin):
        assert as_member(nobody).get(address).status_code == 404
    expected = 200 if page == "settings" else 404
    assert {as_member(one).get(address).status_code for one in (lumi.leena, lumi.antti)} == {expected}


def test_another_organisations_rows_are_not_here(as_member, lumi, other):
    token, _secret = create_token(lumi.organisation, name="crm")
    invitation, _link = invite("kerttu@example.com", name="", team=lumi.teams["root"], role="analyst", by=lumi.admin)
    stranger = as_member(other.admin)
    for name, pk in (("member", lumi.mikko.pk), ("team", lumi.teams["phones"].pk)):
        assert stranger.get(reverse(name, args=["norrsken", pk])).status_code == 404
    for name, pk in (("token_revocation", token.pk), ("member_leaving", lumi.mikko.pk), ("invitation_removal", invitation.pk)):
        assert stranger.post(reverse(name, args=["norrsken", pk])).status_code == 404
        assert stranger.post(reverse(name, args=["lumi", pk])).status_code == 404
    refused = stranger.post(reverse("people_settings", args=["norrsken"]), {"email": "x@example.com", "role": "admin", "team": lumi.teams["root"].pk})
    assert refused.status_code == 422 and Invitation.objects.count() == 1
    assert ApiToken.objects.get(pk=token.pk).revoked_at is None and Member.objects.get(pk=lumi.mikko.pk).is_active


def test_roles_are_given_and_taken_and_the_last_administrator_stays(as_member, lumi):
    admin = as_member(lumi.admin)
    admin.post(reverse("member", args=["lumi", lumi.mikko.pk]), {"role": "admin", "team": lumi.teams["root"].pk})
    mikko = Member.objects.get(pk=lumi.mikko.pk)
    assert mikko.role_names == {"frontline", "admin"}
    frontline = mikko.roles.get(role="frontline")
    admin.post(reverse("role_removal", args=["lumi", mikko.pk, frontline.pk]))
    assert Member.objects.get(pk=mikko.pk).role_names == {"admin"}
    deactivate(lumi.admin, by=mikko)
    with pytest.raises(LastAdministrator):
        deactivate(mikko, by=mikko)
    with pytest.raises(LastAdministrator):
        give_roles(mikko, [("frontline", lumi.teams["root"])], by=Member.objects.get(pk=mikko.pk))
    assert as_member(lumi.admin).get(reverse("settings", args=["lumi"])).status_code == 404, "who has left sees nothing any more"


def test_a_token_is_shown_once_and_opens_nothing_when_revoked(as_member, client, lumi):
    admin = as_member(lumi.admin)
    address = reverse("tokens", args=["lumi"])
    page = admin.post(address, {"name": "crm", "scopes": ["feedback:read"], "team": ""})
    secret = re.search(r"luuppi_[\w-]+", page.content.decode())[0]
    assert secret.encode() not in admin.get(address).content and page["Cache-Control"].startswith("max-age=0")
    headers = {"Authorization": f"Bearer {secret}"}
    assert client.get("/api/v1/feedback", headers=headers).status_code == 200
    admin.post(reverse("token_revocation", args=["lumi", ApiToken.objects.get().pk]))
    assert client.get("/api/v1/feedback", headers=headers).status_code == 401


def test_a_team_is_added_under_another_and_renamed(as_member, lumi):
    admin = as_member(lumi.admin)
    admin.post(reverse("teams", args=["lumi"]), {"name": "Pohjoinen", "team": lumi.teams["delivery"].pk})
    made = Team.objects.get(key="pohjoinen")
    assert made.parent == lumi.teams["delivery"] and made.path.startswith(lumi.teams["delivery"].path)
    admin.post(reverse("team", args=["lumi", made.pk]), {"name": "Pohjoinen ja itä"})
    assert Team.objects.get(pk=made.pk).name == "Pohjoinen ja itä"


def test_the_organisation_is_changed_and_a_wrong_colour_is_refused(as_member, lumi):
    facts = {"name": "Lumi Oy", "colour": "#336699", "language": "sv", "time_zone": "Europe/Stockholm", "answer_promise_days": 3, "black_hole_days": 10, "contact_email": "hei@lumi.example.com"}
    admin = as_member(lumi.admin)
    assert admin.post(reverse("organisation_settings", args=["lumi"]), facts | {"colour": "red;}"}).status_code == 422
    assert admin.post(reverse("organisation_settings", args=["lumi"]), facts | {"time_zone": "Mars/Olympus"}).status_code == 422
    zones = dict(OrganisationForm().fields["time_zone"].choices)
    listed = sorted(zone for group in zones.values() for zone, _name in group)
    assert next(iter(zones.values()))[0] == ("Europe/Helsinki", "Helsinki") and listed == sorted(available_timezones())
    assert ("America/Argentina/Buenos_Aires", "Argentina/Buenos Aires") in zones["America"]
    assert admin.post(reverse("organisation_settings", args=["lumi"]), facts).status_code == 302
    changed = Organisation.objects.get()
    assert (changed.name, changed.colour, changed.time_zone, changed.answer_promise_days) == ("Lumi Oy", "#336699", "Europe/Stockholm", 3)


def test_the_page_of_people_asks_the_database_the_same_whatever_their_number(as_member, lumi, django_assert_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from luuppi.people.organising import add_member

    admin, address = as_member(lumi.admin), reverse("people_settings", args=["lumi"])
    admin.get(address)
    with CaptureQueriesContext(connection) as few:
        admin.get(address)
    for n in range(50):
        add_member(lumi.organisation, email=f"m{n}@lumi.example.com", roles=[("frontline", lumi.teams["phones"])])
    with django_assert_num_queries(len(few)):
        admin.get(address)


def test_what_is_not_here_is_told_to_members_and_to_customers_in_their_own_words(client, as_member, lumi, other):
    for_customers, for_members = "open the tracking link", "It may belong to another team"
    for path in ("/o/lumi/today", "/o/lumi/nothing", "/t/nobody"):
        said = client.get(path, headers={"accept-language": "en"}).content.decode()
        assert for_members not in said and (path == "/o/lumi/today" or for_customers in said), path
    mikko = as_member(lumi.mikko)
    for path in ("/o/lumi/feedback/1", "/o/lumi/settings", "/o/lumi/nothing", "/o/norrsken/today"):
        said = mikko.get(path, headers={"accept-language": "en"})
        assert said.status_code == 404 and for_members in said.content.decode() and "Go to Today" in said.content.decode(), path
    assert 'href="/o/lumi/feedback"' in mikko.get("/o/lumi/feedback/1").content.decode()
    assert for_customers in mikko.get("/t/nobody", headers={"accept-language": "en"}).content.decode(), "a broken tracking link is one, whoever opens it"
