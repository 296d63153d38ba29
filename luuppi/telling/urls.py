from django.urls import path

from luuppi.telling.web import public, telling

urlpatterns = [
    path("o/<slug:organisation>/telling", telling.overview, name="telling"),
    path("o/<slug:organisation>/telling/<int:number>", telling.draft, name="telling_draft"),
    path("o/<slug:organisation>/telling/<int:number>/sending", telling.sending, name="telling_sending"),
    path("o/<slug:organisation>/telling/<int:number>/undo", telling.undo, name="telling_undo"),
    path("o/<slug:organisation>/telling/<int:number>/notices/<row:notice>/again", telling.doubt, {"act": "again"}, name="telling_again"),
    path("o/<slug:organisation>/telling/<int:number>/notices/<row:notice>/arrived", telling.doubt, {"act": "arrived"}, name="telling_arrived"),
    path("u/<str:token>", public.stop_messages, name="stop_messages"),
    path("said-and-done/<slug:organisation>", public.said_and_done, name="said_and_done"),
    path("said-and-done/<slug:organisation>/feed.atom", public.SaidAndDoneFeed(), name="said_and_done_feed"),
]
