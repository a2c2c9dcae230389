"""How a sent form is answered: a page for browsers, a receipt for the outbox (static/js/outbox.js).

The outbox keeps what it sent until a receipt names the item's `client_id`: 201 for a new row, 200 when it was here
before. A refusal carries the errors by field and the page that a browser would show, with the form as it was typed.
"""

import copy
from datetime import timedelta

from django.contrib import messages
from django.db import DatabaseError
from django.http import Http404, JsonResponse, QueryDict  # noqa: TID251 -- the one place where receipts are written
from django.shortcuts import redirect, render  # noqa: TID251
from django.urls import resolve
from django.utils import timezone
from django.utils.datastructures import MultiValueDict
from django.utils.dateparse import parse_datetime

from coordination.common.forms import renew_hidden

OLDEST, SOONEST = timedelta(days=30), timedelta(days=1)


class Receipt(JsonResponse):
    """That what came under this `client_id` is saved, and where it is to be seen."""

    def __init__(self, receipt, **options):
        super().__init__(receipt, **options)
        self.receipt = receipt


def wants_receipt(request):
    """Whether the outbox asks, not a browser that follows a form."""
    return request.headers.get("Accept") == "application/json"


def is_of_another(request):
    """Whether the outbox sends an item of one person in the session of another, as after a change on a shared PC."""
    owner = request.headers.get("X-Owner")
    return bool(owner) and wants_receipt(request) and owner != str(request.user.pk)


def captured_at(request):
    """When the device says that the form was written; None where it does not say, or nothing that can be true."""
    try:
        moment = parse_datetime(request.POST.get("captured_at", ""))
    except ValueError:
        return None
    if moment is None or timezone.is_naive(moment):
        return None
    now = timezone.now()
    return moment if now - OLDEST <= moment <= now + SOONEST else None


def saved(request, row, said, *, client_id, is_new=True, tell=messages.success):
    """The receipt for `row`, or the way to its page with the sentence `said`."""
    if wants_receipt(request):
        receipt = {"client_id": str(client_id), "no": str(row), "url": row.get_absolute_url(), "said": str(said)}
        return Receipt(receipt, status=201 if is_new else 200)
    tell(request, said)
    return redirect(row)


def with_page(request, response):
    """A receipt that somebody waits for, with the page of what was saved: on a slow line that spares a round trip.

    Called after the view's transaction, since nobody else should wait for the rendering of a page.
    """
    if not isinstance(response, Receipt) or "queued" in request.POST:
        return response
    try:
        shown = _page_at(request, response.receipt["url"])
    except (Http404, DatabaseError):  # what is saved must be receipted whatever becomes of its page
        return response
    if shown.status_code == 200:
        response = Receipt(response.receipt | {"page": shown.content.decode()}, status=response.status_code)
    return response


def _page_at(request, address):
    """What the sender of `request` would get at this address of the portal."""
    following = copy.copy(request)
    following.method, following.path, following.path_info = "GET", address, address
    following.GET = following.POST = QueryDict()
    following._files = MultiValueDict()
    following.resolver_match = view, args, kwargs = resolve(address)
    return view(following, *args, **kwargs)


def page(request, template, context, *, form=None, status=200, asks=""):
    """The page, or where the outbox sent `form` and it was refused, its errors, or what it asks, with that page."""
    if form is not None:
        renew_hidden(form)
    shown = render(request, template, context, status=status)
    if status == 200 or not wants_receipt(request):
        return shown
    errors = {name: [str(error) for error in found] for name, found in form.errors.items()} if form else {}
    if asks:
        errors[""] = [str(asks)]
    return _refusal(errors, page=shown.content.decode())


def instead_of_redirect(request, response):
    """The answer as it is; to the outbox a page that sends its reader elsewhere is a refusal with the page's words."""
    if response.status_code not in (301, 302, 303) or not wants_receipt(request):
        return response
    return _refusal({"": [str(said) for said in messages.get_messages(request)]})


def _refusal(errors, **more):
    said = " ".join(text for found in errors.values() for text in found)
    return JsonResponse({"errors": errors, "said": said} | more, status=422)


def failed(request, status, error, *, retry_after=None):
    """What the outbox is told when nothing could be decided: it keeps the item and comes again."""
    headers = {"Retry-After": str(retry_after)} if retry_after else None
    return JsonResponse({"error": error}, status=status, headers=headers)
