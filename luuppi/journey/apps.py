from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class JourneyConfig(AppConfig):
    name = "luuppi.journey"
    label = "journey"

    def ready(self) -> None:
        from luuppi.journey.web import today
        from luuppi.ui.places import register_command, register_place, register_search

        register_place("feedback", "message-square-text", _("Feedback"), "feedback_stream", 20)
        register_command(
            "record",
            "plus",
            _("Record what a customer said"),
            "record",
            allowed=lambda member: bool(member and member.grants.reach("items.write")),
            key_hint="c",
        )
        register_command("black-hole", "hourglass", _("Who has not heard from us"), "black_hole")
        register_search("feedback_stream")
        today.connect()
