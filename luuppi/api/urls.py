"""/api/v1/: the API object and the routers of the stages."""

from importlib import import_module

from django.urls import path

from luuppi.api.auth import TokenAuth
from luuppi.api.description import DescribedAPI
from luuppi.api.problems import install
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

urlpatterns = [path("", api.urls)]
