"""The four ways in which Luuppi says no, and the one place where a page turns them into an answer.

A stage names its own refusals in `refusals.py`: each has a stable `code`, the facts as attributes and a sentence that says what to
do next. `luuppi/api/problems.py` is the same place for the API, `luuppi/commands.py` for the command line.
"""

import logging
import re
import secrets

from django.core.exceptions import RequestDataTooBig
from django.db import OperationalError, connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import is_valid_path
from django.utils.translation import gettext_lazy as _

# Fields in which people write at length, by the end of their names: forms with a prefix and one field a language too.
_WORDS = re.compile(r"(^|-)(text|why|reason|description|whys)$|^(text|said|reason|description)_(fi|sv|en)$")


class Refusal(Exception):
    """Something that may not or cannot be done, said so that its reader knows what to do next."""

    status = 400
    code = "refused"
    sentence = _("This cannot be done.")

    def __init__(self, **facts: object):
        self.facts = facts
        self.__dict__.update(facts)
        super().__init__(self.code)

    def __str__(self) -> str:
        return str(self.sentence) % self.facts if self.facts else str(self.sentence)


class NotFound(Refusal):
    """It does not exist, or not for who asks."""

    status, code, sentence = 404, "not-found", _("This is not here. Check the address or the number.")


class NotAllowed(Refusal):
    """Who asks is known, but may not do this."""

    status, code, sentence = 403, "not-allowed", _("Your role does not allow this. Ask an administrator of your organisation.")


class NotNow(Refusal):
    """The state of things does not allow it now; says what would."""

    status, code, sentence = 409, "not-now", _("This cannot be done now. Reload and try again.")


class NotValid(Refusal):
    """What was sent is not right; says where."""

    status, code, sentence = 422, "not-valid", _("Something that was sent is not right.")


class StoreIsAway(NotNow):
    """The database does not answer, its disk is full, or somebody holds it for too long. What was begun was taken back."""

    status, code, sentence = 503, "store-is-away", _("Saving is not possible just now, and nothing of this was stored. Try again in a moment.")


class NullInAddress(Refusal):
    """No text of ours holds a null byte, and PostgreSQL takes none: an address with one is nobody's."""

    status, code, sentence = 400, "null-in-address", _("This address contains a character that no address can contain. Copy the whole address again.")


class RefusalMiddleware:
    """Turns a refusal that a page let through into a page that says why."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if "%00" in request.META.get("QUERY_STRING", "") or "\x00" in request.path:
            return self._refuse_null(request)
        response = self.get_response(request)
        if response.status_code == 405 and request.method == "GET" and (place := _place_of_act(request)):
            return redirect(place)
        if response.status_code == 405 and request.path.startswith("/api/"):
            return self._refuse_method(response)
        return response

    def _refuse_method(self, refused: HttpResponse) -> HttpResponse:
        """The API says no in one way, also to a method that an address does not take."""
        from luuppi.api.problems import problem

        allowed = refused.headers.get("Allow", "")
        return problem(
            405,
            "method-not-allowed",
            f"This address takes {allowed or 'other methods'}. /api/v1/openapi.json says what each does.",
            headers={"Allow": allowed} if allowed else None,
        )

    def _refuse_null(self, request: HttpRequest) -> HttpResponse:
        refusal = NullInAddress()
        if request.path.startswith("/api/"):
            from luuppi.api.problems import problem

            # As the API's description says of what is not there, and of words that cannot be understood.
            return problem(404 if "\x00" in request.path else 422, refusal.code, str(refusal))
        return refusal_page(request, refusal)

    def process_exception(self, request: HttpRequest, refusal: Exception) -> HttpResponse | None:
        if isinstance(refusal, OperationalError):
            refusal = store_is_away()
        if not isinstance(refusal, Refusal):
            return None
        return refusal_page(request, refusal)


def store_is_away() -> StoreIsAway:
    """The refusal for an OperationalError, which is noted; to be called while it is handled."""
    logging.getLogger("luuppi").exception("the database did not answer")
    if not connection.in_atomic_block:
        connection.close()
    return StoreIsAway(retry_after=5)


def _place_of_act(request: HttpRequest) -> str:
    """The page on which the act of this address is done, "" when there is none.

    A refused form is shown at the address of its act. Who then loads it again or takes another language asks for that address like a page.
    """
    if not request.path.startswith(("/o/", "/t/")):
        return ""
    place = request.path
    while (place := place.rpartition("/")[0]).count("/") > 1:
        if is_valid_path(place, getattr(request, "urlconf", None)):
            query = request.META.get("QUERY_STRING", "")
            return f"{place}?{query}" if query else place
    return ""


def refusal_page(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    context = {"refusal": refusal, "sentence": str(refusal), "again": _sent(request) if refusal.status == 503 else [], "kept": _kept(request)}
    response = render(request, "ui/refusal.html", context, status=refusal.status)
    if retry_after := refusal.facts.get("retry_after"):
        response["Retry-After"] = str(retry_after)
    return response


def _sent(request: HttpRequest) -> list[tuple[str, str]]:
    """The fields of a form that could not be taken just now, to be sent once more as they were; none with a file or a password in it."""
    if request.method != "POST" or request.FILES or any("password" in name for name in request.POST):
        return []
    return [(name, value) for name, values in request.POST.lists() if name != "csrfmiddlewaretoken" for value in values]


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form was too old or came from elsewhere. What was written is shown again so that it can be copied (promise: nothing is lost)."""
    return render(request, "ui/csrf.html", {"kept": _kept(request)}, status=403)


def _kept(request: HttpRequest) -> str:
    """What was written, to be copied: of whatever form, all texts of it."""
    return "\n\n".join(text for name, text in request.POST.items() if _WORDS.search(name) and text.strip()) if request.method == "POST" else ""


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """What cannot be read at all. Of too much at once it is said that it is too much."""
    is_too_large = isinstance(exception, RequestDataTooBig)
    if request.path.startswith("/api/"):
        from luuppi.api.problems import problem

        said = (
            (413, "too-large", "The body is larger than this address takes. Send less at a time.")
            if is_too_large
            else (400, "not-understood", "The request cannot be read. Check its address and headers.")
        )
        return problem(*said)
    return render(request, "400.html", {"is_too_large": is_too_large}, status=413 if is_too_large else 400)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """What a customer and what a member may have been looking for are not the same: staff addresses begin with /o/."""
    user = getattr(request, "user", None)
    for_members = request.path.startswith("/o/") and user is not None and user.is_authenticated
    return render(request, "404.html", {"for_members": for_members, "kept": _kept(request)}, status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    """A bug. The page tells that nothing sent before is lost, and a reference under which the log has the details."""
    reference = secrets.token_hex(2)
    logging.getLogger("luuppi").error("reference %s for a failed %s %s", reference, request.method, request.path)
    if request.path.startswith("/api/"):
        from luuppi.api.problems import problem

        return problem(
            500,
            "our-fault",
            f"The fault is ours and has been written down under {reference}."
            " Send the same again with its Idempotency-Key, or tell who runs this installation.",
        )
    return render(request, "500.html", {"reference": reference, "kept": _kept(request)}, status=500)
