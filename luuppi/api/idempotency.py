"""Idempotency-Key on every POST: the same key and body gives the first answer again, another body 422, still under way 409.

POST /feedback and /feedback/batch keep the key with the item itself (capture.receiving); everything else is kept here, for 24 hours.
"""

import hashlib
from datetime import timedelta

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from luuppi.api.models import KeptAnswer
from luuppi.api.problems import problem

KEPT_FOR = timedelta(hours=24)
_OWN_WAY = ("/api/v1/feedback", "/api/v1/feedback/batch")
_NOT_KEPT = {401, 403, 404, 405, 409, 429}


class IdempotencyMiddleware:
    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        key = request.headers.get("Idempotency-Key")
        if request.method != "POST" or not key or not request.path.startswith("/api/v1/") or request.path in _OWN_WAY:
            return self.get_response(request)
        if len(key) > 200 or not key.isprintable():
            return problem(422, "key-too-long", "An Idempotency-Key has at most 200 printable characters.")
        caller = hashlib.sha256(request.headers.get("Authorization", "").encode()).hexdigest()
        digest = hashlib.sha256(request.path.encode() + b"\0" + request.body).hexdigest()
        KeptAnswer.objects.filter(caller=caller, key=key, at__lt=timezone.now() - KEPT_FOR).delete()
        with transaction.atomic():
            kept, is_first = KeptAnswer.objects.get_or_create(caller=caller, key=key, defaults={"request_hash": digest})
        return self._first(request, kept) if is_first else _again(kept, digest)

    def _first(self, request: HttpRequest, kept: KeptAnswer) -> HttpResponse:
        response = None
        try:
            response = self.get_response(request)
        finally:
            if response is None or response.status_code >= 500 or response.status_code in _NOT_KEPT or response.streaming:
                kept.delete()
            else:
                kept.status, kept.body, kept.content_type = response.status_code, response.content, response.headers.get("Content-Type", "")
                kept.save()
        return response


def _again(kept: KeptAnswer, digest: str) -> HttpResponse:
    if kept.request_hash != digest:
        return problem(422, "key-used", "This Idempotency-Key was used before with another body or address. Use a new key.")
    if kept.status is None:
        return problem(409, "under-way", "The first send with this key is still under way. Ask again in a moment.", headers={"Retry-After": "2"})
    return HttpResponse(bytes(kept.body), status=kept.status, content_type=kept.content_type, headers={"Idempotent-Replay": "true"})
