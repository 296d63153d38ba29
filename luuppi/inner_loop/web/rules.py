"""The rules of routing: the list, one rule, and what it would have done to past feedback."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from luuppi.capture.models import Touchpoint
from luuppi.capture.wording import KIND_NAMES
from luuppi.inner_loop.models import Rule
from luuppi.inner_loop.models.case import PRIORITIES
from luuppi.inner_loop.queries.dry_run import try_rule
from luuppi.inner_loop.rules.matching import Conditions, RuleValue
from luuppi.inner_loop.setting_rules import may_set, remove_rule, save_rule
from luuppi.inner_loop.web.forms import RuleForm
from luuppi.meaning.models import Theme
from luuppi.people.models import Member, Team
from luuppi.people.rules.permissions import TABLE
from luuppi.people.web.membership import needs
from luuppi.ui.toasts import say


@needs("settings.work")
@require_safe
def rules(request: HttpRequest, organisation: str) -> HttpResponse:
    """GET /o/{organisation}/settings/rules"""
    found = Rule.objects.visible_to(request.member).in_order().select_related("team", "owner")
    shown = [
        {"rule": one, "conditions": say_conditions(Conditions.from_json(one.conditions)), "priority": PRIORITIES.get(one.priority, "")}
        for one in found
    ]
    return render(request, "inner_loop/rules.html", {"rules": shown, "here": "settings"})


@needs("settings.work")
@require_http_methods(["GET", "HEAD", "POST"])
def new_rule(request: HttpRequest, organisation: str) -> HttpResponse:
    """/o/{organisation}/settings/rules/new"""
    return _edit(request, None)


@needs("settings.work")
@require_http_methods(["GET", "HEAD", "POST"])
def rule(request: HttpRequest, organisation: str, pk: int) -> HttpResponse:
    """/o/{organisation}/settings/rules/{pk}"""
    return _edit(request, _find(request, pk))


@needs("settings.work")
@require_POST
def removal(request: HttpRequest, organisation: str, pk: int) -> HttpResponse:
    """POST …/rules/{pk}/removal"""
    remove_rule(_find(request, pk), by=request.member)
    say(request, _("The rule was removed"))
    return redirect("rules", organisation)


def say_conditions(conditions: Conditions) -> str:
    """The conditions as one line of words."""
    scores = {"NPS": conditions.nps_at_most, "CSAT": conditions.csat_at_most, "CES": conditions.ces_at_most}
    said = [str(KIND_NAMES[kind]).lower() for kind in conditions.kinds if kind in KIND_NAMES]
    parts = [
        ", ".join(said),
        " · ".join(_("{measure} at most {score}").format(measure=measure, score=score) for measure, score in scores.items() if score is not None),
        ", ".join(conditions.touchpoints),
        ", ".join(conditions.themes),
        ", ".join(conditions.languages),
        ", ".join(f"”{word}”" for word in conditions.words),
        _("wants to be contacted") if conditions.wants_contact else "",
        ", ".join(f"{name}={value}" for name, value in conditions.attributes),
    ]
    return " · ".join(part for part in parts if part) or _("all feedback")


def _find(request: HttpRequest, pk: int) -> Rule:
    found = Rule.objects.visible_to(request.member).select_related("team").filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def _edit(request: HttpRequest, found: Rule | None) -> HttpResponse:
    form = RuleForm(request.POST or None, initial=_initial(found), **_choices(request))
    dry_run, status = None, 200
    if request.method == "POST" and not form.is_valid():
        status = 422
    elif request.method == "POST" and "try" in request.POST:
        dry_run = try_rule(request.member, _draft(form, found), position=form.cleaned_data["position"])
    elif request.method == "POST":
        said = form.cleaned_data
        facts = {name: said[name] for name in ("name", "position", "is_on", "opens_case", "team", "owner", "priority", "promise_hours")}
        saved = save_rule(found, by=request.member, conditions=form.conditions(), **facts)
        say(request, _("Saved: %(name)s") % {"name": saved})
        return redirect("rules", request.organisation.slug)
    may_save = may_set(request.member, found.team) if found else True
    return render(
        request,
        "inner_loop/rule.html",
        {"rule": found, "form": form, "dry_run": dry_run, "may_save": may_save, "here": "settings"},
        status=status,
    )


def _initial(found: Rule | None) -> dict[str, Any]:
    if found is None:
        return {}
    conditions = Conditions.from_json(found.conditions)
    same = {
        name: getattr(conditions, name)
        for name in ("kinds", "nps_at_most", "csat_at_most", "ces_at_most", "touchpoints", "themes", "languages", "wants_contact")
    }
    own = {name: getattr(found, name) for name in ("position", "is_on", "opens_case", "team", "owner", "priority", "promise_hours")}
    return (
        same
        | own
        | {
            "name": str(found),
            "words": ", ".join(conditions.words),
            "attributes": ", ".join(f"{name}={value}" for name, value in conditions.attributes),
        }
    )


def _choices(request: HttpRequest) -> dict[str, Any]:
    member = request.member
    return {
        "teams": Team.objects.visible_to(member).order_by("path"),
        "colleagues": Member.objects.visible_to(member).filter(roles__role__in=TABLE["cases.act"]).distinct().order_by("name"),
        "touchpoints": [(one.key, one.name) for one in Touchpoint.objects.visible_to(member).order_by("key")],
        "themes": [(one.key, one.name) for one in Theme.objects.visible_to(member).in_use().order_by("key")],
    }


def _draft(form: RuleForm, found: Rule | None) -> RuleValue:
    said = form.cleaned_data
    return RuleValue(
        found.pk if found else None,
        form.conditions(),
        said["opens_case"],
        said["team"] and said["team"].pk,
        said["owner"] and said["owner"].pk,
        said["priority"],
        said["promise_hours"],
    )
