from django.urls import path

from luuppi.outer_loop.web import causes, improvements
from luuppi.running import converters  # noqa: F401 what <row:…> and <id:…> are

urlpatterns = [
    path("o/<slug:organisation>/causes", causes.causes, name="causes"),
    path("o/<slug:organisation>/causes/new", causes.new_cause, name="root_cause_new"),
    path("o/<slug:organisation>/causes/<row:pk>", causes.cause, name="root_cause"),
    path("o/<slug:organisation>/causes/<row:pk>/words", causes.cause_words, name="root_cause_words"),
    path("o/<slug:organisation>/improvements", improvements.board, name="improvements"),
    path("o/<slug:organisation>/improvements/new", improvements.proposal, name="improvement_proposal"),
    path("o/<slug:organisation>/improvements/<row:number>", improvements.improvement, name="improvement"),
    path("o/<slug:organisation>/improvements/<row:number>/decision", improvements.decision, name="improvement_decision"),
    path("o/<slug:organisation>/improvements/<row:number>/start", improvements.start, name="improvement_start"),
    path("o/<slug:organisation>/improvements/<row:number>/completion", improvements.completion, name="improvement_completion"),
    path("o/<slug:organisation>/improvements/<row:number>/plan", improvements.plan, name="improvement_plan"),
    path("o/<slug:organisation>/improvements/<row:number>/items", improvements.items, name="improvement_items"),
    path("o/<slug:organisation>/improvements/<row:number>/reading", improvements.reading, name="improvement_reading"),
]
