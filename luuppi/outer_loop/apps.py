from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OuterLoopConfig(AppConfig):
    name = "luuppi.outer_loop"
    label = "outer_loop"

    def ready(self) -> None:
        from luuppi.outer_loop.web import today
        from luuppi.ui.places import register_command, register_place

        today.connect()

        def may_read(member) -> bool:
            return member is not None and bool(member.grants.reach("improvements.read"))

        def may_propose(member) -> bool:
            return member is not None and bool(member.grants.reach("improvements.propose"))

        register_place("causes", "workflow", _("Causes"), "causes", 40, may_read)
        register_place("improvements", "lightbulb", _("Improvements"), "improvements", 50, may_read, count=_n_undecided)
        register_command("improve", "lightbulb", _("Propose an improvement"), "improvement_proposal", 50, may_propose)


def _n_undecided(member) -> int | None:
    """How many improvements wait for this member's decision."""
    from luuppi.outer_loop.models import Improvement

    if not member.grants.reach("improvements.decide"):
        return None
    return Improvement.objects.visible_to(member).filter(state=Improvement.PROPOSED).count() or None
