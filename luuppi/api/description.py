"""The description of the API (OpenAPI 3.1): as Ninja writes it, but for the content type of problems; and questions are held to it."""

import functools
from collections.abc import Callable, Iterable
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.params.models import QueryModel

from luuppi.api.problems import problem

_PROBLEM = {"$ref": "#/components/schemas/Problem"}


class DescribedAPI(NinjaAPI):
    def __init__(self, **arguments: Any) -> None:
        super().__init__(**arguments)
        self.add_decorator(_notes_unknown, mode="view")
        self.add_decorator(_refuses_unknown, mode="operation")

    def get_openapi_schema(self, **arguments: Any) -> dict[str, Any]:
        described = super().get_openapi_schema(**arguments)
        for methods in described["paths"].values():
            for operation in methods.values():
                operation["responses"].setdefault(503, {"description": "Service Unavailable", "content": {"application/json": {"schema": _PROBLEM}}})
                if "requestBody" in operation:
                    operation["responses"].setdefault(
                        413, {"description": "Content Too Large", "content": {"application/json": {"schema": _PROBLEM}}}
                    )
                for response in operation["responses"].values():
                    _say_problem(response)
        return described


def _notes_unknown(run: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Around the whole operation, which alone knows its parameters."""
    known = {name for model in run.__self__.models if issubclass(model, QueryModel) for name in model.__ninja_flatten_map__}

    @functools.wraps(run)
    def asked(request: HttpRequest, **path: Any) -> HttpResponse:
        request.unknown_parameters, request.known_parameters = request.GET.keys() - known, known
        return run(request, **path)

    return asked


def _refuses_unknown(act: Callable[..., Any]) -> Callable[..., Any]:
    """After the token, before anything is done: a filter that is misspelt would be no filter, and the answer that of another question."""

    @functools.wraps(act)
    def done(request: HttpRequest, **values: Any) -> Any:
        return unknown_parameter(request.unknown_parameters, request.known_parameters) if request.unknown_parameters else act(request, **values)

    return done


def unknown_parameter(unknown: Iterable[str], known: Iterable[str] = ()) -> HttpResponse:
    unknown, known = sorted(unknown), sorted(known)
    takes = f"It takes {', '.join(known)}." if known else "It takes none."
    errors = [{"pointer": f"/query/{name}", "detail": "unknown"} for name in unknown]
    return problem(422, "unknown-parameter", f"There is no parameter {', '.join(unknown)} here. {takes}", errors=errors)


def _say_problem(response: dict[str, Any]) -> None:
    """RFC 9457 has a content type of its own; Ninja knows one for all answers."""
    content = response.get("content", {})
    if content.get("application/json", {}).get("schema") == _PROBLEM:
        response["content"] = {"application/problem+json": content["application/json"]}
