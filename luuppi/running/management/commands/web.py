import os

from django.core.management.base import BaseCommand
from django.db import connection

from luuppi.running import parent


class Command(BaseCommand):
    help = "The web server alone (granian). SIGTERM answers what is under way and ends; SIGHUP reloads."

    def add_arguments(self, parser):
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--workers", type=int, default=1, help="web processes; more than one pays with PostgreSQL")
        parser.add_argument("--threads", type=int, default=32)
        parser.add_argument("--follow-parent", action="store_true", help="end when the process that started this one ends")

    def handle(self, *, host, port, workers, threads, **options):
        from granian import Granian
        from granian.constants import Interfaces

        connection.close()
        if options["follow_parent"]:
            parent.follow_parent()
        os.environ["LUUPPI_FOLLOW_PARENT"] = "1"  # read by luuppi.wsgi in the server's own worker processes
        Granian(
            "luuppi.wsgi:application", address=host, port=port, interface=Interfaces.WSGI, workers=workers, blocking_threads=threads,
            backlog=1024, backpressure=max(threads * 4, 128), workers_kill_timeout=20, respawn_failed_workers=True, log_enabled=True, log_level="error", websockets=False,
        ).serve()  # fmt: skip
