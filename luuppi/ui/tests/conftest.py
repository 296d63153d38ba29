"""Rendering as a page does, with a rail full of places; and the gallery served for a browser."""

from dataclasses import replace

import pytest
from django.template import engines
from django.test import RequestFactory
from django.utils import timezone, translation

from luuppi.ui import places

from .gallery import cast
from .urls import PLACES

ICONS = ("sun", "message-square-text", "inbox", "workflow", "lightbulb", "megaphone", "chart-line", "settings")
LABELS = ("Tänään", "Palaute", "Tapaukset", "Syyt", "Parannukset", "Kertominen", "Luvut", "Asetukset")


@pytest.fixture(autouse=True)
def ui_alone(settings):
    """Only ui's own addresses; Finnish, in Helsinki, unless a test says otherwise."""
    settings.ROOT_URLCONF = "luuppi.ui.tests.urls"
    settings.STORAGES = settings.STORAGES | {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
    kept = replace(places._known)
    places._known.places, places._known.commands = {}, {}
    for order, (key, icon, label) in enumerate(zip(PLACES, ICONS, LABELS, strict=True)):
        places.register_place(key, icon, label, key, order, count=(lambda member: 7) if key == "cases" else None, apart=key == "settings")
    places.register_command("record", "plus", "Kirjaa asiakkaan kertoma", "feedback", key_hint="c")
    places.register_search("feedback")
    with translation.override("fi"), timezone.override("Europe/Helsinki"):
        yield
    places._known.places, places._known.commands, places._known.search = kept.places, kept.commands, kept.search


@pytest.fixture
def as_page():
    """`as_page("{% score 3 %}", **context)` gives the HTML, as Mikko of Lumi sees it."""

    def render(source: str, path: str = "/o/lumi/", **context) -> str:
        request = RequestFactory().get(path)
        cast(request)
        return engines["django"].from_string("{% load i18n luuppi %}" + source).render(context, request)

    return render
