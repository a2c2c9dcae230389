"""What a map, and a list of regencies, can be narrowed to."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from coordination.offices.jurisdiction import Jurisdiction


class Only(models.TextChoices):
    """Regions with something to do; the values stand in addresses."""

    WEAK = "lemah", _("Weak or no signal")
    OBSTACLES = "hambatan", _("With obstacles")
    AT_RISK = "risiko", _("With activities at risk")
    LATE = "tenggat", _("With requests past the deadline")


class Share(models.TextChoices):
    """How much of what takes place in a regency is held online; the values stand in addresses."""

    NOTHING = "kosong", _("No activity")
    NONE = "nol", _("None online")
    LITTLE = "kurang-25", _("Below 25 %")
    SOME = "25-50", _("25 to 50 %")
    MUCH = "lebih-50", _("Above 50 %")


class Tier(models.TextChoices):
    """What is counted anew together: regencies within a minute or two, what is above them as often as it can be."""

    REGENCIES = "regencies", _("Regencies and cities")
    ABOVE = "above", _("Provinces and the country")

    @classmethod
    def of(cls, path):
        """The tier of the region with this path; "" is the country."""
        return cls.REGENCIES if Jurisdiction(path).is_narrow else cls.ABOVE
