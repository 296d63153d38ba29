"""Addresses for the tests of ui alone: its own, sign-in, the gallery of all parts, and a page for each face and error."""

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import include, path

from .gallery import cast, gallery


def page(template: str, **context):
    def view(request):
        cast(request)
        return render(request, template, context)

    return view


def anything(request):
    return HttpResponse("ok")


urlpatterns = [
    path("ui/", include("luuppi.ui.urls")),
    path("accounts/", include("allauth.account.urls")),
    path("gallery", gallery, name="gallery"),
    path("gallery/customer", gallery, {"face": "customer"}, name="gallery-customer"),
    path("error/<int:status>", lambda request, status: render(request, f"{status}.html", {"reference": "7f3c"}, status=status)),
    path("confirm", page("ui/confirm.html", question="Tell 148 customers?", explanation="What was sent cannot be undone.", action="/done", back="/gallery", button="Tell 148 customers")),
    path("", anything, name="today"),
    path("feedback", anything, name="feedback"),
    path("cases", anything, name="cases"),
    path("causes", anything, name="causes"),
    path("improvements", anything, name="improvements"),
    path("telling", anything, name="telling"),
    path("figures", anything, name="figures"),
    path("settings", anything, name="settings"),
]
