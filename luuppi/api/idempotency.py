"""Idempotency-Key on every POST: the same key and body gives the first answer again, another body 422, still under way 409.

POST /feedback and /feedback/batch keep the key with the item itself (capture.receiving); everything else is kept here, for 24 hours.
The act and its answer are kept in one transaction: a process that dies between them has done nothing, and a minute later the key is
free for whoever asks again.
"""

import hashlib
from datetime import timedelta

from django.db import OperationalError, transaction
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from luuppi.api.models import KeptAnswer
from luuppi.api.problems import of_refusal, problem
from luuppi.errors import store_is_away
from luuppi.running.patience import OF_A_PROGRAM, StoreIsBusy, within

KEPT_FOR = timedelta(hours=24)
GIVEN_UP_AFTER = timedelta(minutes=1)  # longer than any act takes
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
        digest = hashlib.sha256(request.get_full_path().encode() + b"\0" + request.body).hexdigest()
        try:
            with within(OF_A_PROGRAM):
                kept, is_ours = _claim(caller, key, digest)
                return self._first(request, kept) if is_ours else _again(kept, digest)
        except StoreIsBusy as busy:
            return of_refusal(busy)
        except OperationalError:
            return of_refusal(store_is_away())

    def _first(self, request: HttpRequest, kept: KeptAnswer) -> HttpResponse:
        with transaction.atomic():
            response = self.get_response(request)
            if is_kept := response.status_code < 500 and response.status_code not in _NOT_KEPT and not response.streaming:
                is_kept = _keep(kept, response)
                if not is_kept:  # it took so long that somebody else has begun it anew
                    response = _under_way()
            if not is_kept:
                transaction.set_rollback(True)
        if not is_kept:
            _ours(kept).delete()
        return response


@transaction.atomic
def _claim(caller: str, key: str, digest: str) -> tuple[KeptAnswer, bool]:
    """The row of this key, and whether the act is ours to do."""
    now = timezone.now()
    KeptAnswer.objects.filter(caller=caller, key=key, at__lt=now - KEPT_FOR).delete()
    kept, is_ours = KeptAnswer.objects.get_or_create(caller=caller, key=key, defaults={"request_hash": digest})
    if not is_ours and kept.request_hash == digest and kept.status is None and kept.at < now - GIVEN_UP_AFTER:
        is_ours = bool(_ours(kept).update(at=now))
        kept.at = now
    return kept, is_ours


def _ours(kept: KeptAnswer):
    """The claim, as long as nobody else has taken it over."""
    return KeptAnswer.objects.filter(pk=kept.pk, at=kept.at, status=None)


def _keep(kept: KeptAnswer, response: HttpResponse) -> bool:
    return bool(_ours(kept).update(status=response.status_code, body=response.content, content_type=response.headers.get("Content-Type", "")))


def _again(kept: KeptAnswer, digest: str) -> HttpResponse:
    if kept.request_hash != digest:
        return problem(422, "key-used", "This Idempotency-Key was used before with another body or address. Use a new key.")
    if kept.status is None:
        return _under_way()
    return HttpResponse(bytes(kept.body), status=kept.status, content_type=kept.content_type, headers={"Idempotent-Replay": "true"})


def _under_way() -> HttpResponse:
    return problem(409, "under-way", "The first send with this key is still under way. Ask again in a moment.", headers={"Retry-After": "2"})
