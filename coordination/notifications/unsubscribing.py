"""The link in each mail by which its addressee, who need not sign in, stops mails of that kind."""

from django.conf import settings
from django.urls import reverse
from django.utils.crypto import constant_time_compare, salted_hmac

from coordination.notifications.choices import Kind
from coordination.offices.models import Official

SALT = "notifications.unsubscribe"
ALL = "all"
# The keys of the database have at most 19 digits.
LONGEST_KEY = 18


def address(person, kind):
    """The address that stops mails of this kind to the person, or of all kinds for ""."""
    return settings.PORTAL_URL + reverse("notifications:unsubscribe", args=[token(person, kind)])


def token(person, kind):
    """Holds as long as the person keeps the mail address, and tells nothing of it."""
    scope = kind or ALL
    return f"{person.pk}.{scope}.{_signature(person, scope)}"


def opened(text):
    """(person, kinds) of a token that holds, or None."""
    key, scope, signature = (*text.split(".", 2), "", "")[:3]
    if not key.isdecimal() or len(key) > LONGEST_KEY or scope not in (ALL, *Kind.values):
        return None
    person = Official.objects.filter(pk=int(key)).first()
    if person is None or not constant_time_compare(signature, _signature(person, scope)):
        return None
    return person, Kind.values if scope == ALL else [scope]


def _signature(person, scope):
    return salted_hmac(SALT, f"{person.pk}.{scope}.{person.email.lower()}", algorithm="sha256").hexdigest()
