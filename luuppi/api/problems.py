"""Errors of the API: RFC 9457 `application/problem+json`, with a stable `code`, and a sentence that says what to do."""

import json
from typing import Any

from django.db import OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from ninja import NinjaAPI, Schema
from ninja.errors import AuthenticationError, HttpError, ValidationError

from luuppi.errors import Refusal, store_is_away


class ProblemDetail(Schema):
    pointer: str
    detail: str


class Problem(Schema):
    """What every error of the API looks like."""

    type: str
    title: str
    status: int
    code: str
    detail: str
    errors: list[ProblemDetail] | None = None


_TITLES = {
    400: "Bad request",
    401: "Not signed in",
    403: "Not allowed",
    404: "Not found",
    405: "Method not allowed",
    409: "Not now",
    413: "Too large",
    415: "Wrong type",
    422: "Not valid",
    429: "Too many requests",
    500: "Our fault",
    503: "Busy",
}


def problem(
    status: int, code: str, detail: str, *, errors: list[dict[str, str]] | None = None, headers: dict[str, str] | None = None, **facts: Any
) -> HttpResponse:
    body = {"type": f"/api/v1/problems#{code}", "title": _TITLES.get(status, "Refused"), "status": status, "code": code, "detail": detail, **facts}
    if errors:
        body["errors"] = errors
    return HttpResponse(json.dumps(body, ensure_ascii=False, default=str), status=status, content_type="application/problem+json", headers=headers)


def of_refusal(refusal: Refusal) -> HttpResponse:
    retry = refusal.facts.get("retry_after")
    return problem(refusal.status, refusal.code, str(refusal), headers={"Retry-After": str(retry)} if retry else None)


def places(errors: list[dict]) -> list[tuple[tuple[str, ...], str]]:
    """Each place that pydantic found wrong, once, and what is wrong there."""
    found: dict[tuple[str, ...], str] = {}
    for error in sorted(errors, key=lambda error: error.get("type", "").endswith("_type")):  # what says more than "of another type" first
        place = [str(part) for part in error.get("loc", ()) if part not in ("body", "__root__")]
        if place and place[0] in ("data", "payload", "act"):  # the name of the view's parameter is not part of the body
            place = place[1:]
        if place and place[0] in ("attributes", "answers"):  # one of several types: pydantic names each that it tried
            place = place[: {"attributes": 2, "answers": 3}[place[0]]]
        found.setdefault(tuple(place), str(error.get("msg", "")).removeprefix("Value error, "))
    return list(found.items())


def of_validation(errors: list[dict]) -> HttpResponse:
    """From pydantic's list of errors: where (a JSON pointer) and what."""
    found = [{"pointer": "/" + "/".join(place), "detail": detail} for place, detail in places(errors)]
    first = found[0] if found else {"pointer": "/", "detail": "not valid"}
    return problem(422, "not-valid", f"{first['pointer']}: {first['detail']}. Correct what `errors` names and send again.", errors=found)


def install(api: NinjaAPI) -> None:
    """Give the API its one way of saying no."""
    api.add_exception_handler(Refusal, lambda _request, refusal: of_refusal(refusal))
    api.add_exception_handler(OperationalError, lambda _request, _error: of_refusal(store_is_away()))
    api.add_exception_handler(ValidationError, lambda _request, error: of_validation(error.errors))
    api.add_exception_handler(AuthenticationError, lambda _request, _error: unauthorised())
    api.add_exception_handler(
        Http404, lambda _request, _error: problem(404, "not-found", "There is nothing here, or nothing that this token may see.")
    )
    api.add_exception_handler(HttpError, _http_error)


def unauthorised() -> HttpResponse:
    return problem(401, "no-token", "Send a valid token: Authorization: Bearer TOKEN.", headers={"WWW-Authenticate": "Bearer"})


def not_json() -> HttpResponse:
    return problem(400, "not-json", "The body is not valid JSON. Send UTF-8 JSON.")


def _http_error(_request: HttpRequest, error: HttpError) -> HttpResponse:
    if error.status_code == 400:
        return not_json()
    return problem(error.status_code, "refused", str(error))
