"""Keeps what somebody typed when the session ended or the form's token was refused, until they are back."""

import hashlib
import secrets
from urllib.parse import urlencode

from django.core import signing
from django.core.cache import caches
from django.http import QueryDict  # noqa: TID251 -- a posted form is the thing that is kept
from django.urls import Resolver404, resolve, reverse

COOKIE = "titipan"
LAST_COOKIE = "terakhir"
PARAMETER = "pulihkan"
KEEP_SECONDS = 60 * 60
LAST_SECONDS = 30 * 24 * 60 * 60
MAX_CHARS = 100_000
# Forms that cannot be shown again by opening their address.
NOT_SHOWN_AGAIN = {
    "account_login", "account_logout", "admin:password_change", "set_language", "notifications:read",
    "notifications:confirm_address",
    "offices:revoke", "offices:switch", "offices:end_absence", "requests:switch_template", "campaigns:renew_feed",
}  # fmt: skip
NEVER_KEPT = {
    "csrfmiddlewaretoken", "password", "password1", "password2", "oldpassword",
    "old_password", "new_password1", "new_password2",
}  # fmt: skip


def can_be_kept(request):
    """Whether something was typed at an address that can show it again; of the admin's only the forms of a row can."""
    try:
        name = resolve(request.path_info).view_name
    except Resolver404:
        return False
    if name.startswith("admin:") and not name.endswith(("_add", "_change")):
        return False
    return bool(request.POST) and name not in NOT_SHOWN_AGAIN


def park(request, response):
    """Keep the posted text (not the files) for an hour against a signed cookie set on `response`. Says whether it did.

    A browser keeps one form for each address, so that forms in several tabs do not push each other out.
    """
    data = request.POST.copy()
    for name in NEVER_KEPT:
        data.pop(name, None)
    text = data.urlencode()
    if not data or len(text) > MAX_CHARS:
        return False
    secret = _secret(request) or secrets.token_urlsafe(24)
    owner = request.user.pk if request.user.is_authenticated else last_person(request)
    caches["parked"].set(_key(secret, request.path), {"text": text, "owner": owner}, KEEP_SECONDS)
    response.set_cookie(
        COOKIE, signing.dumps(secret, salt=COOKIE), max_age=KEEP_SECONDS,
        httponly=True, secure=request.is_secure(), samesite="Lax",
    )  # fmt: skip
    # Read again, since this cache swallows the errors of the database.
    return caches["parked"].get(_key(secret, request.path)) is not None


def parked(request):
    """The kept form for this address as a QueryDict; None when there is none or it is another person's.

    It stays for its hour, since the answer that shows it may be lost on the way. It belongs to who was signed in last
    in this browser when it was sent, or else to whoever sees it first: on a shared computer the next person does not.
    """
    secret = _secret(request) if PARAMETER in request.GET else None
    key = secret and _key(secret, request.path)
    kept = key and caches["parked"].get(key)
    if not kept or kept["owner"] not in (None, request.user.pk):
        return None
    if kept["owner"] is None:
        caches["parked"].set(key, kept | {"owner": request.user.pk}, KEEP_SECONDS)
    return QueryDict(kept["text"])


def remember(request, response):
    """Note in a signed cookie who was signed in last in this browser: whose form it is when a session has ended."""
    if not request.session.accessed or not request.user.is_authenticated:
        return
    note = signing.Signer(salt=LAST_COOKIE).sign(str(request.user.pk))
    if request.COOKIES.get(LAST_COOKIE) != note:
        response.set_cookie(
            LAST_COOKIE, note, max_age=LAST_SECONDS, httponly=True, secure=request.is_secure(), samesite="Lax"
        )


def address(request):
    """The same page with the mark that asks it to show the kept form."""
    return f"{request.path}?{urlencode({PARAMETER: 1})}"


def sign_in_address(request):
    """The sign-in page that leads back to the kept form."""
    return f"{reverse('account_login')}?{urlencode({'next': address(request)})}"


def last_person(request):
    """The key of who was signed in last in this browser, or None."""
    try:
        return int(signing.Signer(salt=LAST_COOKIE).unsign(request.COOKIES.get(LAST_COOKIE, "")))
    except (signing.BadSignature, ValueError):
        return None


def _secret(request):
    """What this browser's cookie says, or None when it has none that we made."""
    try:
        return signing.loads(request.COOKIES.get(COOKIE, ""), salt=COOKIE, max_age=KEEP_SECONDS)
    except signing.BadSignature:
        return None


def _key(secret, path):
    return f"parked:{hashlib.sha256(f'{secret} {path}'.encode()).hexdigest()}"
