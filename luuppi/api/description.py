"""The description of the API (OpenAPI 3.1): as Ninja writes it, but for the content type of problems."""

from typing import Any

from ninja import NinjaAPI

_PROBLEM = {"$ref": "#/components/schemas/Problem"}


class DescribedAPI(NinjaAPI):
    def get_openapi_schema(self, **arguments: Any) -> dict[str, Any]:
        described = super().get_openapi_schema(**arguments)
        for methods in described["paths"].values():
            for operation in methods.values():
                for response in operation["responses"].values():
                    _say_problem(response)
        return described


def _say_problem(response: dict[str, Any]) -> None:
    """RFC 9457 has a content type of its own; Ninja knows one for all answers."""
    content = response.get("content", {})
    if content.get("application/json", {}).get("schema") == _PROBLEM:
        response["content"] = {"application/problem+json": content["application/json"]}
