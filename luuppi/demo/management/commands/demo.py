import time

from django.core.management.base import BaseCommand

from luuppi.demo.loading import load_demo


class Command(BaseCommand):
    help = "Load the invented demo organisation Lumi. Loading it again changes nothing."

    def handle(self, **options):
        started = time.monotonic()
        made = load_demo(lambda words: self.stderr.write(f"  … {words}"))
        self.stderr.write(f"Lumi is loaded ({time.monotonic() - started:.0f} s)." if made else "Lumi is loaded already.")
