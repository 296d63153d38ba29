from django.apps import AppConfig


class InsightConfig(AppConfig):
    name = "luuppi.insight"
    label = "insight"
