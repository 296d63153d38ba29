"""Addresses for the tests of ui alone: its own, sign-in, the gallery of all parts, and a page for each error."""

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import include, path

from .gallery import cast, gallery

PLACES = ("today", "feedback", "cases", "causes", "improvements", "telling", "figures", "settings")


def for_everybody(view):
    view.is_public = True
    return view


@for_everybody
def anything(request, organisation=""):
    return HttpResponse("ok")


@for_everybody
def error(request, status):
    return render(request, f"{status}.html", {"reference": "7f3c", "kept": "Paketti tuli myöhässä."}, status=status)


@for_everybody
def part(request, status):
    return HttpResponse("<p>Kirjoita summa numeroin</p>", status=status)


@for_everybody
def confirm(request):
    cast(request)
    words = {"question": "Kerrotaanko 148 asiakkaalle?", "explanation": "Lähetettyä ei voi perua.", "button": "Kerro 148 asiakkaalle"}
    return render(request, "ui/confirm.html", words | {"action": "/done", "back": "/gallery"})


@for_everybody
def keys(request):
    from luuppi.ui import web

    cast(request)
    return web.keys(request, "lumi")


urlpatterns = [
    path("ui/", include("luuppi.ui.urls")),
    path("account/", include("allauth.account.urls")),
    path("gallery", for_everybody(gallery), {"face": "staff"}, name="gallery"),
    path("gallery/customer", for_everybody(gallery), {"face": "customer"}, name="gallery-customer"),
    path("error/<int:status>", error),
    path("confirm", confirm),
    path("keys", keys),
    path("part/<int:status>", part),
    path("", anything),
    *[path(f"o/<slug:organisation>/{'' if key == 'today' else key}", anything, name=key) for key in PLACES],
]
