from django.apps import AppConfig


class InnerLoopConfig(AppConfig):
    name = "luuppi.inner_loop"
    label = "inner_loop"
