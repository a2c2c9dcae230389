"""Pages that belong to no subject: a refused form token."""

from django.http import HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from coordination.common import answers, parking


def csrf_failure(request, reason=""):
    """Show the filled form again with a fresh token; where that is impossible, say what to do."""
    if answers.wants_receipt(request):
        return answers.failed(request, 403, "token")
    if request.POST and request.path == reverse("account_login"):
        return HttpResponseRedirect(request.get_full_path())
    if not parking.can_be_kept(request):
        return render(request, "403_csrf.html", status=403)
    response = HttpResponseRedirect(parking.address(request))
    parking.park(request, response)
    return response
