import json
from dataclasses import asdict

from django.core.management.base import BaseCommand

from luuppi.running.examining import examine


class Command(BaseCommand):
    help = "Say what is wrong with this installation and how to put it right. Ends with 1 when something is."

    def add_arguments(self, parser):
        parser.add_argument("--json", action="store_true")

    def handle(self, **options):
        findings = examine()
        if options["json"]:
            self.stdout.write(json.dumps([asdict(f) for f in findings], indent=1))
        else:
            for f in findings:
                self.stdout.write(f"{'ok   ' if f.ok else 'WRONG'} {f.name}: {f.words}" + (f"\n      {f.mend}" if f.mend else ""))
        if not all(f.ok for f in findings):
            raise SystemExit(1)
