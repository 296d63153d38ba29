from django.urls import path, re_path

from luuppi.inner_loop.web import cases, rules, today
from luuppi.running import converters  # noqa: F401 what <row:…> and <id:…> are

_CASE = "o/<slug:organisation>/cases/<row:number>"
_ANSWER = f"{_CASE}/answers/<row:message>"

urlpatterns = [
    re_path(r"^o/(?P<organisation>[-a-zA-Z0-9_]+)/?$", today.home, name="home"),
    path("o/<slug:organisation>/today", today.today, name="today"),
    path("o/<slug:organisation>/cases", cases.cases, name="cases"),
    path(_CASE, cases.case, name="case"),
    path(f"{_CASE}/assignment", cases.assignment, name="case_assignment"),
    path(f"{_CASE}/assignment/undo", cases.assignment_undo, name="case_assignment_undo"),
    path(f"{_CASE}/answers", cases.answers, name="case_answers"),
    path(f"{_ANSWER}/undo", cases.answer_undo, name="case_answer_undo"),
    path(f"{_ANSWER}/again", cases.answer_settle, {"how": "again"}, name="case_answer_again"),
    path(f"{_ANSWER}/arrived", cases.answer_settle, {"how": "arrived"}, name="case_answer_arrived"),
    path(f"{_CASE}/notes", cases.notes, name="case_notes"),
    path(f"{_CASE}/escalation", cases.escalation, name="case_escalation"),
    path(f"{_CASE}/closure", cases.closure, name="case_closure"),
    path(f"{_CASE}/reopening", cases.opening_again, name="case_reopening"),
    path(f"{_CASE}/advice", cases.advice, name="case_advice"),
    path("o/<slug:organisation>/settings/rules", rules.rules, name="rules"),
    path("o/<slug:organisation>/settings/rules/new", rules.new_rule, name="rule_new"),
    path("o/<slug:organisation>/settings/rules/<row:pk>", rules.rule, name="rule"),
    path("o/<slug:organisation>/settings/rules/<row:pk>/removal", rules.removal, name="rule_removal"),
]
