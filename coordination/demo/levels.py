"""Simulated levels of networks, so that map, figures and public page have something to show: one list that names
itself a simulation, and says nothing of what was measured in the demonstration."""

from datetime import timedelta

from django.db.models import Q
from django.utils import timezone

from coordination.demo import lists
from coordination.demo.lists import Drawn
from coordination.networks.choices import ListKind, NetworkLevel
from coordination.networks.importing import LevelImport
from coordination.networks.levels import ORDER
from coordination.networks.lists import Stated
from coordination.offices.choices import Kind
from coordination.regions.models import PAPUA, Level, Region

SOURCE = "Simulasi untuk contoh, bukan data kementerian"
BACK = timedelta(days=12)
MEASURED = 0.9  # the share of the regions of which the list says something
# Java with Bali; East Nusa Tenggara, the Moluccas and Papua. All else lies between.
DENSE, SPARSE = ("31", "32", "33", "34", "35", "36", "51"), ("53", "81", "82", *PAPUA)
# Of a hundred cities, and of a hundred regencies, how many are strong, medium, weak, without signal.
CITIES = {DENSE: (80, 18, 2, 0), SPARSE: (25, 50, 25, 0), (): (60, 34, 6, 0)}
REGENCIES = {DENSE: (38, 42, 18, 2), SPARSE: (3, 22, 50, 25), (): (18, 44, 31, 7)}
CITY = "7"  # begins the second part of a city's code
WORDS = {
    NetworkLevel.STRONG: "kuat", NetworkLevel.MEDIUM: "sedang", NetworkLevel.WEAK: "lemah",
    NetworkLevel.NO_SIGNAL: "tanpa sinyal",
}  # fmt: skip


class DrawnLevels(Drawn, LevelImport):
    pass


def show_levels(stage, whole, rng):
    """Let the ministry import levels of the regencies and cities, and of the villages of those with the codes `whole`.

    What shows a level already is left out. Returns the batch.
    """
    stated_on = timezone.localdate(stage.diary.now) - BACK
    drawn = [(code, key, _level(code, rng)) for code, key in _unmeasured(whole) if rng.random() < MEASURED]
    rows = [
        Stated(number, key, level, SOURCE, stated_on) for number, (_code, key, level) in enumerate(drawn, lists.FIRST)
    ]
    lines = [("kode", "tingkat"), *((code, WORDS[level]) for code, _key, level in drawn)]
    ministry = stage.cast.lead(stage.cast.office(Kind.KOMINFO, None).pk)
    typed = {"kind": ListKind.LEVELS, "source": SOURCE, "stated_on": stated_on}
    return lists.bring(DrawnLevels(rows), "simulasi-tingkat.csv", lines, actor=ministry, **typed)


def _unmeasured(whole):
    wanted = Q(level=Level.REGENCY)
    for code in whole:
        wanted |= Q(level=Level.VILLAGE, path__startswith=f"{code}.")
    return Region.objects.current().filter(wanted, network=None).order_by("path").values_list("code", "pk")


def _level(code, rng):
    province, regency = code.split(".")[:2]
    mixes = CITIES if regency.startswith(CITY) else REGENCIES
    mix = next(mix for provinces, mix in mixes.items() if province in provinces or not provinces)
    return rng.choices(ORDER, mix)[0]
