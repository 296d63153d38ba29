from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand

from luuppi.running.first_start import only_one
from luuppi.running.keeping import restore


class Command(BaseCommand):
    help = "Bring a backup back. It is checked first; a home that holds an installation is left alone unless --replace is given."

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path)
        parser.add_argument("--replace", action="store_true", help="lose what is there now")

    def handle(self, *, file, replace, **options):
        with only_one(settings.HOME):  # refuses while Luuppi runs here
            manifest = restore(file, replace=replace)
            call_command("migrate", verbosity=0, interactive=False)
        self.stderr.write(f"Restored the backup of {manifest['made_at']} (Luuppi {manifest['luuppi']}). Start with: luuppi serve")
