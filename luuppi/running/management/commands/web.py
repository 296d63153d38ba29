from django.core.management.base import BaseCommand
from django.db import connection

from luuppi.running import serving


class Command(BaseCommand):
    """For who calls it inside a program; the command line goes to `luuppi.running.serving` without waiting for Django."""

    help = serving.HELP

    def add_arguments(self, parser):
        serving.add_arguments(parser)

    def handle(self, *, host: str, port: int, workers: int, threads: int, follow_parent: bool, **options):
        connection.close()
        serving.serve(host=host, port=port, workers=workers, threads=threads, follow_parent=follow_parent)
