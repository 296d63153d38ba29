from django.apps import AppConfig


class MeaningConfig(AppConfig):
    name = "luuppi.meaning"
    label = "meaning"

    def ready(self) -> None:
        from luuppi.meaning import examining  # noqa: F401 registers itself
        from luuppi.meaning.web import today

        today.connect()
