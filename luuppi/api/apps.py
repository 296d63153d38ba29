from django.apps import AppConfig


class ApiConfig(AppConfig):
    name = "luuppi.api"
    label = "api"
