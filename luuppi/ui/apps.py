from django.apps import AppConfig


class UiConfig(AppConfig):
    name = "luuppi.ui"
    label = "ui"
