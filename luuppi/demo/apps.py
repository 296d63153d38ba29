from django.apps import AppConfig


class DemoConfig(AppConfig):
    name = "luuppi.demo"
    label = "demo"
