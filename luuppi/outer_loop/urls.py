from django.urls import path

from luuppi.outer_loop.web import causes, improvements

urlpatterns = [
    path("o/<slug:organisation>/causes", causes.causes, name="causes"),
    path("o/<slug:organisation>/causes/new", causes.new_cause, name="root_cause_new"),
    path("o/<slug:organisation>/causes/<int:pk>", causes.cause, name="root_cause"),
    path("o/<slug:organisation>/improvements", improvements.board, name="improvements"),
    path("o/<slug:organisation>/improvements/new", improvements.proposal, name="improvement_proposal"),
    path("o/<slug:organisation>/improvements/<int:number>", improvements.improvement, name="improvement"),
    path("o/<slug:organisation>/improvements/<int:number>/decision", improvements.decision, name="improvement_decision"),
    path("o/<slug:organisation>/improvements/<int:number>/start", improvements.start, name="improvement_start"),
    path("o/<slug:organisation>/improvements/<int:number>/completion", improvements.completion, name="improvement_completion"),
    path("o/<slug:organisation>/improvements/<int:number>/plan", improvements.plan, name="improvement_plan"),
    path("o/<slug:organisation>/improvements/<int:number>/items", improvements.items, name="improvement_items"),
    path("o/<slug:organisation>/improvements/<int:number>/reading", improvements.reading, name="improvement_reading"),
]
