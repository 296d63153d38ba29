from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from luuppi.people.organising import add_member, create_sign_in_link
from luuppi.people.reading import organisation_named, team_named
from luuppi.people.rules.permissions import ROLES


class Command(BaseCommand):
    help = "Make a person a member with a role; prints a link that signs them in once, on this machine."

    def add_arguments(self, parser):
        parser.add_argument("email")
        parser.add_argument("--organisation", required=True, metavar="SLUG")
        parser.add_argument("--role", required=True, choices=ROLES)
        parser.add_argument("--team", metavar="KEY", help="the root team when left out")
        parser.add_argument("--name", default="")

    def handle(self, *, email, organisation, role, team, name, **options):
        place = organisation_named(organisation)
        try:
            member = add_member(place, email=email, name=name, roles=[(role, team_named(place, team))])
        except ValidationError:
            raise CommandError(f"{email} is not an e-mail address. Write it like leena@example.com.") from None
        self.stderr.write(f"{member.name} is {role} of {place.name}. Sign in once with:")
        self.stdout.write(f"{settings.BASE_URL}{create_sign_in_link(member.user)}")
