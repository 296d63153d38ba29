from django.apps import AppConfig


class CaptureConfig(AppConfig):
    name = "luuppi.capture"
    label = "capture"
