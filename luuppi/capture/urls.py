from django.urls import path

from luuppi.capture.web import public, quick

urlpatterns = [
    path("f/<slug:organisation>", public.feedback_form, name="feedback_form"),
    path("s/<slug:key>", public.survey_score, name="survey_score"),
    path("s/<slug:key>/<str:token>", public.survey_why, name="survey_why"),
    path("t/<str:token>/thanks", public.thanks, name="thanks"),
    path("o/<slug:organisation>/record", quick.record_said, name="record"),
]
