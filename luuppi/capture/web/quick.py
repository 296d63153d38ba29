"""/o/{organisation}/record: an employee records what a customer said, in under 20 seconds, on a phone."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods
from pydantic import ValidationError

from luuppi.capture.drafts import FeedbackIn
from luuppi.capture.forms import QuickForm
from luuppi.capture.models import Touchpoint
from luuppi.capture.sending import new_sending, send
from luuppi.people.web.membership import needs
from luuppi.running.ids import reference_of
from luuppi.running.patience import StoreIsBusy
from luuppi.ui.toasts import say


@needs("items.write")
@require_http_methods(["GET", "POST"])
def record_said(request: HttpRequest, organisation: str) -> HttpResponse:
    touchpoints = [(t.key, t.name) for t in Touchpoint.objects.visible_to(request.member).filter(confirmed=True).order_by("key")]
    form = QuickForm(request.POST or None, initial={"sending": new_sending(), "touchpoint": request.session.get("recorded_at", "")})
    form.fields["touchpoint"].choices = [("", _("Not known")), *touchpoints]
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                item_id = _store(request, form)
            except (ValidationError, StoreIsBusy) as error:
                form.add_error(None, str(error) if isinstance(error, StoreIsBusy) else _("Write what the customer said."))
                status = 503 if isinstance(error, StoreIsBusy) else 422
            else:
                request.session["recorded_at"] = form.cleaned_data["touchpoint"]
                say(
                    request,
                    _("Recorded: %(reference)s") % {"reference": reference_of(item_id)},
                    open_url=reverse("feedback_item", args=[organisation, item_id]),
                )
                return redirect("record", organisation)
    return render(request, "capture/quick.html", {"form": form}, status=status)


def _store(request: HttpRequest, form: QuickForm) -> int:
    said = form.cleaned_data
    customer = {name: said[name] for name in ("external_id", "name", "email", "phone") if said[name]}
    item = FeedbackIn(
        kind=said["kind"], text=said["text"], touchpoint=said["touchpoint"] or None, customer=customer or None, wants_contact=said["wants_contact"],
        contact_by=("phone" if said["phone"] else "email") if said["wants_contact"] and (said["phone"] or said["email"]) else None,
    )  # fmt: skip
    return send(
        item,
        organisation=request.organisation,
        channel="staff",
        sending=said["sending"],
        by=request.member,
        knows_addresses=bool(said["external_id"]),
    )
