from django.apps import AppConfig


class RunningConfig(AppConfig):
    name = "luuppi.running"
    label = "running"
