from django.core.management.base import BaseCommand

from luuppi.running.rebuilding import REBUILDS


class Command(BaseCommand):
    help = "Recompute all that is derived from the source of truth: progress rows, search, figures. May run while Luuppi runs."

    def handle(self, **options):
        for name, rebuild in REBUILDS.items():
            self.stderr.write(f"{name}: {rebuild()}")
