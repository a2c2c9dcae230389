"""Pages that belong to no subject: a refused form token, and what could not be found or done."""

from django.http import HttpResponseRedirect
from django.shortcuts import render
from django.urls import Resolver404, resolve

from coordination.common import parking

# Forms that cannot be shown again by opening their address; the page explains instead.
NOT_SHOWN_AGAIN = {"account_logout", "set_language"}


def csrf_failure(request, reason=""):
    """Show the filled form again with a fresh token; where that is impossible, say what to do."""
    try:
        name = resolve(request.path_info).view_name
    except Resolver404:
        name = None
    if name is None or name in NOT_SHOWN_AGAIN or name.startswith("admin:") or not request.POST:
        return render(request, "403_csrf.html", status=403)
    if name == "account_login":
        return HttpResponseRedirect(request.get_full_path())
    response = HttpResponseRedirect(parking.address(request))
    parking.park(request, response)
    return response
