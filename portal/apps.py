"""Wires the project's own checks, and its own site of the admin."""

from django.apps import AppConfig
from django.contrib.admin import apps as admin


class PortalConfig(AppConfig):
    """The project itself, as far as Django has to know of it."""

    name = "portal"

    def ready(self):
        from portal import checks  # noqa: F401, PLC0415 - registers the checks, which need the apps loaded


class PortalAdminConfig(admin.AdminConfig):
    """The admin with the portal's own sign-in (administration.py)."""

    default = False
    default_site = "portal.administration.PortalAdminSite"
