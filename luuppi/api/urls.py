"""/api/v1/: the API object and the routers of the stages."""

from importlib import import_module

from django.http import HttpRequest, HttpResponse
from django.urls import path, re_path
from django.views.decorators.csrf import csrf_exempt

from luuppi.api.auth import TokenAuth
from luuppi.api.description import DescribedAPI
from luuppi.api.problems import install, problem
from luuppi.stages import STAGES, exists

api = DescribedAPI(
    title="Luuppi",
    version="1",
    description="Closed-loop customer feedback. Errors are RFC 9457 problems with a stable code; Idempotency-Key works on every POST.",
    auth=TokenAuth(),
    docs_url=None,
    urls_namespace="api",
)
install(api)

# A stage's API lives in luuppi/<stage>/api/; its `router` is added here by the order of the loop.
for _stage in STAGES:
    if exists(f"luuppi.{_stage}.api.router"):
        api.add_router("", import_module(f"luuppi.{_stage}.api.router").router)


@csrf_exempt
def unknown(_request: HttpRequest) -> HttpResponse:
    """A program that asks for what is not there is answered like any other refusal, and told where the addresses stand."""
    return problem(404, "no-such-address", "There is nothing at this address. Every address is listed in /api/v1/openapi.json.")


urlpatterns = [path("", api.urls), re_path("", unknown, name="unknown_api_address")]
