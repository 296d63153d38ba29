from pathlib import Path

from django.core.management.base import BaseCommand

from luuppi.running.keeping import back_up


class Command(BaseCommand):
    help = "Write everything of this installation into one file, while it runs: database, files and the secret key. Keep it safe."

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path)

    def handle(self, *, file, **options):
        made = back_up(file)
        self.stderr.write(
            f"{made.path}: {made.n_files} files, {made.n_bytes / 1e6:.1f} MB, read back and matched."
            " It holds the secret key: keep it where only you can read it."
        )
