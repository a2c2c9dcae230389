"""Wires the project's own checks."""

from django.apps import AppConfig


class PortalConfig(AppConfig):
    """The project itself, as far as Django has to know of it."""

    name = "portal"

    def ready(self):
        from portal import checks  # noqa: F401, PLC0415 - registers the checks, which need the apps loaded
