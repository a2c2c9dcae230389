from django.contrib import admin

from coordination.campaigns.models import Contest, Election
from coordination.common.admin import ReadOnlyAdmin


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
