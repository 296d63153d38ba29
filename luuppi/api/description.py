"""The description of the API (OpenAPI 3.1): as Ninja writes it, but for the content type of problems; and questions are held to it."""

import functools
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.params.models import QueryModel

from luuppi.api.problems import problem

_PROBLEM = {"$ref": "#/components/schemas/Problem"}


class DescribedAPI(NinjaAPI):
    def __init__(self, **arguments: Any) -> None:
        super().__init__(**arguments)
        self.add_decorator(_asks_as_described, mode="view")

    def get_openapi_schema(self, **arguments: Any) -> dict[str, Any]:
        described = super().get_openapi_schema(**arguments)
        for methods in described["paths"].values():
            for operation in methods.values():
                operation["responses"].setdefault(503, {"description": "Service Unavailable", "content": {"application/json": {"schema": _PROBLEM}}})
                for response in operation["responses"].values():
                    _say_problem(response)
        return described


def _asks_as_described(run: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A filter that is misspelt would be no filter, and the answer that of another question."""
    known = {name for model in run.__self__.models if issubclass(model, QueryModel) for name in model.__ninja_flatten_map__}

    @functools.wraps(run)
    def asked(request: HttpRequest, **path: Any) -> HttpResponse:
        answer = run(request, **path)
        unknown = sorted(request.GET.keys() - known) if request.method in ("GET", "HEAD") else []
        if not unknown or answer.status_code != 200:  # who may not ask learns that first
            return answer
        takes = f"It takes {', '.join(sorted(known))}." if known else "It takes none."
        errors = [{"pointer": f"/query/{name}", "detail": "unknown"} for name in unknown]
        return problem(422, "unknown-parameter", f"There is no parameter {', '.join(unknown)} here. {takes}", errors=errors)

    return asked


def _say_problem(response: dict[str, Any]) -> None:
    """RFC 9457 has a content type of its own; Ninja knows one for all answers."""
    content = response.get("content", {})
    if content.get("application/json", {}).get("schema") == _PROBLEM:
        response["content"] = {"application/problem+json": content["application/json"]}
