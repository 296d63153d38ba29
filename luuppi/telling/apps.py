from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TellingConfig(AppConfig):
    name = "luuppi.telling"
    label = "telling"

    def ready(self) -> None:
        from luuppi.outer_loop import parts
        from luuppi.telling.queries.of_improvement import telling_part
        from luuppi.ui.places import register_place

        register_place("telling", "megaphone", _("Telling"), "telling", 60, _may_read, count=_n_waiting)
        parts.register("telling", telling_part)


def _may_read(member) -> bool:
    return member is not None and bool(member.grants.reach("improvements.read"))


def _n_waiting(member) -> int | None:
    """How many drafts wait for this member to send them."""
    from luuppi.telling.models import Telling

    if not member.grants.reach("improvements.tell"):
        return None
    return Telling.objects.visible_to(member).filter(sent_at=None).count() or None
