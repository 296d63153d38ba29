from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class InnerLoopConfig(AppConfig):
    name = "luuppi.inner_loop"
    label = "inner_loop"

    def ready(self) -> None:
        from luuppi.inner_loop.queries.queue import n_to_do
        from luuppi.ui.places import register_command, register_place

        register_place("today", "sun", _("Today"), "today", 10)
        register_place("cases", "inbox", _("Cases"), "cases", 30, _may_read_cases, count=n_to_do)
        register_command("rules", "workflow", _("Routing rules"), "rules", 60, _may_set_rules)


def _may_read_cases(member) -> bool:
    return member is not None and bool(member.grants.reach("cases.read"))


def _may_set_rules(member) -> bool:
    return member is not None and bool(member.grants.reach("settings.work"))
