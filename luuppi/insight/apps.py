from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class InsightConfig(AppConfig):
    name = "luuppi.insight"
    label = "insight"

    def ready(self) -> None:
        from luuppi.insight import examining  # noqa: F401 registers itself
        from luuppi.insight.queries.weights import count_weights
        from luuppi.insight.web import today
        from luuppi.outer_loop.queries.weights import COUNTING
        from luuppi.ui.places import register_place

        today.connect()

        COUNTING.append(count_weights)
        register_place("figures", "chart-line", _("Figures"), "figures", 70, lambda member: bool(member.grants.reach("figures.read")))
