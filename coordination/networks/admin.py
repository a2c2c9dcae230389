from django.contrib import admin

from coordination.common.admin import ReadOnlyAdmin
from coordination.networks.models import Operator


@admin.register(Operator)
class OperatorAdmin(ReadOnlyAdmin):
    list_display = ["name", "valid_from", "valid_to", "successor"]
    search_fields = ["name"]
    list_select_related = ["successor"]
