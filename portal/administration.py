"""The admin's site: the portal's own sign-in, and no way around the jurisdiction."""

from functools import wraps

from allauth.account.decorators import secure_admin_login
from django.conf import settings
from django.contrib.admin import AdminSite
from django.core.exceptions import BadRequest
from django.shortcuts import redirect
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _

LEFT_OUT = {"view_on_site"}
# Of the libraries' own lists: groups of permissions would decide nothing, since rights follow from offices and roles;
# an address is an official's; sessions end with a deactivation; jobs are the operator's.
NOT_LISTED = {
    "auth.Group",
    "account.EmailAddress",
    "usersessions.UserSession",
    "procrastinate.ProcrastinateJob",
}


class PortalAdminSite(AdminSite):
    site_header = site_title = settings.SITE_NAME
    index_title = _("Administration")
    # The lists are wide and the people who keep them have small screens.
    enable_nav_sidebar = False

    def get_urls(self):
        """Without the short cut /r/…, which leads from any number to the page of a thing and so tells its name."""
        return [entry for entry in super().get_urls() if getattr(entry, "name", "") not in LEFT_OUT]

    def admin_view(self, view, cacheable=False):
        """Refuses signs that no text in the database can hold; the admin's own searches fail over them."""
        inner = super().admin_view(view, cacheable)

        @wraps(inner)
        def checked(request, *args, **kwargs):
            if "\x00" in "".join(value for _name, values in request.GET.lists() for value in values):
                raise BadRequest("a NUL in the query")
            return inner(request, *args, **kwargs)

        return checked

    def register(self, model_or_iterable, admin_class=None, **options):
        models = model_or_iterable if isinstance(model_or_iterable, list | tuple) else [model_or_iterable]
        listed = [model for model in models if model._meta.label not in NOT_LISTED]
        super().register(listed, admin_class, **options)

    def password_change(self, request, extra_context=None):
        """The page of the portal, which keeps to its rules for passwords."""
        return redirect("account_change_password")

    def logout(self, request, extra_context=None):
        """The page of the portal, which asks what becomes of what is unsent and tells the device that somebody left."""
        return redirect("account_logout")

    @method_decorator(secure_admin_login)
    def login(self, request, extra_context=None):
        """The sign-in page of the portal, since that one limits how often passwords are tried."""
        return super().login(request, extra_context)
