from django.apps import AppConfig


class DemoConfig(AppConfig):
    name = "coordination.demo"
