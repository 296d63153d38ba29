"""/healthz: this process answers. /readyz: it can do its work. /metrics: counts for a monitor, with a token or from this machine."""

import hmac

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.models import Count, Min
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from luuppi.people.web.membership import public_page
from luuppi.running.models import Heartbeat, Todo

_OF_PROXIES = {"x-forwarded-for", "x-forwarded-proto", "x-real-ip", "forwarded", "via"}


@public_page
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok\n", content_type="text/plain")


@public_page
@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    """200 when the database answers and the worker was heard of lately, else 503; says which."""
    state = {"database": _database_answers()}
    state["worker"] = state["database"] and Heartbeat.objects.filter(part="worker", at__gt=timezone.now() - Heartbeat.SILENT).exists()
    return JsonResponse(state, status=200 if all(state.values()) else 503)


def _database_answers() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
            return cursor.fetchone() == (1,)
    except DatabaseError:
        connection.close()
        return False


@public_page
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    if not (_from_here(request) or _has_token(request)):
        raise Http404
    now = timezone.now()
    todos = Todo.objects.values("kind").annotate(n=Count("pk"), oldest=Min("due_at")).order_by("kind")
    waiting = list(todos.filter(parked_at=None))
    lines = ["# TYPE luuppi_todos gauge"]
    lines += [f'luuppi_todos{{kind="{row["kind"]}"}} {row["n"]}' for row in waiting]
    lines += ["# TYPE luuppi_todo_age_seconds gauge"]
    lines += [f'luuppi_todo_age_seconds{{kind="{row["kind"]}"}} {max(0.0, (now - row["oldest"]).total_seconds()):.0f}' for row in waiting]
    lines += [
        "# TYPE luuppi_todos_parked gauge",
        f"luuppi_todos_parked {Todo.objects.exclude(parked_at=None).count()}",
        "# TYPE luuppi_heartbeat_age_seconds gauge",
    ]
    lines += [
        f'luuppi_heartbeat_age_seconds{{part="{beat.part}"}} {(now - beat.at).total_seconds():.0f}'
        for beat in Heartbeat.objects.order_by("part")
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; version=0.0.4")


def _from_here(request: HttpRequest) -> bool:
    # Behind a proxy everybody comes from this machine: then only the token counts.
    return request.META.get("REMOTE_ADDR") in ("127.0.0.1", "::1") and not _OF_PROXIES & {name.lower() for name in request.headers}


def _has_token(request: HttpRequest) -> bool:
    token = settings.METRICS_TOKEN
    said = request.headers.get("Authorization", "").removeprefix("Bearer ")
    return bool(token) and hmac.compare_digest(said.encode(), token.encode())
