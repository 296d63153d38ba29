from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from luuppi.people.organising import create_organisation


class Command(BaseCommand):
    help = "Make an organisation with its root team."

    def add_arguments(self, parser):
        parser.add_argument("slug")
        parser.add_argument("--name", required=True)
        parser.add_argument("--language", default="fi", choices=["fi", "sv", "en"])
        parser.add_argument("--time-zone", default="Europe/Helsinki")

    def handle(self, *, slug, name, language, time_zone, **options):
        try:
            organisation = create_organisation(slug, name=name, language=language, time_zone=time_zone)
        except ValidationError as error:
            raise CommandError("; ".join(f"{field}: {' '.join(words)}" for field, words in error.message_dict.items())) from None
        self.stderr.write(f"Made {organisation.name} ({organisation.slug}). Its form: /f/{organisation.slug}")
