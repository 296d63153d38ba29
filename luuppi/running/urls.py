from django.urls import path, register_converter

from luuppi.running.ids import RowId
from luuppi.running.web import background, health

register_converter(RowId, "todo")

urlpatterns = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("metrics", health.metrics, name="metrics"),
    path("o/<slug:organisation>/settings/background", background.background, name="background"),
    path("o/<slug:organisation>/settings/background/<todo:todo_id>/again", background.again, name="background_again"),
]
