from django.core.management.base import BaseCommand

from luuppi.running import parent
from luuppi.running.worker import Worker


class Command(BaseCommand):
    help = "The background worker alone: reactions, mail, clocks and jobs from the to-do table. SIGTERM lets it finish what it holds."

    def add_arguments(self, parser):
        parser.add_argument("--follow-parent", action="store_true", help="end when the process that started this one ends")

    def handle(self, *, follow_parent: bool = False, **options):
        if follow_parent:
            parent.follow_parent()
        Worker().run()
