"""The rules, which a superuser may change; what follows from them, to be read."""

from django.contrib import admin
from procrastinate.contrib.django import app

from coordination.common.admin import ReadOnlyAdmin, ScopedAdmin
from coordination.forecast.models import Experience, Forecast, Requirement, Rule


class WeighedAdmin(ScopedAdmin):
    """A change of a rule has all coming activities weighed anew. The admin's own log tells who changed what."""

    def save_model(self, request, obj, form, change):
        super().save_model(request, obj, form, change)
        app.configure_task("forecast.refresh").defer(path="")


@admin.register(Rule)
class RuleAdmin(WeighedAdmin):
    list_display = ["about", "need", "value", "limit", "risk", "source"]
    list_filter = ["about", "need", "risk"]


@admin.register(Requirement)
class RequirementAdmin(WeighedAdmin):
    list_display = [
        "need",
        "platform",
        "download_mbps",
        "upload_mbps",
        "latency_ms",
        "jitter_ms",
        "loss_percent",
        "confidence",
    ]
    list_filter = ["need", "platform"]


@admin.register(Forecast)
class ForecastAdmin(ReadOnlyAdmin):
    list_display = ["activity", "risk", "data_at", "computed_at"]
    list_filter = ["risk"]
    search_fields = ["activity__number"]
    list_select_related = ["activity"]


@admin.register(Experience)
class ExperienceAdmin(ReadOnlyAdmin):
    list_display = ["activity", "answer", "office", "created_at"]
    list_filter = ["answer"]
    search_fields = ["activity__number"]
    list_select_related = ["activity", "office"]
