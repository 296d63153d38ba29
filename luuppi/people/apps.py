from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "luuppi.people"
    label = "people"
