from django.urls import path

from luuppi.running import converters  # noqa: F401 what <row:…> and <id:…> are
from luuppi.telling.web import public, telling

urlpatterns = [
    path("o/<slug:organisation>/telling", telling.overview, name="telling"),
    path("o/<slug:organisation>/telling/<row:number>", telling.draft, name="telling_draft"),
    path("o/<slug:organisation>/telling/<row:number>/sending", telling.sending, name="telling_sending"),
    path("o/<slug:organisation>/telling/<row:number>/undo", telling.undo, name="telling_undo"),
    path("o/<slug:organisation>/telling/<row:number>/notices/<row:notice>/again", telling.doubt, {"act": "again"}, name="telling_again"),
    path("o/<slug:organisation>/telling/<row:number>/notices/<row:notice>/arrived", telling.doubt, {"act": "arrived"}, name="telling_arrived"),
    path("u/<str:token>", public.stop_messages, name="stop_messages"),
    path("said-and-done/<slug:organisation>", public.said_and_done, name="said_and_done"),
    path("said-and-done/<slug:organisation>/feed.atom", public.SaidAndDoneFeed(), name="said_and_done_feed"),
]
