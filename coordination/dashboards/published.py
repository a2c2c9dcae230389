"""What others published about the campaign of Pilkada 2020, to be read beside the portal's own figures.

Each with what it counts, who said it, of which days, and where it was printed: the same word stands for different
bases. Two periods of Bawaslu's series were not found in print; together they are what is missing to its total, and
are told so.
"""

from datetime import date
from typing import NamedTuple

from django.utils.translation import gettext_lazy as _

ELECTION = "pilkada-2020"  # the short name of the election that they are about


class Published(NamedTuple):
    """`value` out of `of`, texts as they were printed, `of` "" where there is no whole; `sources` are [(paper, day)].

    `first` and `last` are the days that it counts, None where it tells how things stood when it was said.
    """

    what: str
    value: str
    of: str
    base: str
    who: str
    first: date | None
    last: date | None
    sources: tuple


_MET = _("Activities face to face")
_COUNTED = _("activities that Bawaslu counted")
_REGIONS = _("regions that vote, 9 of them provinces")
_KPU_PAIRS = (("Kompas", date(2020, 10, 20)),)
_KPU_ACTIVITIES = (("Suara.com", date(2020, 10, 21)),)
_FIRST = (("Kompas", date(2020, 10, 7)),)
_SERIES = (("Kompas", date(2020, 11, 21)), ("Tribunnews", date(2020, 12, 4)), ("Kompas", date(2020, 12, 4)))
_BEGIN, _FIRST_END, _END = date(2020, 9, 26), date(2020, 10, 5), date(2020, 11, 24)

PUBLISHED = (
    Published(_("Campaign online or by social media"), "4 %", "", _("candidate pairs"), "KPU", None, None, _KPU_PAIRS),
    Published(_("Activities online"), "985", "4.196 (23 %)", _("activities that KPU counted"), "KPU", None, None,
              _KPU_ACTIVITIES),
    Published(_("Regions with activities face to face"), "256", "270 (95 %)", _REGIONS, "Bawaslu", _BEGIN, _FIRST_END,
              _FIRST),
    Published(_("Regions without any face to face"), "14", "270 (5 %)", _REGIONS, "Bawaslu", _BEGIN, _FIRST_END,
              _FIRST),
    Published(_("Regions with activities online"), "37", "270 (14 %)", _REGIONS, "Bawaslu", _BEGIN, _FIRST_END,
              _FIRST),
    Published(_("Activities online"), "53", "", _COUNTED, "Bawaslu", _BEGIN, _FIRST_END, _FIRST),
    Published(_MET, "9.189", "", _COUNTED, "Bawaslu", _BEGIN, _FIRST_END, _FIRST),
    Published(_MET, "16.468", "", _COUNTED, "Bawaslu", date(2020, 10, 6), date(2020, 10, 15), _SERIES),
    # The total without the four periods that are known.
    Published(_MET, "30.220", "", _("not printed: computed from the total"), "Bawaslu", date(2020, 10, 16),
              date(2020, 11, 4), _SERIES),
    Published(_MET, "17.738", "", _COUNTED, "Bawaslu", date(2020, 11, 5), date(2020, 11, 14), _SERIES),
    Published(_MET, "18.025", "", _COUNTED, "Bawaslu", date(2020, 11, 15), _END, _SERIES),
    Published(_("Activities face to face, total"), "91.640", "", _COUNTED, "Bawaslu", _BEGIN, _END, _SERIES),
)  # fmt: skip
