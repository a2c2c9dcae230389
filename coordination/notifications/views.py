"""The inbox of an official, and the choice of mails."""

from django.contrib import messages
from django.contrib.contenttypes.prefetch import GenericPrefetch
from django.db.models import Count, Max
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from coordination.common import answers, parking
from coordination.common.errors import AlreadyDone, StaleVersion
from coordination.common.forms import put_in
from coordination.common.paging import page
from coordination.history.stepping import last_event
from coordination.notifications import bounces, preferences, unsubscribing
from coordination.notifications.choices import Kind
from coordination.notifications.forms import MailSettingsForm
from coordination.notifications.models import Notification
from coordination.notifications.queries import visible_subjects


@require_GET
def inbox(request):
    rows = (
        Notification.objects.of(request.user)
        .select_related("event__actor", "event__office")
        .prefetch_related(GenericPrefetch("event__subject", visible_subjects(request.user)))
    )
    unread = Notification.objects.of(request.user).unread().aggregate(count=Count("pk"), newest=Max("pk"))
    context = {
        "page": page(rows, "created_at", cursor=request.GET.get("dari", "")),
        "unread": unread["count"],
        "newest": unread["newest"],
        "refused": bounces.refused(request.user),
    }
    return render(request, "notifications/list.html", context)


@require_POST
def read_all(request):
    """Those that the page showed or stood behind it; what came since stays new."""
    seen = request.POST.get("sampai", "")
    if seen.isdecimal() and len(seen) < 19:
        Notification.objects.of(request.user).filter(pk__lte=int(seen)).mark_read()
    return redirect("notifications:list")


@require_http_methods(["GET", "POST"])
def mail_settings(request):
    data = request.POST if request.method == "POST" else parking.parked(request)
    form = MailSettingsForm.of(preferences.settings_of(request.user), data)
    if request.method == "GET":
        return _settings_page(request, form)
    if not form.is_valid():
        return _settings_page(request, form, status=422)
    values = dict(form.cleaned_data)
    try:
        preferences.choose(request.user, values, version=values.pop("version"))
    except StaleVersion as error:
        put_in(form, version=error.current.version)
        form.add_error(None, str(error))
        shown = {"conflict": last_event(error.current), "differences": form.differences(error.current)}
        return _settings_page(request, form, status=409, **shown)
    except AlreadyDone as done:
        messages.info(request, str(done))
    else:
        messages.success(request, _("The changes are saved."))
    return redirect("notifications:settings")


def _settings_page(request, form, status=200, **context):
    context |= {"form": form, "refused": bounces.refused(request.user)}
    return answers.page(request, "notifications/settings.html", context, form=form, status=status)


@require_POST
def confirm_address(request):
    bounces.confirm(request.user)
    messages.success(request, _("Mails go to this address again."))
    return redirect("notifications:settings")


@never_cache
@csrf_exempt  # sent by mail programs as well (RFC 8058), which have no cookie of ours; the token is the right
@require_http_methods(["GET", "POST"])
def unsubscribe(request, token):
    """Open to whoever holds the mail; a program that follows its links changes nothing."""
    found = unsubscribing.opened(token)
    if found is None:
        return render(request, "notifications/unsubscribe.html", {"refused": True}, status=410)
    person, kinds = found
    if request.method == "POST":
        preferences.turn_off(person, kinds)
    context = {"kinds": [Kind(kind).label for kind in kinds], "is_done": request.method == "POST"}
    return render(request, "notifications/unsubscribe.html", context)
