from django.apps import AppConfig
from django.db.models.signals import post_migrate


class JournalConfig(AppConfig):
    name = "luuppi.journal"
    label = "journal"

    def ready(self) -> None:
        from luuppi.journal import examining  # noqa: F401 registers itself
        from luuppi.journal.guards import guard_journal

        post_migrate.connect(guard_journal, sender=self)
