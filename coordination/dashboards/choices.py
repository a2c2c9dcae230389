"""What a map can be narrowed to."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Only(models.TextChoices):
    """Regions with something to do; the values stand in addresses."""

    WEAK = "lemah", _("Weak or no signal")
    OBSTACLES = "hambatan", _("With obstacles")
    AT_RISK = "risiko", _("With activities at risk")
    LATE = "tenggat", _("With requests past the deadline")
