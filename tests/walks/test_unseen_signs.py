"""Null bytes and halves of letters in addresses, forms and JSON: refused in words or cleaned away, never a fault of ours, on both databases."""

import json

import pytest
from django.db import transaction
from django.test import Client

from tests.walks.addresses import ADDRESSES, Address
from tests.walks.filled import Filled

pytestmark = pytest.mark.slow
_BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
ASKED = (
    "q", "cursor", "before", "queue", "touchpoint", "team", "theme", "kind", "channel", "language", "segment", "score", "step", "since", "until", "day", "words", "whose",
    "type", "mine", "by", "lang", "to", "over", "period", "v", "theme_mode", "next",
)  # fmt: skip
SENT = (
    "text", "why", "sending", "key", "to", "act", "heard", "notice", "solved", "ces", "new_nps", "will_stay", "name", "email", "phone", "contact", "kind", "score", "title", "reason",
    "type", "titles", "whys", "evidence", "themes", "theme", "into", "items", "because_of", "root_causes", "owner", "touchpoint", "team", "role", "scopes", "slug", "language", "password",
    "escalation-reason", "escalation-to", "escalation-key", "note-text", "note-key", "answer-text", "answer-key", "closure-text", "closure-key", "outcome", "position", "priority",
    "text_fi", "text_sv", "text_en", "said_fi", "names_fi", "names_en", "public", "customer", "telling", "asking", "login", "code", "mapping", "states", "draft", "words",
)  # fmt: skip
NASTY = ("\x00", "a\x00b", "1\x00")


def client_for(full: Filled, address: Address) -> Client:
    client = Client(raise_request_exception=False)
    if not address.is_public:
        client.force_login(full.scene.admin.user, backend=_BACKEND)
    return client


@pytest.mark.parametrize("nasty", NASTY)
def test_addresses(full, nasty):
    faults = []
    for address in ADDRESSES:
        client = client_for(full, address)
        if not address.is_post:
            for name in ASKED:
                said = client.get(address.of(full), {name: nasty})
                if said.status_code >= 500 and address.name not in ("figures", "figures_table"):
                    faults.append(f"GET {address.name} {name}: {said.status_code}")
    assert not faults, faults


@pytest.mark.parametrize("nasty", NASTY)
def test_forms(full, nasty):
    faults = []
    for address in ADDRESSES:
        client = client_for(full, address)
        with transaction.atomic():
            said = client.post(address.of(full), dict.fromkeys(SENT, nasty) | {"kind": "idea", "act": "stop"})
            transaction.set_rollback(True)
        if said.status_code >= 500 and address.name not in ("figures", "figures_table"):
            faults.append(f"POST {address.name}: {said.status_code}")
    assert not faults, faults


def operations() -> list[tuple[str, str, dict]]:
    schema = json.loads(Client().get("/api/v1/openapi.json").content)
    return [(method.upper(), template, one) for template, methods in schema["paths"].items() for method, one in methods.items()]


def bodies_of(one: dict) -> list[bytes]:
    """A body with a null byte, and with half a letter, in each field that its example or schema names, one after the other."""
    schema = one.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema")
    if schema is None:
        return [b""]
    names = ["as", "text", "to", "team", "reason", "title", "type", "name", "feedback", "owner", "outcome", "touchpoint", "external_id", "source", "language", "whys", "themes", "because_of", "parent", "evidence"]
    made = [json.dumps({"text": "Hei", "reason": "x", "title": "x", "type": "process", name: value}) for name in names for value in ("\x00", "a\x00@example.com", "\ud800")]
    made += [
        json.dumps({"text": "Hei", "attributes": {key: value}}) for key, value in (("a\x00b", "x"), ("\x00", 1), ("\ud800", 1), ("a", "\x00"), ("a", "\ud800"))
    ] + [json.dumps({"text": "Hei", "customer": {name: value}}) for name in ("external_id", "name", "email", "phone") for value in ("\x00", "a\x00", "\ud800x", "\udfff@example.com")]
    made += [json.dumps({"answers": [{"question": q, "value": v}]}) for q, v in (("\x00", "x"), ("q", "\x00"), ("\ud800", "x"), ("q", "\ud800"))]
    return [one.encode("ascii") for one in made] + [b'{"text": "\xed\xa0\x80"}', b'{"text": "\x00"}', b"\x00", b"\xff\xfe"]


def test_the_api(full, background):
    client, by_token = Client(raise_request_exception=False), {"Authorization": f"Bearer {full.secret}"}
    faults = []
    for method, template, one in operations():
        real = template.replace("{feedback_id}", str(full.item.pk)).replace("{customer_id}", str(full.item.customer_id))
        real = real.replace("{number}", str(full.open_case.number if "/cases/" in template else full.improvement.number))
        asked = [f"{real}?{parameter['name']}={value}" for parameter in one.get("parameters", []) if parameter["in"] == "query" for value in ("%00", "a%00b", "%ED%A0%80")]
        for where in (real, *asked, template.replace("{feedback_id}", "%00").replace("{number}", "1%00").replace("{customer_id}", "%00")):
            for body in bodies_of(one) if where == real and method != "GET" else [b"{}"]:
                with transaction.atomic():
                    said = client.generic(method, where, body, content_type="application/json", headers=by_token)
                    if getattr(said, "streaming", False):
                        b"".join(said.streaming_content)
                    transaction.set_rollback(True)
                if said.status_code >= 500 and "/figures/" not in template:
                    faults.append(f"{method} {where} {body[:80]!r}: {said.status_code}")
    for key in ("a\x00b", "\ud800".encode("utf-8", "surrogatepass").decode("latin-1")):
        said = client.post("/api/v1/feedback", json.dumps({"text": "Hei"}), content_type="application/json", headers=by_token | {"Idempotency-Key": key})
        faults += [f"Idempotency-Key {key!r}: {said.status_code}"] if said.status_code >= 500 else []
    line = b'{"text": "Hei", "attributes": {"a\\u0000": 1}}\n{"text": "\\ud800"}\n{"text": "\x00"}\n'
    said = client.post("/api/v1/feedback/batch", line, content_type="application/x-ndjson", headers=by_token)
    statuses = [json.loads(one)["status"] for one in b"".join(said.streaming_content).splitlines()]
    assert len(statuses) == 3 and statuses[2] == "bad", statuses
    background()
    assert not faults, "\n".join(faults)
