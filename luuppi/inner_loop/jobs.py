"""What the inner loop does in the background, registered once at start by luuppi.reactions."""

from luuppi.delivery import mailing
from luuppi.inner_loop import answering, routing
from luuppi.running import todo


def connect() -> None:
    mailing.on_delivery("answer", sent=answering.when_sent, failed=answering.when_failed)
    todo.register("route", routing.route_without_themes, batch=100)
