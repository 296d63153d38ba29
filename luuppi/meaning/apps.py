from django.apps import AppConfig


class MeaningConfig(AppConfig):
    name = "luuppi.meaning"
    label = "meaning"
