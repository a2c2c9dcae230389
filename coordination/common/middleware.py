"""What concerns every HTTP request."""

import logging

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.db import DatabaseError, OperationalError
from django.http import HttpResponse, HttpResponseRedirect
from django.template.loader import render_to_string

from coordination.common import answers, parking
from coordination.common.errors import TooManyAtOnce

logger = logging.getLogger(__name__)

# Addresses that strangers may open: a view is closed unless its name stands here.
OPEN_TO_ALL = {
    "account_login",
    "account_inactive",
    "account_reset_password",
    "account_reset_password_done",
    "account_reset_password_from_key",
    "account_reset_password_from_key_done",
    "accept_invitation",
    "campaigns:feed",
    "set_language",
    "healthz",
    "readyz",
    "favicon",
    "service_worker",
    "manifest",
    "notifications:unsubscribe",
    "offline",
    "public:status",
    "public:region",
    "public:online",
    "public:data",
    "public:country_csv",
    "public:regencies_geojson",
    "public:province_csv",
}


class SignInMiddleware:
    """Sends strangers to the sign-in page, and keeps what they had typed until they are back."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        parking.remember(request, response)
        return answers.with_page(request, answers.instead_of_redirect(request, response))

    def process_view(self, request, view, args, kwargs):
        match = request.resolver_match
        if answers.is_of_another(request):
            return answers.failed(request, 401, "login")
        # Looked at first: who asks costs a query, which open addresses such as /healthz must not need.
        if match.view_name in OPEN_TO_ALL or request.user.is_authenticated:
            return None
        if match.app_name == "admin" and not parking.can_be_kept(request):
            return None  # it asks for signing in itself
        if answers.wants_receipt(request):
            return answers.failed(request, 401, "login")
        if request.method != "POST":
            return redirect_to_login(request.get_full_path(), settings.LOGIN_URL)
        if not parking.can_be_kept(request):
            return redirect_to_login("/", settings.LOGIN_URL)
        response = HttpResponseRedirect(parking.sign_in_address(request))
        parking.park(request, response)
        return response


class BusyMiddleware:
    """Answers what could not be done in time: once more where another try can help, then "try again".

    A view's changes are one transaction, so what failed left nothing behind.
    """

    RETRY_AFTER_SECONDS = 5
    MANY_RETRY_AFTER_SECONDS = 60
    # Lock not available, deadlock detected.
    WORTH_A_TRY = {"55P03", "40P01"}

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_exception(self, request, error):
        if isinstance(error, TooManyAtOnce):
            return self._later(request, 429, self.MANY_RETRY_AFTER_SECONDS)
        if not isinstance(error, OperationalError):
            return None
        if getattr(error.__cause__, "sqlstate", None) not in self.WORTH_A_TRY:
            return self._busy(request, error)
        match = request.resolver_match
        for _field, files in request.FILES.lists():
            for file in files:
                file.seek(0)
        try:
            return match.func(request, *match.args, **match.kwargs)
        except OperationalError as again:
            return self._busy(request, again, status=409)

    def _busy(self, request, error, status=503):
        """A page is told 503; the outbox 409 where somebody else was only too long at work on the same thing."""
        logger.warning("The database could not answer %s in time: %s", request.path, str(error).strip())
        return self._later(request, status if answers.wants_receipt(request) else 503, self.RETRY_AFTER_SECONDS)

    def _later(self, request, status, seconds):
        if answers.wants_receipt(request):
            return answers.failed(request, status, "later", retry_after=seconds)
        response = HttpResponse(status=status, headers={"Retry-After": seconds})
        kept = None
        if parking.can_be_kept(request):
            try:
                kept = parking.address(request) if parking.park(request, response) else None
            except DatabaseError:
                logger.warning("What was typed at %s could not be kept either", request.path)
        response.content = render_to_string("503.html", {"kept": kept, "status": status})
        return response
