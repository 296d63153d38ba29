from django.urls import path

from luuppi.capture.web import imports, public, quick, touchpoints
from luuppi.capture.web import surveys as survey_settings
from luuppi.running import converters  # noqa: F401 what <row:…> and <id:…> are

_SETTINGS = "o/<slug:organisation>/settings"
_IMPORT = f"{_SETTINGS}/imports/<row:pk>"

urlpatterns = [
    path("f/<slug:organisation>", public.feedback_form, name="feedback_form"),
    path("s/<slug:key>", public.survey_score, name="survey_score"),
    path("s/<slug:key>/<str:token>", public.survey_why, name="survey_why"),
    path("t/<str:token>/thanks", public.thanks, name="thanks"),
    path("o/<slug:organisation>/record", quick.record_said, name="record"),
    path(f"{_SETTINGS}/imports", imports.imports, name="imports"),
    path(_IMPORT, imports.run, name="import_run"),
    path(f"{_IMPORT}/progress", imports.progress, name="import_progress"),
    path(f"{_IMPORT}/cancellation", imports.cancellation, name="import_cancellation"),
    path(f"{_IMPORT}/undo", imports.undo, name="import_undo"),
    path(f"{_IMPORT}/resumption", imports.resumption, name="import_resumption"),
    path(f"{_IMPORT}/bad-rows", imports.bad_rows, name="import_bad_rows"),
    path(f"{_SETTINGS}/touchpoints", touchpoints.touchpoints, name="touchpoints"),
    path(f"{_SETTINGS}/touchpoints/<row:pk>", touchpoints.touchpoint, name="touchpoint"),
    path(f"{_SETTINGS}/surveys", survey_settings.surveys, name="surveys"),
    path(f"{_SETTINGS}/surveys/<row:pk>/closing", survey_settings.opening, {"is_open": False}, name="survey_closing"),
    path(f"{_SETTINGS}/surveys/<row:pk>/opening", survey_settings.opening, {"is_open": True}, name="survey_opening"),
]
