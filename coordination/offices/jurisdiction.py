"""Which regions an official answers for: the region of the office, and all below it (product rule 2)."""

from dataclasses import dataclass

from django.db.models import Q

# Never Q(): alone it matches every row, but "Q() or something" is something.
NOTHING = Q(pk__in=[])
EVERYTHING = ~NOTHING


@dataclass(frozen=True)
class Jurisdiction:
    """A prefix of region paths. '' is the whole country, None is nowhere."""

    path: str | None

    @classmethod
    def of(cls, user):
        """The jurisdiction of a user; nowhere for strangers, deactivated people and people without an office."""
        if not user.is_authenticated or not user.is_active:
            return cls(None)
        if user.is_superuser:
            return cls("")
        if user.office is None:
            return cls(None)
        return cls(user.office.region_path)

    @property
    def everywhere(self):
        return self.path == ""

    @property
    def is_narrow(self):
        """Whether it is a regency, or less: about one in 500 of all rows."""
        return bool(self.path) and self.path.count(".") > 1

    def q(self, region_field="region"):
        """A condition on rows whose `region_field` points to a region within this jurisdiction."""
        if self.path is None:
            return NOTHING
        if self.everywhere:
            return EVERYTHING
        return Q(**{f"{region_field}__path__startswith": self.path})

    def regions(self, queryset):
        """The regions of `queryset` that lie within this jurisdiction."""
        if self.path is None:
            return queryset.none()
        return queryset.filter(path__startswith=self.path) if self.path else queryset

    def covers(self, region):
        """Whether `region` lies within this jurisdiction."""
        return self.path is not None and region.path.startswith(self.path)
