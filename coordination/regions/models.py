"""The tree of provinces, regencies and cities, districts and villages, with earlier codes and names."""

from django.contrib.postgres.indexes import GinIndex, GistIndex
from django.contrib.postgres.search import SearchQuery, SearchVectorField
from django.db import models
from django.db.models import Case, Func, When
from django.db.models.functions import Collate, Upper
from django.db.models.lookups import In
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from coordination.regions.searching import storable, tsquery, whole_names


class Level(models.IntegerChoices):
    PROVINCE = 1, _("Province")
    REGENCY = 2, _("Regency/city")
    DISTRICT = 3, _("District")
    VILLAGE = 4, _("Village")


# The provinces in which a district is a "distrik".
PAPUA = tuple(map(str, range(91, 97)))


class TimeZone(models.TextChoices):
    WIB = "Asia/Jakarta", "WIB"
    WITA = "Asia/Makassar", "WITA"
    WIT = "Asia/Jayapura", "WIT"


def with_dots(code):
    """3273011001 as 32.73.01.1001; a code that has its dots already stays as it is."""
    if not code.isascii() or not code.isdecimal() or len(code) not in (2, 4, 6, 10):
        return storable(code[:20])
    ends = (2, 4, 6, 10)
    return ".".join(code[begin:end] for begin, end in zip((0, *ends), ends, strict=False) if end <= len(code))


def paths_above(path):
    """The paths of all regions above the one of this path, the widest first."""
    codes = path.split(".")[:-1]
    return [".".join(codes[:length]) + "." for length in range(1, len(codes))]


def regency_path(path):
    """The path of the regency or city in which a region of this path lies; a province's own for a province."""
    return ".".join(path.split(".")[:2]).rstrip(".") + "."


class RegionQuerySet(models.QuerySet):
    def current(self):
        """Regions that exist today."""
        return self.filter(valid_to=None)

    def resolve(self, code):
        """The region of a current or earlier code, with or without dots. Raises Region.DoesNotExist."""
        dotted = with_dots(code)
        found = self.filter(code=dotted).first()
        if found is None:
            earlier = EarlierCode.objects.filter(code=dotted).order_by("-valid_to")
            found = self.filter(pk__in=earlier.values("region")[:1]).first()
        if found is None:
            raise self.model.DoesNotExist(f"No region has or had the code {code!r}.")
        return found

    def search(self, text):
        """Regions by name, earlier name or code, also while somebody is still typing; the best match first."""
        query = tsquery(text)
        if query is None:
            return self.none()
        # Two letters match 10,000 names; comparing them as bytes takes a third off the time of such a search.
        whole = Case(When(In(Upper(Collate("name", "C")), whole_names(text)), then=0), default=1)
        return self.filter(search=SearchQuery(query, config="simple", search_type="raw")).order_by(
            whole, "level", "path"
        )


class Region(models.Model):
    """One region. Rows of other apps point to its key: codes change when provinces split, history stays."""

    code = models.CharField(_("code"), max_length=13, unique=True)
    name = models.CharField(_("name"), max_length=100)
    # "Ciwidey, Kec. Ciwidey, Kab. Bandung, Jawa Barat": stored, so that no list has to climb the tree.
    full_name = models.CharField(_("full name"), max_length=400)
    level = models.PositiveSmallIntegerField(_("level"), choices=Level)
    parent = models.ForeignKey(
        "self", verbose_name=_("parent"), null=True, blank=True, on_delete=models.PROTECT, related_name="children"
    )
    # The codes of the region and all above it, each ended by a dot, so that 32.7 never matches 32.73.
    path = models.CharField(_("path"), max_length=14, unique=True)
    latitude = models.FloatField(_("latitude"), null=True, blank=True)
    longitude = models.FloatField(_("longitude"), null=True, blank=True)
    time_zone = models.CharField(_("time zone"), max_length=20, choices=TimeZone)
    population = models.PositiveIntegerField(_("population"), null=True, blank=True)
    valid_from = models.DateField(_("valid from"), null=True, blank=True)
    valid_to = models.DateField(_("valid to"), null=True, blank=True)
    search = SearchVectorField(null=True, editable=False)

    objects = RegionQuerySet.as_manager()

    class Meta:
        verbose_name = _("region")
        verbose_name_plural = _("regions")
        ordering = ["path"]
        indexes = [
            GinIndex(fields=["search"], name="region_search"),
            # The nearest of a level, in degrees.
            *(
                GistIndex(
                    Func("longitude", "latitude", function="point"),
                    name=f"region_near_{level.name.lower()}",
                    condition=models.Q(level=level),
                )
                for level in Level
            ),
        ]
        constraints = [
            models.CheckConstraint(condition=models.Q(path__endswith="."), name="region_path_ends_in_its_separator"),
            models.CheckConstraint(
                condition=models.Q(level=Level.PROVINCE, parent=None) | models.Q(level__gt=1, parent__isnull=False),
                name="region_below_a_province_has_a_parent",
            ),
        ]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("region", args=[self.code])

    @property
    def regency_path(self):
        """The path of the regency or city this region lies in; a province's own path for a province."""
        return regency_path(self.path)

    @property
    def kind(self):
        """What it is called: the digit after the district tells a desa (2) from a kelurahan (1)."""
        if self.level == Level.REGENCY:
            return _("City") if self.name.startswith("Kota ") else _("Regency")
        if self.level == Level.DISTRICT:
            return _("Distrik") if self.code.startswith(PAPUA) else _("District")
        if self.level == Level.VILLAGE:
            return {"1": _("Kelurahan"), "2": _("Desa")}.get(self.code[9:10], Level.VILLAGE.label)
        return Level.PROVINCE.label

    @property
    def digits(self):
        """The code as election offices write it in their numbers: 3273."""
        return self.code.replace(".", "")


class EarlierCode(models.Model):
    """A code that a region bore before; it still resolves."""

    region = models.ForeignKey(Region, on_delete=models.CASCADE, related_name="earlier_codes")
    code = models.CharField(_("code"), max_length=13)
    valid_from = models.DateField(_("valid from"), null=True, blank=True)
    valid_to = models.DateField(_("valid to"))
    source = models.CharField(_("source"), max_length=200)

    class Meta:
        verbose_name = _("earlier code")
        verbose_name_plural = _("earlier codes")
        constraints = [models.UniqueConstraint(fields=["code", "valid_to"], name="earlier_code_once_a_period")]

    def __str__(self):
        return self.code


class OtherName(models.Model):
    """An earlier name or another spelling, by which people still search."""

    region = models.ForeignKey(Region, on_delete=models.CASCADE, related_name="other_names")
    name = models.CharField(_("name"), max_length=100)
    valid_to = models.DateField(_("valid to"), null=True, blank=True)
    source = models.CharField(_("source"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("other name")
        verbose_name_plural = _("other names")
        constraints = [models.UniqueConstraint(fields=["region", "name"], name="other_name_once_a_region")]

    def __str__(self):
        return self.name


class ReferenceLoad(models.Model):
    """Which edition of the reference was loaded when."""

    digest = models.CharField(max_length=64)
    loaded_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("reference load")
        verbose_name_plural = _("reference loads")

    def __str__(self):
        return f"{self.loaded_at:%Y-%m-%d} {self.digest[:12]}"
