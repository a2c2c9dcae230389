"""What concerns every HTTP request."""

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import HttpResponseRedirect

from coordination.common import parking

# Addresses that strangers may open: a view is closed unless its name stands here.
OPEN_TO_ALL = {
    "account_login",
    "account_inactive",
    "account_reset_password",
    "account_reset_password_done",
    "account_reset_password_from_key",
    "account_reset_password_from_key_done",
    "accept_invitation",
    "set_language",
    "healthz",
    "readyz",
    "favicon",
}


class SignInMiddleware:
    """Sends strangers to the sign-in page, and keeps what they had typed until they are back."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        match = request.resolver_match
        # Looked at first: who asks costs a query, which open addresses such as /healthz must not need.
        if match.view_name in OPEN_TO_ALL or match.app_name == "admin" or request.user.is_authenticated:
            return None
        if request.method != "POST":
            return redirect_to_login(request.get_full_path(), settings.LOGIN_URL)
        response = HttpResponseRedirect(parking.sign_in_address(request))
        parking.park(request, response)
        return response
