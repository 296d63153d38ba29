import os
import sys

from django.conf import settings
from django.core.management import BaseCommand, call_command
from django.db import connection

from luuppi.people.organising import create_sign_in_link
from luuppi.running import first_start, numbers
from luuppi.running.group import Group, Part, become_group


class Command(BaseCommand):
    help = "Start Luuppi: migrates if needed, then web, worker and figures service as one process group. SIGTERM ends it cleanly."

    def add_arguments(self, parser):
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=numbers.port, default=8000)
        parser.add_argument("--workers", type=numbers.whole(1, 64), default=1)
        parser.add_argument("--demo", action="store_true", help="with the invented organisation Lumi")

    def handle(self, *, host, port, workers, demo, **options):
        if "LUUPPI_BASE_URL" not in os.environ:
            name = "localhost" if host in ("127.0.0.1", "0.0.0.0") else host  # noqa: S104 compares, binds nothing
            os.environ["LUUPPI_BASE_URL"] = settings.BASE_URL = f"http://{name}:{port}"
        first_start.refuse_taken_port(host, port)
        with first_start.only_one(settings.HOME) as lock:
            is_renewed = demo and self._demo_of_a_day()
            call_command("migrate", verbosity=0, interactive=False)
            if demo:
                self._load_what_is_missing()
            self._greet(demo)
            connection.close()
            parts = [
                Part("web", ["web", "--host", host, "--port", str(port), "--workers", str(workers), "--follow-parent"]),
                Part("worker", ["worker", "--follow-parent"]),
            ]
            if not settings.ANALYTICS_URL:
                parts.append(Part("figures", ["figures", "--follow-parent"]))
            if not is_renewed:
                become_group(parts, holding=lock)
            sys.stdout.flush()
            raise SystemExit(self._renew_while_it_runs(Group(parts)))

    def _load_what_is_missing(self) -> None:
        """The demo in a home that is not made anew: beside others, or on PostgreSQL."""
        from luuppi.demo.loading import is_loaded

        if not is_loaded():
            call_command("demo")

    def _demo_of_a_day(self) -> bool:
        """Make it when there is none. Returns whether it is made anew on another day, while it runs."""
        from luuppi.demo import renewing

        renewing.take_in_old_one()
        if not renewing.is_possible():
            return False
        renewing.make_first(self.stderr.write)
        return True

    def _renew_while_it_runs(self, group: Group) -> int:
        from luuppi.demo.renewing import Renewal

        renewal = Renewal(group, say=self._say, greet=lambda: self._greet(True))
        group.chores.append(renewal)
        try:
            return group.run()
        finally:
            renewal.end()

    def _say(self, words: str) -> None:
        self.stderr.write(words)
        self.stderr.flush()

    def _greet(self, demo: bool) -> None:
        self.stdout.write(f"Luuppi is at {settings.BASE_URL}")
        if demo:
            from luuppi.demo.greeting import lines

            for line in lines():
                self.stdout.write(line)
        elif first := first_start.first_administrator():
            link = f"{settings.BASE_URL}{create_sign_in_link(first)}"
            self.stdout.write(f"Make the first administrator here (on this machine, until the organisation is named): {link}")
        self.stdout.flush()
