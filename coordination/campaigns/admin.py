"""Elections as superusers keep them: an election with its stages and methods on one page, and each as a list; who
stands in them; and what is planned, to be read."""

from django.contrib import admin

from coordination.batches.admin import BatchAdmin
from coordination.campaigns import resources
from coordination.campaigns.models import (
    CampaignActivity,
    CampaignMethod,
    CandidatePair,
    Contest,
    Election,
    ElectionMethod,
    ScheduleBatch,
    Stage,
)
from coordination.common.admin import ReadOnlyAdmin, ScopedAdmin
from coordination.history.showing import EventsShown
from coordination.people.importing import ListAdmin


class StageInline(admin.TabularInline):
    """Checked together with the days of the election above them."""

    model = Stage
    extra = 0
    can_delete = False


class ElectionMethodInline(admin.StackedInline):
    model = ElectionMethod
    extra = 0
    can_delete = False


class ElectionListAdmin(ListAdmin, ScopedAdmin):
    """For superusers, since an election is the country's. The admin's own log tells who changed what."""

    skip_admin_log = False


@admin.register(Election)
class ElectionAdmin(ElectionListAdmin):
    resource_classes = [resources.ElectionResource]
    list_display = ["name", "voting_date", "campaign_from", "campaign_to"]
    search_fields = ["name", "slug"]
    inlines = [StageInline, ElectionMethodInline]


@admin.register(Stage)
class StageAdmin(ElectionListAdmin):
    resource_classes = [resources.StageResource]
    list_display = ["name", "election", "starts_on", "ends_on", "confidence"]
    list_filter = ["election", "kind", "confidence"]
    list_select_related = ["election"]


@admin.register(CampaignMethod)
class CampaignMethodAdmin(ElectionListAdmin):
    resource_classes = [resources.CampaignMethodResource]
    list_display = ["name", "letter", "meets_online"]
    search_fields = ["name", "slug"]


@admin.register(ElectionMethod)
class ElectionMethodAdmin(ElectionListAdmin):
    resource_classes = [resources.ElectionMethodResource]
    list_display = ["method", "election", "allowed", "from_date", "to_date", "most_people", "confidence"]
    list_filter = ["election", "allowed", "confidence"]
    list_select_related = ["election", "method"]


@admin.register(Contest)
class ContestAdmin(ElectionListAdmin):
    resource_classes = [resources.ContestResource]
    list_display = ["region", "election", "confidence"]
    list_filter = ["election", "confidence", "region__level"]
    search_fields = ["region__name", "region__code"]
    list_select_related = ["region", "election"]
    autocomplete_fields = ["region"]


@admin.register(CandidatePair)
class CandidatePairAdmin(ScopedAdmin):
    """For superusers: staff of the admin sit in offices of every kind."""

    list_display = ["number", "names", "contest"]
    list_filter = ["contest__election"]
    search_fields = ["names", "contest__region__name"]
    autocomplete_fields = ["contest"]
    list_select_related = ["contest__region", "contest__election"]

    def get_queryset(self, request):
        rows = super().get_queryset(request)
        return rows if self._is_open_to(request) else rows.none()

    def _is_open_to(self, request):
        return request.user.is_active and request.user.is_superuser


@admin.register(CampaignActivity)
class CampaignActivityAdmin(EventsShown, ReadOnlyAdmin):
    """Read here, without the pair; registered and changed on the portal's pages, which keep the history."""

    list_display = ["number", "method", "region", "starts_at", "state", "office"]
    list_filter = ["state", "platform", "need"]
    search_fields = ["number", "region_name", "place"]
    list_select_related = ["region", "office", "method"]
    exclude = ["search", "candidate_pair", "batch"]
    readonly_fields = ["number", "state", "created_at", "updated_at", "version"]
    date_hierarchy = "starts_at"


@admin.register(ScheduleBatch)
class ScheduleBatchAdmin(BatchAdmin):
    """For those who may know the pairs: the name of a file may name them."""
