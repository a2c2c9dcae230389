"""Rules between settings that Django's own checks do not know."""

from django.conf import settings
from django.core.checks import Error, Tags, register

LOOPBACK = {"localhost", "127.0.0.1", "[::1]", "testserver"}


@register(Tags.security)
def demo_stays_on_this_machine(app_configs, **kwargs):
    """The demo's passwords are published and its cookies travel without TLS: nobody else may reach it."""
    strangers = sorted(set(settings.ALLOWED_HOSTS) - LOOPBACK)
    if not settings.DEMO or not strangers:
        return []
    return [
        Error(
            f"PORTAL_DEMO is True, but ALLOWED_HOSTS lets others in: {', '.join(strangers)}.",
            hint="Leave PORTAL_DEMO out of a real installation, or ALLOWED_HOSTS out of a demo.",
            id="portal.E001",
        )
    ]


@register(Tags.security)
def hosts_are_named(app_configs, **kwargs):
    """With a wildcard the Host header of a stranger would end up in links."""
    if "*" not in settings.ALLOWED_HOSTS:
        return []
    return [Error("ALLOWED_HOSTS contains '*'. Name the portal's own hosts.", id="portal.E002")]


@register(Tags.security)
def secrets_differ(app_configs, **kwargs):
    """Whoever learns the key of sessions must not be able to forge the history as well."""
    if settings.SECRET_KEY != settings.HISTORY_KEY:
        return []
    return [Error("HISTORY_KEY equals SECRET_KEY. Give each its own value.", id="portal.E003")]
