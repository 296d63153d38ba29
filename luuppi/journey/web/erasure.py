"""Erasure: /e/{token} where the giver confirms it, and the administrator's list and question before it is carried out."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from luuppi.capture.models import FeedbackItem
from luuppi.journey import erasing
from luuppi.journey.queries.erasure import read_requests, read_what_goes
from luuppi.people.web.membership import needs, public_page, stand_in
from luuppi.ui.toasts import say


@csrf_exempt
@public_page
@require_http_methods(["GET", "HEAD", "POST"])
def confirmation(request: HttpRequest, token: str) -> HttpResponse:
    """/e/{token}: the question; only the button confirms, because mail scanners open every link."""
    asked = erasing.request_behind(token)
    stand_in(request, asked.item.organisation)
    if request.method == "POST":
        erasing.confirm_erasure(asked)
        answer = redirect("erasure_confirmation", token)
        answer.status_code = 303
    else:
        answer = render(request, "journey/erasure_confirmation.html", {"asked": asked, "noindex": True})
    answer["Referrer-Policy"], answer["Cache-Control"] = "no-referrer", "no-store"
    return answer


@needs("customers.erase")
@require_safe
def requests(request: HttpRequest, organisation: str) -> HttpResponse:
    """GET /o/{organisation}/settings/erasure: who waits for it."""
    return render(request, "journey/erasure_requests.html", {"requests": read_requests(request.member), "here": "settings"})


@needs("customers.erase")
@require_http_methods(["GET", "HEAD", "POST"])
def erasure(request: HttpRequest, organisation: str, item_id: int) -> HttpResponse:
    """/o/{organisation}/feedback/{id}/erasure: what goes and what stays; a POST carries it out."""
    item = FeedbackItem.objects.visible_to(request.member).select_related("customer", "team", "touchpoint").filter(pk=item_id).first()
    if item is None:
        raise Http404
    if request.method == "POST":
        done = erasing.erase_giver(item, by=request.member)
        say(
            request,
            ngettext(
                "Erased: %(n)s piece of feedback names nobody any more.",
                "Erased: %(n)s pieces of feedback name nobody any more.",
                done.items,
            )
            % {"n": done.items},
        )
        return redirect("erasure_requests", organisation)
    if item.erased_at:
        return redirect("feedback_item", organisation, item_id)
    what = read_what_goes(item)
    context = {
        "what": what,
        "question": _("Erase the details of %(giver)s?") % {"giver": what.giver}
        if what.is_whole_customer
        else _("Erase what this feedback says?"),
        "action": request.path,
        "back": reverse(
            "erasure_requests" if what.request else "feedback_item", args=[organisation] if what.request else [organisation, item_id]
        ),
        "button": _("Erase for good"),
        "danger": True,
        "here": "settings",
    }
    return render(request, "journey/erasure.html", context)
