"""Keeps what somebody typed when the session ended or the form's token was refused, until they are back."""

import secrets
from urllib.parse import urlencode

from django.core import signing
from django.core.cache import cache
from django.http import QueryDict  # noqa: TID251 -- a posted form is the thing that is kept
from django.urls import reverse

COOKIE = "titipan"
PARAMETER = "pulihkan"
KEEP_SECONDS = 60 * 60
MAX_CHARS = 200_000
NEVER_KEPT = ("csrfmiddlewaretoken", "password", "password1", "password2", "oldpassword")


def park(request, response):
    """Keep the posted text (not the files) for an hour against a signed cookie set on `response`."""
    data = request.POST.copy()
    for name in NEVER_KEPT:
        data.pop(name, None)
    text = data.urlencode()
    if not data or len(text) > MAX_CHARS:
        return
    key = secrets.token_urlsafe(24)
    cache.set(f"parked:{key}", {"path": request.path, "text": text}, KEEP_SECONDS)
    response.set_cookie(
        COOKIE, signing.dumps(key, salt=COOKIE), max_age=KEEP_SECONDS,
        httponly=True, secure=request.is_secure(), samesite="Lax",
    )  # fmt: skip


def parked(request):
    """The kept form for this address as a QueryDict, once; None when there is none or it was another's address."""
    if PARAMETER not in request.GET or COOKIE not in request.COOKIES:
        return None
    try:
        key = signing.loads(request.COOKIES[COOKIE], salt=COOKIE, max_age=KEEP_SECONDS)
    except signing.BadSignature:
        return None
    kept = cache.get(f"parked:{key}")
    if not kept or kept["path"] != request.path:
        return None
    cache.delete(f"parked:{key}")
    return QueryDict(kept["text"])


def address(request):
    """The same page with the mark that asks it to show the kept form."""
    return f"{request.path}?{urlencode({PARAMETER: 1})}"


def sign_in_address(request):
    """The sign-in page that leads back to the kept form."""
    return f"{reverse('account_login')}?{urlencode({'next': address(request)})}"
