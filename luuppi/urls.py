"""The URL map. Each stage adds its own addresses in its `urls.py`. Links to them stand in mails and bookmarks: they stay as they are."""

from django.urls import include, path

from luuppi.people.web.sign_in import closed
from luuppi.stages import STAGES, exists

urlpatterns = [
    path("account/email/", closed, name="account_closed_email"),
    path("account/confirm-email/", closed, name="account_closed_sent"),
    path("account/confirm-email/<str:key>/", closed, name="account_closed_confirmation"),
    path("account/", include("allauth.account.urls")),
    path("account/", include("allauth.mfa.urls")),
    path("ui/", include("luuppi.ui.urls")),
    path("api/v1/", include("luuppi.api.urls")),
    *[path("", include(f"luuppi.{stage}.urls")) for stage in (*STAGES, "running", "delivery") if exists(f"luuppi.{stage}.urls")],
]

handler400 = "luuppi.errors.bad_request"
handler404 = "luuppi.errors.not_found"
handler500 = "luuppi.errors.server_error"
