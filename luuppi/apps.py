from django.apps import AppConfig


class LuuppiConfig(AppConfig):
    """The last app to be ready: connects what follows from each loop event."""

    name = "luuppi"
    label = "luuppi"

    def ready(self) -> None:
        from luuppi import reactions

        reactions.connect()
