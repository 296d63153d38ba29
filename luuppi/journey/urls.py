from django.urls import path

from luuppi.journey.web import erasure, stream, tracking
from luuppi.running import converters  # noqa: F401 what <row:…> and <id:…> are

urlpatterns = [
    path("t/<str:token>", tracking.tracking, name="tracking"),
    path("t/<str:token>/reply", tracking.reply, name="tracking_reply"),
    path("t/<str:token>/confirmation", tracking.confirmation, name="tracking_confirmation"),
    path("t/<str:token>/heard", tracking.heard, name="tracking_heard"),
    path("t/<str:token>/withdrawal", tracking.withdrawal, name="tracking_withdrawal"),
    path("o/<slug:organisation>/feedback", stream.stream, name="feedback_stream"),
    path("o/<slug:organisation>/feedback/<id:item_id>", stream.item, name="feedback_item"),
    path("o/<slug:organisation>/feedback/<id:item_id>/reading", stream.reading, name="feedback_reading"),
    path("o/<slug:organisation>/feedback/<id:item_id>/case", stream.case, name="feedback_case"),
    path("o/<slug:organisation>/feedback/<id:item_id>/release", stream.released, name="feedback_release"),
    path("o/<slug:organisation>/feedback/<id:item_id>/erasure", erasure.erasure, name="feedback_erasure"),
    path("o/<slug:organisation>/settings/erasure", erasure.requests, name="erasure_requests"),
    path("e/<str:token>", erasure.confirmation, name="erasure_confirmation"),
    path("o/<slug:organisation>/black-hole", stream.black_hole, name="black_hole"),
]
