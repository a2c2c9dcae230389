from django.contrib import admin, messages
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from coordination.common.admin import ReadOnlyAdmin
from coordination.notifications.delivering import send_again
from coordination.notifications.models import Mail, MailSettings, Notification, RefusedAddress


@admin.register(Notification)
class NotificationAdmin(ReadOnlyAdmin):
    """Who was told what and when; for superusers, since an inbox is its owner's."""

    list_display = ["addressee", "event", "kind", "reason", "created_at", "read_at", "collect_at", "mail"]
    list_filter = ["kind", ("read_at", admin.EmptyFieldListFilter), ("mail", admin.EmptyFieldListFilter)]
    list_select_related = ["addressee", "event", "mail__addressee"]
    search_fields = ["addressee__username", "addressee__name"]
    date_hierarchy = "created_at"


class StateFilter(admin.SimpleListFilter):
    """What became of a mail."""

    title = gettext_lazy("state")
    parameter_name = "state"

    def lookups(self, request, model_admin):
        return [("owed", _("Waiting")), ("given_up", _("Failed for good")), ("sent", _("Sent")), ("not", _("Withheld"))]

    def queryset(self, request, queryset):
        chosen = {
            "owed": queryset.owed,
            "given_up": queryset.given_up,
            "sent": lambda: queryset.exclude(sent_at=None),
            "not": lambda: queryset.exclude(withheld_at=None),
        }.get(self.value())
        return chosen() if chosen else queryset


@admin.register(Mail)
class MailAdmin(ReadOnlyAdmin):
    """The mails, what became of each, and sending one again."""

    list_display = ["id", "addressee", "kind", "due_at", "next_try_at", "sent_at", "withheld_because", "attempts",
                    "last_error"]  # fmt: skip
    list_filter = [StateFilter, "kind", "withheld_because"]
    list_select_related = ["addressee"]
    search_fields = ["addressee__username", "addressee__name", "message_id", "sent_to"]
    date_hierarchy = "due_at"
    readonly_fields = ["told", "message_id", "created_at"]
    actions = ["send_again"]

    @admin.display(description=gettext_lazy("What it tells"))
    def told(self, mail):
        news = mail.notifications.select_related("event").prefetch_related("event__subject")
        return "; ".join(f"{row.event.subject}: {row.event.words}" for row in news)

    @admin.action(description=gettext_lazy("Send again"))
    def send_again(self, request, queryset):
        for mail in queryset:
            send_again(mail, actor=request.user)
        messages.success(request, _("%(number)s mails leave within a minute.") % {"number": len(queryset)})


@admin.register(MailSettings)
class MailSettingsAdmin(ReadOnlyAdmin):
    """Read here: everybody chooses for themselves, on the page of the inbox."""

    list_display = ["person", "steps", "comments", "deadlines", "obstacles", "activities", "outages"]
    list_select_related = ["person"]
    search_fields = ["person__username", "person__name"]


@admin.register(RefusedAddress)
class RefusedAddressAdmin(ReadOnlyAdmin):
    """Addresses to which nothing is sent until their owners confirm them or somebody corrects them."""

    list_display = ["address", "refused_at", "status", "words"]
    search_fields = ["address"]
    date_hierarchy = "refused_at"
