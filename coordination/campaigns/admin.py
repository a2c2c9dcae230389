from django.contrib import admin

from coordination.campaigns.models import CampaignActivity, CandidatePair, Contest, Election
from coordination.common.admin import ReadOnlyAdmin, ScopedAdmin
from coordination.history.showing import EventsShown


@admin.register(Election)
class ElectionAdmin(ReadOnlyAdmin):
    list_display = ["name", "voting_date", "campaign_from", "campaign_to"]
    search_fields = ["name"]


@admin.register(Contest)
class ContestAdmin(ReadOnlyAdmin):
    list_display = ["region", "election", "confidence"]
    list_filter = ["election", "confidence", "region__level"]
    search_fields = ["region__name", "region__code"]
    list_select_related = ["region", "election"]


@admin.register(CandidatePair)
class CandidatePairAdmin(ScopedAdmin):
    """For superusers: staff of the admin sit in offices of every kind."""

    list_display = ["number", "names", "contest"]
    list_filter = ["contest__election"]
    search_fields = ["names", "contest__region__name"]
    list_select_related = ["contest__region", "contest__election"]

    def _is_open_to(self, request):
        return request.user.is_active and request.user.is_superuser


@admin.register(CampaignActivity)
class CampaignActivityAdmin(EventsShown, ReadOnlyAdmin):
    """Read here, without the pair; registered and changed on the portal's pages, which keep the history."""

    list_display = ["number", "method", "region", "starts_at", "state", "office"]
    list_filter = ["state", "platform", "need"]
    search_fields = ["number", "region_name", "place"]
    list_select_related = ["region", "office", "method"]
    exclude = ["search", "candidate_pair"]
    readonly_fields = ["number", "state", "created_at", "updated_at", "version"]
    date_hierarchy = "starts_at"
