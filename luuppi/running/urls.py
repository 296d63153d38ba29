from django.urls import path

from luuppi.running import converters  # noqa: F401 what <row:…> and <id:…> are
from luuppi.running.web import background, health

urlpatterns = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("metrics", health.metrics, name="metrics"),
    path("o/<slug:organisation>/settings/background", background.background, name="background"),
    path("o/<slug:organisation>/settings/background/<id:todo_id>/again", background.again, name="background_again"),
]
