import time

from django.core.management import call_command
from django.core.management.base import BaseCommand

from luuppi.demo.loading import load_demo
from luuppi.running import parent


class Command(BaseCommand):
    help = "Load the invented demo organisation Lumi. Loading it again changes nothing."

    def add_arguments(self, parser):
        parser.add_argument("--follow-parent", action="store_true", help="end when the process that started this one ends")

    def handle(self, **options):
        if options["follow_parent"]:
            parent.follow_parent()
        call_command("migrate", verbosity=0, interactive=False)
        started = time.monotonic()
        made = load_demo(lambda words: self.stderr.write(f"  … {words}"))
        self.stderr.write(f"Lumi is loaded ({time.monotonic() - started:.0f} s)." if made else "Lumi is loaded already.")
