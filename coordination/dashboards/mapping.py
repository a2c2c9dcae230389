"""The map: the coasts, and a dot for each region below the one that is shown, with what is known of its network."""

import re
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from itertools import accumulate
from pathlib import Path
from typing import NamedTuple

from django.db.models import OuterRef, Subquery

from coordination.dashboards.choices import Only
from coordination.dashboards.keeping import figures_for
from coordination.dashboards.outline.build import simplified
from coordination.dashboards.projection import HEIGHT, WIDTH, project
from coordination.dashboards.queries import known_regions
from coordination.networks.choices import NetworkLevel
from coordination.networks.models import RegionLevel
from coordination.regions.models import Level

OUTLINE = Path(__file__).parent / "outline" / "indonesia.txt"
# The least that is shown of a part of the country, in units of the map, and what share of it lies around the dots.
LEAST, MARGIN = 4, 0.1
# The whole country is drawn in units twice as long, and bays and capes below COARSE of these are left out.
AFAR, COARSE = 2, 6
WHOLE = (0, 0, WIDTH // AFAR, HEIGHT // AFAR)
COUNTED = {Only.OBSTACLES: "obstacles", Only.AT_RISK: "at_risk", Only.LATE: "late"}
# Of a district or a village the page of the region tells all.
SHOWN = (Level.PROVINCE, Level.REGENCY)
BAD = (NetworkLevel.WEAK, NetworkLevel.NO_SIGNAL)


class Counts(NamedTuple):
    """Standing obstacles of the network, activities at risk in the next 14 days, requests past their deadline."""

    obstacles: int = 0
    at_risk: int = 0
    late: int = 0


class Dot(NamedTuple):
    """One region on the map; x and y are None where its place is unknown."""

    code: str
    name: str
    x: int | None
    y: int | None
    level: str
    counts: Counts

    def has(self, only):
        """Whether it has what a map narrowed to `only`, a value of Only, shows; everything has ""."""
        if only == Only.WEAK:
            return self.level in BAD
        return not only or bool(getattr(self.counts, COUNTED[only]))


@dataclass(frozen=True)
class Map:
    dots: list
    # What is known of the region itself but of none of those below, such as an obstacle that names no district.
    unplaced: Counts
    box: tuple  # x, y, width and height of what is shown
    counted_at: datetime | None  # when its counts were

    @property
    def placed(self):
        """The dots that have a place."""
        return [dot for dot in self.dots if dot.x is not None]

    @property
    def coasts(self):
        """An SVG path of the islands that lie in the box."""
        if self.box == WHOLE:
            return from_afar()
        return "".join(island.path for island in islands() if island.touches(self.box))

    # Texts, since templates write numbers with the comma of the language, which SVG does not read.

    @property
    def view_box(self):
        """What is shown, as an SVG has it."""
        return " ".join(map(str, self.box))

    @property
    def radius(self):
        """That of a dot, in the units of the box."""
        return str(self._radius)

    @property
    def sign_box(self):
        """The box in which the legend shows a sign of the map."""
        far = 3 * self._radius
        return f"{-far:.2f} {-far:.2f} {2 * far:.2f} {2 * far:.2f}"

    @property
    def _radius(self):
        return round(self.box[2] / 160, 2)


class Island(NamedTuple):
    """A part of an SVG path, and the smallest and largest x and y of it."""

    path: str
    left: int
    right: int
    top: int
    bottom: int

    @classmethod
    def read(cls, path):
        """From "M120 40l3 1 …z": a point, and steps from there."""
        numbers = [int(number) for number in re.findall(r"-?\d+", path)]
        across, up = list(accumulate(numbers[::2])), list(accumulate(numbers[1::2]))
        return cls(path, min(across), max(across), min(up), max(up))

    def touches(self, box):
        """Whether some of it may lie within (x, y, width, height)."""
        x, y, width, height = box
        return self.left <= x + width and self.right >= x and self.top <= y + height and self.bottom >= y


@cache
def islands():
    """The coasts of Indonesia in the units of `projection`."""
    return [Island.read(path) for path in OUTLINE.read_text(encoding="ascii").splitlines()]


@cache
def from_afar():
    """The coasts for a map of the whole country: a fifth of the bytes, without what is too small to be seen there."""
    return "".join(filter(None, map(_coarse, islands())))


def _coarse(island):
    """The island without its small bays; "" for one that is hardly more than a line then."""
    numbers = [int(number) for number in re.findall(r"-?\d+", island.path)]
    points = [(x // AFAR, y // AFAR) for x, y in zip(accumulate(numbers[::2]), accumulate(numbers[1::2]), strict=True)]
    points = simplified([*points, points[0]], COARSE)[:-1]
    steps = " ".join(f"{x - x0} {y - y0}" for (x0, y0), (x, y) in zip(points, points[1:], strict=False))
    return f"M{points[0][0]} {points[0][1]}l{steps}z" if len(points) > 2 else ""


def map_of(user, region=None, only=""):
    """The Map of what this user may see of a region, or of the country, narrowed to a value of Only.

    The country shows its regencies, a province or a regency its districts.
    """
    level = Level.DISTRICT if region else Level.REGENCY
    path = region.path if region else ""
    kept = figures_for(user, region)
    counts = {of: Counts(*numbers) for of, numbers in kept.figures["below"].items()} if kept else {}
    rows = known_regions(user).filter(level=level, path__startswith=path).order_by("path")
    network = RegionLevel.objects.filter(region=OuterRef("pk")).values("level")
    rows = rows.annotate(shown=Subquery(network)).values_list("path", "code", "name", "latitude", "longitude", "shown")
    dots = [
        Dot(code, name, *_place(latitude, longitude, region), shown or "", counts.pop(of, Counts()))
        for of, code, name, latitude, longitude, shown in rows
    ]
    unplaced = Counts(*map(sum, zip(*counts.values(), strict=True))) if counts else Counts()
    return Map([dot for dot in dots if dot.has(only)], unplaced, _box(dots, region), kept and kept.counted_at)


def _place(latitude, longitude, region):
    """Finer within a regency, whose districts lie a few units apart."""
    if latitude is None or longitude is None:
        return None, None
    if region is None:
        return tuple(round(number / AFAR) for number in project(latitude, longitude))
    return project(latitude, longitude, digits=1 if region.level == Level.REGENCY else None)


def _box(dots, region):
    """The whole country, or what surrounds the dots of a part of it."""
    across, up = [dot.x for dot in dots if dot.x is not None], [dot.y for dot in dots if dot.y is not None]
    if region is None or not across:
        return WHOLE
    width, height = max(max(across) - min(across), LEAST), max(max(up) - min(up), LEAST)
    around = max(width, height) * MARGIN
    box = min(across) - around, min(up) - around, width + 2 * around, height + 2 * around
    return tuple(round(number, 1) for number in box)
