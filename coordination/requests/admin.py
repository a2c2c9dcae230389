from django.contrib import admin
from django.urls import reverse
from django.utils.html import format_html

from coordination.common.admin import ReadOnlyAdmin
from coordination.history.showing import EventsShown
from coordination.requests.models import (
    AnswerTemplate,
    Attachment,
    Comment,
    CoordinationRequest,
    DeadlineRule,
    MissedDeadline,
    RiskWarning,
    StageTime,
    Watch,
)
from coordination.workdays.admin import CalendarAdmin


@admin.register(CoordinationRequest)
class CoordinationRequestAdmin(EventsShown, ReadOnlyAdmin):
    """Read here; filed, changed and moved on the portal's pages, which keep rules and history."""

    list_display = ["number", "subject", "region", "state", "urgency", "handling_office", "due_at"]
    list_filter = ["state", "urgency"]
    search_fields = ["number", "subject", "region_name"]
    list_select_related = ["region", "filing_office", "handling_office"]
    exclude = ["search"]
    readonly_fields = [
        "number", "state", "submitted_at", "due_at", "end_due_at", "raised_to", "ladder_due_at", "is_alarm",
        "planned_measure", "target_date", "waiting_for", "decline_reason", "outcome", "measures", "result",
        "resolved_at", "closed_at", "started_short", "version",
    ]  # fmt: skip
    date_hierarchy = "created_at"


@admin.register(Comment)
class CommentAdmin(ReadOnlyAdmin):
    list_display = ["request", "author", "office", "internal", "created_at"]
    list_filter = ["internal"]
    search_fields = ["request__number", "author__name", "text"]
    list_select_related = ["request", "author", "office"]
    date_hierarchy = "created_at"


@admin.register(Attachment)
class AttachmentAdmin(ReadOnlyAdmin):
    list_display = ["name", "request", "added_by", "office", "size", "created_at"]
    list_filter = ["content_type"]
    search_fields = ["name", "request__number"]
    list_select_related = ["request", "added_by", "office"]
    fields = ["name", "request", "added_by", "office", "content_type", "size", "sha256", "opened"]
    readonly_fields = ["opened"]

    @admin.display(description="URL")
    def opened(self, row):
        """Where the portal serves the file after its own check of the rights."""
        address = reverse("requests:attachment", args=[row.request.slug, row.key])
        return format_html('<a href="{}">{}</a>', address, address)


@admin.register(Watch)
class WatchAdmin(ReadOnlyAdmin):
    list_display = ["request", "office", "since"]
    search_fields = ["request__number", "office__name"]
    list_select_related = ["request", "office"]


@admin.register(AnswerTemplate)
class AnswerTemplateAdmin(EventsShown, ReadOnlyAdmin):
    """Written by the leads of the office on the portal's own pages."""

    list_display = ["title", "office", "verb", "is_active", "updated_at"]
    list_filter = ["is_active", "verb"]
    search_fields = ["title", "office__name"]
    list_select_related = ["office"]


@admin.register(RiskWarning)
class RiskWarningAdmin(ReadOnlyAdmin):
    list_display = ["activity", "days_before", "given_at"]
    list_filter = ["days_before"]
    search_fields = ["activity__number"]
    list_select_related = ["activity"]


@admin.register(DeadlineRule)
class DeadlineRuleAdmin(CalendarAdmin):
    """A change moves the deadlines of running requests too, as a change of the calendar does."""

    list_display = ["stage", "urgency", "amount", "unit"]
    list_filter = ["urgency"]


@admin.register(MissedDeadline)
class MissedDeadlineAdmin(ReadOnlyAdmin):
    list_display = ["request", "stage", "office", "due_at", "noticed_at", "raised_to"]
    list_filter = ["stage", ("raised_to", admin.EmptyFieldListFilter)]
    search_fields = ["request__number", "office__name"]
    list_select_related = ["request", "office", "raised_to"]
    date_hierarchy = "due_at"


@admin.register(StageTime)
class StageTimeAdmin(ReadOnlyAdmin):
    list_display = ["request", "stage", "office", "started_at", "ended_at", "minutes", "due_at"]
    list_filter = ["stage"]
    search_fields = ["request__number", "office__name"]
    list_select_related = ["request", "office"]
    date_hierarchy = "ended_at"
