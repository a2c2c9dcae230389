"""Pages that belong to no subject: a refused form token, and what a device needs to work without a network."""

import hashlib
from functools import cache

from django.conf import settings
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.http import HttpResponseRedirect
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_GET

from coordination.common import answers, parking

TOO_MUCH = (RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent)


def csrf_failure(request, reason=""):
    """Show the filled form again with a fresh token; where that is impossible, say what to do."""
    if answers.wants_receipt(request):
        get_token(request)  # with the answer comes the cookie that the outbox was without
        return answers.failed(request, 403, "token")
    if request.POST and request.path == reverse("account_login"):
        return HttpResponseRedirect(request.get_full_path())
    if not parking.can_be_kept(request):
        return render(request, "403_csrf.html", status=403)
    response = HttpResponseRedirect(parking.address(request))
    parking.park(request, response)
    return response


def bad_request(request, exception):
    """What cannot be read, or is too much. Django's own page for it reads the form again, and fails over it again."""
    status = 413 if isinstance(exception, TOO_MUCH) else 400
    if answers.wants_receipt(request):
        return answers.failed(request, status, "too much" if status == 413 else "unreadable")
    return render(request, f"{status}.html", status=status)


@cache_control(no_cache=True)
@require_GET
def service_worker(request):
    """The service worker, from the top of the site so that it serves all pages. It changes with any file it keeps."""
    return render(request, "common/sw.js", {"edition": _edition()}, content_type="text/javascript")


@cache
def _edition():
    """Changes with every template, word, script and style, so that devices fetch what they keep anew."""
    digest = hashlib.sha256()
    for folder, ending in (("templates", "*.html"), ("locale", "*.mo"), ("static", "*.js"), ("static", "*.css")):
        for path in sorted((settings.BASE_DIR / folder).rglob(ending)):
            digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


@cache_control(max_age=24 * 60 * 60)
@require_GET
def manifest(request):
    """What a phone needs to put the portal beside its apps."""
    return render(request, "common/manifest.json", content_type="application/manifest+json")
