from django.core.management.base import BaseCommand

from luuppi.people.organising import create_token
from luuppi.people.reading import organisation_named, team_named
from luuppi.people.rules.permissions import SCOPES


class Command(BaseCommand):
    help = "Make an API token. It is printed once, alone on standard output. Scopes: " + " ".join(SCOPES)

    def add_arguments(self, parser):
        parser.add_argument("--organisation", required=True, metavar="SLUG")
        parser.add_argument("--scope", action="append", default=[], help="repeat for several; left out: all but admin and customers:erase")
        parser.add_argument("--team", metavar="KEY", help="sees this team and below; left out: the whole organisation")
        parser.add_argument("--name", default="api", help="the source of the items it sends")

    def handle(self, *, organisation, scope, team, name, **options):
        place = organisation_named(organisation)
        _token, secret = create_token(place, name=name, scopes=scope, team=team_named(place, team) if team else None)
        self.stdout.write(secret)
