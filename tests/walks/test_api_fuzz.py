"""The API is fuzzed from its own description: no fault of ours, no answer that the description does not name, real ids at work."""

import random
from typing import Any

import pytest
import schemathesis
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from luuppi.api.urls import api
from luuppi.insight.tests.figures_here import figures, figures_away  # noqa: F401 (fixtures)
from luuppi.wsgi import application
from tests.walks.filled import Filled

pytestmark = pytest.mark.slow
CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_headers_conformance, response_schema_conformance]
EXAMPLES = 20
OPERATIONS = {one["operationId"]: (method.upper(), path) for path, methods in api.get_openapi_schema(path_prefix="/api/v1/")["paths"].items() for method, one in methods.items()}
REACHED: dict[str, int] = {}


@schemathesis.serializer("application/x-ndjson")
def lines(_context, value: Any) -> bytes:
    return value if isinstance(value, bytes) else str(value).encode("utf-8", "replace")


@pytest.fixture(scope="module")
def schema(both, django_db_blocker):
    with django_db_blocker.unblock():
        return schemathesis.openapi.from_wsgi("/api/v1/openapi.json", application)


def real_ids(operation: str, full: Filled) -> dict[str, str]:
    """Objects on which the operation can be done."""
    improvement = {"complete_improvement": "accepted", "start_improvement": "accepted", "tell_givers": "done"}.get(operation, "proposed")
    case = {"reopen_case": full.closed}.get(operation, full.open_case)
    number = full.improvements[improvement].number if "improvements" in OPERATIONS[operation][1] else case.number
    return {"feedback_id": str(full.item.pk), "number": str(number), "customer_id": str(full.item.customer_id), "root_cause_id": str(full.cause.pk)}


def with_real_ids(body: Any, full: Filled, drawn: random.Random) -> Any:
    """The body with the ids of things that exist where it names some, so that it gets further than "unknown"."""
    known = {"feedback": str(full.items[1].pk), "theme": str(full.theme.pk), "parent": str(full.theme.pk), "as": full.scene.admin.user.email, "to": full.scene.sari.user.email, "owner": full.scene.sari.user.email, "team": "phones"}
    lists = {"evidence": str(full.item.pk), "because_of": str(full.item.pk), "root_causes": str(full.cause.pk), "themes": str(full.theme.pk)}
    if isinstance(body, list):
        return [with_real_ids(one, full, drawn) for one in body]
    if not isinstance(body, dict):
        return body
    made = {}
    for name, value in body.items():
        if isinstance(value, str) and name in known and drawn.random() < 0.8:
            made[name] = known[name]
        elif name in lists and isinstance(value, list) and all(isinstance(one, str) for one in value) and drawn.random() < 0.8:
            made[name] = [lists[name]][: len(value)]
        else:
            made[name] = with_real_ids(value, full, drawn)
    return made


@pytest.mark.parametrize("operation", sorted(OPERATIONS))
def test_the_operation_keeps_to_its_description(operation, schema, full, request):
    if "/figures/" in OPERATIONS[operation][1]:
        request.getfixturevalue("figures")()
    described = schema.find_operation_by_id(operation)
    ids = real_ids(operation, full)

    @seed(20_261_122)
    @settings(max_examples=EXAMPLES, deadline=None, database=None, phases=[Phase.explicit, Phase.generate], suppress_health_check=list(HealthCheck))
    @given(case=st.one_of(described.as_strategy(generation_mode=GenerationMode.POSITIVE), described.as_strategy(generation_mode=GenerationMode.NEGATIVE)), drawn=st.randoms(use_true_random=False))
    def fuzz(case, drawn):
        if case.path_parameters and drawn.random() < 0.8:
            case.path_parameters = {name: ids[name] for name in case.path_parameters}
        case.headers = {**(case.headers or {}), "Authorization": f"Bearer {full.secret}", "Accept-Encoding": "identity"}
        case.body = with_real_ids(case.body, full, drawn)
        with transaction.atomic():
            answer = case.call()
            transaction.set_rollback(True)
        case.validate_response(answer, checks=CHECKS)
        REACHED[operation] = REACHED.get(operation, 0) + (answer.status_code < 300)

    REACHED.setdefault(operation, 0)
    fuzz()


def test_nearly_every_operation_was_reached():
    """The last of the file: with the examples and ids above, at least 95 % of the operations did what they are for."""
    if set(REACHED) < set(OPERATIONS):
        pytest.fail(f"run the whole file: {sorted(set(OPERATIONS) - set(REACHED))} were not fuzzed")
    never = sorted(name for name, times in REACHED.items() if not times)
    assert len(never) <= 0.05 * len(OPERATIONS), f"{len(never)} of {len(OPERATIONS)} operations never answered 2xx: {never}"


def test_a_fault_of_ours_would_be_noticed(schema, full, monkeypatch):
    from luuppi.meaning.api import router

    def broken(*_arguments, **_named):
        raise RuntimeError("planted")

    monkeypatch.setattr(router, "add_theme", broken)
    case = schema.find_operation_by_id("add_theme").Case(body={"name": {"en": "Late"}}, headers={"Authorization": f"Bearer {full.secret}", "Accept-Encoding": "identity"}, media_type="application/json")
    with pytest.raises(schemathesis.core.failures.FailureGroup):
        case.validate_response(case.call(), checks=CHECKS)
