from django.urls import path

from luuppi.people.web import absences, colleagues, settings, sign_in
from luuppi.running import converters  # noqa: F401 what <row:…> and <id:…> are

_SETTINGS = "o/<slug:organisation>/settings"
_MEMBER = f"{_SETTINGS}/people/<row:pk>"

urlpatterns = [
    path("", sign_in.front, name="front"),
    path("in/<str:secret>", sign_in.one_time, name="one_time"),
    path("join/<str:secret>", sign_in.join, name="join"),
    path("no-organisation", sign_in.no_organisation, name="no_organisation"),
    path("o/<slug:organisation>/absences", absences.absences, name="absences"),
    path("o/<slug:organisation>/absences/<row:pk>", absences.absence, name="absence"),
    path("o/<slug:organisation>/absences/<row:pk>/end", absences.end, name="absence_end"),
    path(_SETTINGS, settings.overview, name="settings"),
    path(f"{_SETTINGS}/organisation", settings.organisation_itself, name="organisation_settings"),
    path(f"{_SETTINGS}/tokens", settings.tokens, name="tokens"),
    path(f"{_SETTINGS}/tokens/<row:pk>/revocation", settings.token_revocation, name="token_revocation"),
    path(f"{_SETTINGS}/people", colleagues.people, name="people_settings"),
    path(_MEMBER, colleagues.member, name="member"),
    path(f"{_MEMBER}/roles/<row:role>/removal", colleagues.role_removal, name="role_removal"),
    path(f"{_MEMBER}/leaving", colleagues.membership, {"active": False}, name="member_leaving"),
    path(f"{_MEMBER}/return", colleagues.membership, {"active": True}, name="member_return"),
    path(f"{_SETTINGS}/invitations/<row:pk>/removal", colleagues.invitation_removal, name="invitation_removal"),
    path(f"{_SETTINGS}/teams", colleagues.teams, name="teams"),
    path(f"{_SETTINGS}/teams/<row:pk>", colleagues.team, name="team"),
]
