"""How signing in differs from allauth's habits: nobody signs up, people are invited."""

from allauth.account.adapter import DefaultAccountAdapter

from coordination.common.parking import last_person
from coordination.people import accounts


class InvitationOnlyAdapter(DefaultAccountAdapter):
    def is_open_for_signup(self, request):
        return False

    def send_password_reset_mail(self, user, email, context):
        """Leave it to the worker: a slow mail server keeps nobody waiting, and a failing one is asked again."""
        accounts.order_password_mail(user)

    def _get_login_attempts_cache_key(self, request, **credentials):
        """Count wrong passwords for each account and for who was signed in last in this browser.

        Otherwise anybody who knows a user name could keep its owner out with ten wrong passwords; the owner's own
        browser has a count of its own.
        """
        return f"{super()._get_login_attempts_cache_key(request, **credentials)}:{last_person(request)}"
