from django.apps import AppConfig


class DeliveryConfig(AppConfig):
    name = "luuppi.delivery"
    label = "delivery"
