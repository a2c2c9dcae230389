"""The section about activities of one election: how much is held online, where nothing is held face to face, and
whether a weak network goes with little online campaigning."""

from dataclasses import dataclass
from typing import NamedTuple

from coordination.campaigns.choices import ActivityState
from coordination.campaigns.filters import Period, Way
from coordination.campaigns.models import CampaignMethod, Election
from coordination.dashboards.choices import Share
from coordination.dashboards.correlation import spearman
from coordination.dashboards.published import ELECTION, PUBLISHED
from coordination.dashboards.sections.links import query
from coordination.networks.choices import NetworkLevel
from coordination.networks.levels import ORDER
from coordination.regions.models import Region

# In the place of a level, in addresses: the network is not measured there.
UNMEASURED = "belum"
LEVELS = [*NetworkLevel, ""]


class MethodRow(NamedTuple):
    name: str
    number: int
    online: int
    query: str
    online_query: str


class Cell(NamedTuple):
    """How many regencies there are of one level and share, and the query of their list."""

    number: int
    query: str


class RegencyRow(NamedTuple):
    """What takes place in a regency that votes; `level` is "" where the network is not measured."""

    path: str
    level: str
    number: int
    online: int
    face_to_face: int

    @property
    def share(self):
        """The Share of it that is held online."""
        if not self.number:
            return Share.NOTHING
        if not self.online:
            return Share.NONE
        part = self.online / self.number
        return Share.LITTLE if part < 0.25 else Share.SOME if part <= 0.5 else Share.MUCH

    def fits(self, *, level=None, share=None, without_meeting=False):
        """Whether it is among those of a level ("" for not measured), a share, without anything face to face."""
        if without_meeting and self.face_to_face:
            return False
        return (level is None or self.level == level) and (share is None or self.share == share)


class RegencyLine(NamedTuple):
    """A RegencyRow with its region, and the queries of the lists of its activities."""

    region: Region
    row: RegencyRow
    query: str
    online_query: str
    meeting_query: str

    @classmethod
    def of(cls, region, row, election):
        queries = ({}, {"way": Way.ONLINE.value}, {"way": Way.FACE_TO_FACE.value})
        return cls(region, row, *(_list(region, election, **way) for way in queries))


@dataclass(frozen=True)
class Section:
    elections: list  # those of which something takes place here, the newest first
    election: Election | None
    methods: list
    total: MethodRow | None
    face_to_face: Cell
    regencies: list
    pairs: list  # those that stand, those with an activity, those with one online

    @property
    def chosen(self):
        """The query of a page about this election."""
        return f"?pemilihan={self.election.pk}"

    @property
    def without_meeting(self):
        """The regencies without any activity face to face."""
        number = sum(row.fits(without_meeting=True) for row in self.regencies)
        return Cell(number, f"{self.chosen}&tatap-muka=tanpa")

    @property
    def table(self):
        """[(level, [Cell by Share])] over all regencies."""
        return [(level, [self._cell(level, share) for share in Share]) for level in LEVELS]

    def _cell(self, level, share):
        number = sum(row.fits(level=level, share=share) for row in self.regencies)
        return Cell(number, f"{self.chosen}&tingkat={level or UNMEASURED}&porsi={share.value}")

    @property
    def compared(self):
        """[(how bad the network is, share online)] of the regencies that have a level and an activity."""
        rows = [row for row in self.regencies if row.level and row.number]
        return [(ORDER.index(row.level), row.online / row.number) for row in rows]

    @property
    def correlation(self):
        """Of a bad network with a large share online, or None where too little is known."""
        return spearman(self.compared)

    @property
    def published(self):
        """What others published about this election."""
        return PUBLISHED if self.election.slug == ELECTION else ()


def section(region, figures, wanted=""):
    """The Section of the election with the key `wanted`, a text, or of the newest with activities there."""
    elections, election = elections_of(figures, wanted)
    if election is None:
        return Section([], None, [], None, Cell(0, ""), [], [0, 0, 0])
    numbers = figures["elections"][str(election.pk)]
    methods = _methods(region, election, numbers["methods"])
    total = MethodRow(
        "",
        sum(row.number for row in methods),
        sum(row.online for row in methods),
        _list(region, election),
        _list(region, election, way=Way.ONLINE.value),
    )
    return Section(
        elections=elections,
        election=election,
        methods=methods,
        total=total,
        face_to_face=Cell(numbers["face_to_face"], _list(region, election, way=Way.FACE_TO_FACE.value)),
        regencies=regencies_of(figures, election),
        pairs=numbers["pairs"],
    )


def elections_of(figures, wanted=""):
    """(the elections with activities there, the one with the key `wanted` or else the newest, None without any)"""
    elections = list(Election.objects.filter(pk__in=figures["elections"]))
    return elections, next((each for each in elections if str(each.pk) == wanted), elections[0] if elections else None)


def regencies_of(figures, election):
    """[RegencyRow] of all regencies that vote in the election, by path."""
    rows = figures["elections"][str(election.pk)]["regencies"]
    return [RegencyRow(path, *rest) for path, rest in sorted(rows.items())]


def _methods(region, election, counts):
    names = CampaignMethod.objects.filter(pk__in=counts)
    return [
        MethodRow(
            method.name,
            *counts[str(method.pk)],
            _list(region, election, method=method.pk),
            _list(region, election, method=method.pk, way=Way.ONLINE.value),
        )
        for method in names
    ]


def _list(region, election, **chosen):
    """The query of the list of activities that take place in this election, whenever they do."""
    shown = {"election": election.pk, "period": Period.ALL.value, "state": ActivityState.TAKES_PLACE}
    return query(region, **shown, **chosen)
