from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "coordination.people"
