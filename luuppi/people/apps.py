from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PeopleConfig(AppConfig):
    name = "luuppi.people"
    label = "people"

    def ready(self) -> None:
        from luuppi.people.web import absences
        from luuppi.ui.places import register_command, register_place

        register_place("settings", "settings", _("Settings"), "settings", 100, _may_set, apart=True)
        absences.connect()
        register_command("absences", "calendar", _("Who is away"), "absences", 65, _may_set_away)
        register_command("colleagues", "users", _("People and roles"), "people_settings", 70, _may_set_people)


def _may_set(member) -> bool:
    return member is not None and bool(member.grants.reach("settings.work") or member.grants.reach("settings.people"))


def _may_set_away(member) -> bool:
    return member is not None and bool(member.grants.reach("members.away"))


def _may_set_people(member) -> bool:
    return member is not None and bool(member.grants.reach("settings.people"))
