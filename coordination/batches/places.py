"""Which region a row of a list means: by code, by its names from the province down, or by a point.

The tree is held in memory once an import, about 60 MB whatever the list's length.
"""

from collections import defaultdict
from difflib import get_close_matches
from math import floor

from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from coordination.batches.faults import RowFault, UnknownName
from coordination.common.tables import Column
from coordination.regions.distances import distance_km
from coordination.regions.models import EarlierCode, Level, OtherName, Region, with_dots
from coordination.regions.searching import KIND_WORDS, words

TIERS = ("province", "regency", "district", "village")
# What people write above the columns with names.
NAMES = (
    Column("province", ("provinsi", "nama provinsi", "nmprov", "nama prov"), required=False),
    Column(
        "regency",
        ("kabupaten", "kabupaten/kota", "kab/kota", "kabkota", "nama kabupaten", "nama kabupaten/kota", "nmkab"),
        required=False,
    ),
    Column("district", ("kecamatan", "distrik", "nama kecamatan", "nmkec"), required=False),
    Column("village", ("desa", "desa/kelurahan", "kelurahan", "kelurahan/desa", "nama desa", "nmdesa"), required=False),
)
# The words that say only what a place is, and short forms. "Kota" stays: Kota Bandung is not Kab. Bandung.
NOT_NAMES = KIND_WORDS | {"kab", "administrasi", "adm"}
LONG_FORMS = {"kep": "kepulauan"}
LIKE, MOST_SUGGESTED = 0.6, 5
SEPARATOR, NOT_NAMED = " / ", "–"
# More places than this at once mean that the upper tiers are missing.
MOST_PARENTS = 600
# A tile of 610 m whose middle is farther than this from every village's point is not given to any.
REACH_KM = 5
CELL = 0.05  # degrees, a little more than REACH_KM


def bare(name):
    """A name as names are compared: without accents, blanks, signs and words such as "Kecamatan"."""
    found = [LONG_FORMS.get(word, word) for word in words(name)]
    return "".join([word for word in found if word not in NOT_NAMES] or found)


class Places:
    """The regions of today. `chosen` says what a name (path) of this list means, by region key."""

    def __init__(self, jurisdiction, chosen=None):
        self._jurisdiction, self._chosen = jurisdiction, chosen or {}
        self._by_code, self._path, self._point = {}, {}, {}
        self._children, self._by_name = defaultdict(list), defaultdict(list)
        rows = (
            Region.objects.current()
            .order_by()
            .values_list("pk", "code", "name", "level", "parent_id", "latitude", "longitude")
        )
        for key, code, name, level, parent, latitude, longitude in rows.iterator(chunk_size=5000):
            self._by_code[code], self._path[key] = key, f"{code}."
            self._children[parent].append(key)
            self._by_name[parent, bare(name)].append(key)
            if level == Level.VILLAGE and latitude is not None:
                self._point[key] = (latitude, longitude)
        self._add_earlier()
        self._known = {}

    def _add_earlier(self):
        for key, parent, name in OtherName.objects.values_list("region_id", "region__parent_id", "name"):
            same = self._by_name[parent, bare(name)]
            if key in self._path and key not in same:
                same.append(key)
        for code, key in EarlierCode.objects.order_by("valid_to").values_list("code", "region_id"):
            if key in self._path:
                self._by_code.setdefault(code, key)

    def by_code(self, code):
        """The key of the region that bears or bore this code. Raises RowFault."""
        key = self._by_code.get(with_dots(code))
        if key is None:
            raise RowFault("code", _("No region has the code “%(code)s”.") % {"code": code[:20]})
        return self._within(key)

    def path(self, key):
        """The path of a region that was found here."""
        return self._path[key]

    def by_names(self, names):
        """The key of the region with these names, from the province down, empty where the list has none.

        Raises RowFault without any name, UnknownName when a name fits no region or several.
        """
        if not any(names):
            raise RowFault("village", _("The row names no region."))
        found, path = None, ""
        for tier, name in enumerate(names):
            path += f"{SEPARATOR if tier else ''}{name[:100] or NOT_NAMED}"
            if name:
                found, whole = self._step(found, tier, name, path), path
        if len(found) > 1:
            raise UnknownName(whole, found[:MOST_SUGGESTED])
        return self._within(found[0])

    def _step(self, above, tier, name, path):
        """The regions of this tier with this name below those `above`; `path` are all names so far."""
        if path in self._known:
            return self._known[path]
        if path in self._chosen:
            found = [self._chosen[path]]
        else:
            parents = self._parents(above, tier)
            found = [key for parent in parents for key in self._by_name.get((parent, bare(name)), ())]
            if not found:
                raise UnknownName(path, self._alike(name, parents))
        if tier < len(TIERS) - 1:  # villages come once; keeping them would only take memory
            self._known[path] = found
        return found

    def _parents(self, above, tier):
        """The regions of the tier before, below those `above`; where nothing was named, below the jurisdiction."""
        if above is None:
            own = self._jurisdiction.path or ""
            depth = min(own.count("."), tier)
            prefix = ".".join(own.split(".")[:depth])
            above, at = [self._by_code.get(prefix)], depth
        else:
            at = self._path[above[0]].count(".")
        for _tier in range(at, tier):
            above = [child for parent in above for child in self._children[parent]]
            if len(above) > MOST_PARENTS:
                raise RowFault(TIERS[tier], _("Name the province and the regency as well: the name alone fits many."))
        return above

    def _alike(self, name, parents):
        """The keys of regions whose names are spelled like this one."""
        names = defaultdict(list)
        for parent in parents:
            for child in self._children[parent]:
                for each in self._names[child]:
                    names[each].append(child)
        close = get_close_matches(bare(name), names, n=MOST_SUGGESTED, cutoff=LIKE)
        return list(dict.fromkeys(key for each in close for key in names[each]))[:MOST_SUGGESTED]

    @cached_property
    def _names(self):
        """The names of each region; asked for only when one is misspelled."""
        found = defaultdict(set)
        for (_parent, name), keys in self._by_name.items():
            for key in keys:
                found[key].add(name)
        return found

    def nearest(self, latitude, longitude):
        """The key of the village nearest to the point. Raises RowFault when none lies within REACH_KM."""
        row, column = floor(latitude / CELL), floor(longitude / CELL)
        best, least = None, REACH_KM
        for cell in ((row + down, column + right) for down in (-1, 0, 1) for right in (-1, 0, 1)):
            for key, point in self._cells.get(cell, ()):
                distance = distance_km(latitude, longitude, *point)
                if distance <= least:
                    best, least = key, distance
        if best is None:
            raise RowFault("quadkey", _("No village lies within %(km)s km of this tile.") % {"km": REACH_KM})
        return self._within(best)

    @cached_property
    def _cells(self):
        """The villages by squares of CELL degrees."""
        cells = defaultdict(list)
        for key, (latitude, longitude) in self._point.items():
            cells[floor(latitude / CELL), floor(longitude / CELL)].append((key, (latitude, longitude)))
        return cells

    def _within(self, key):
        own = self._jurisdiction.path
        if own is None or not self._path[key].startswith(own):
            raise RowFault("", _("This region is outside your jurisdiction."))
        return key
