from django.apps import AppConfig


class DeliveryConfig(AppConfig):
    name = "luuppi.delivery"
    label = "delivery"

    def ready(self) -> None:
        from luuppi.delivery import examining  # noqa: F401 registers itself
