from django.urls import path

from luuppi.people.web import sign_in

urlpatterns = [
    path("", sign_in.front, name="front"),
    path("in/<str:secret>", sign_in.one_time, name="one_time"),
    path("join/<str:secret>", sign_in.join, name="join"),
    path("no-organisation", sign_in.no_organisation, name="no_organisation"),
]
