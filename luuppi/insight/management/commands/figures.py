from django.core.management.base import BaseCommand

from luuppi.insight import starting


class Command(BaseCommand):
    """For who calls it inside a program; the command line goes to `luuppi.insight.starting` without waiting for Django."""

    help = starting.HELP

    def add_arguments(self, parser):
        starting.add_arguments(parser)

    def handle(self, *, follow_parent: bool, host: str | None, port: int, memory_mb: int | None, **options):
        raise SystemExit(starting.serve(follow_parent=follow_parent, host=host, port=port, memory_mb=memory_mb))
