"""What works online in a region, for whoever plans there: the rules of the forecast over the network alone.

Obstacles and planned outages are left out on purpose: a verdict that followed from one would tell of which kind a
single report is.
"""

from dataclasses import dataclass

from django.utils import timezone

from coordination.campaigns.choices import Need
from coordination.forecast.evidence import RegencyEvidence
from coordination.forecast.models import Requirement
from coordination.forecast.refreshing import present_rules
from coordination.forecast.weighing import Evidence, KnownLevel, Measured, Plan, weigh

NEEDS = (Need.HOST, Need.JOIN, Need.STREAM, Need.WATCH)


@dataclass(frozen=True)
class Verdict:
    need: Need
    risk: str  # of forecast.choices.Risk
    requirement: Requirement | None


@dataclass(frozen=True)
class Online:
    verdicts: list
    level: KnownLevel | None
    measured: Measured | None


def online_in(region):
    """The Online of a regency, a district or a village."""
    now = timezone.now()
    known, rules = RegencyEvidence(region.regency_path, now).of(region), present_rules()
    network = Evidence(known.level, known.measured)
    verdicts = [
        Verdict(need, weigh(_plan(region, need, now), network, rules, now)[0], rules.requirement(need, ""))
        for need in NEEDS
    ]
    return Online(verdicts, known.level, known.measured)


def _plan(region, need, now):
    """Something of an hour that might begin now; of no kind of platform and in no election."""
    return Plan(
        key=0, region_key=region.pk, need=need, platform="", starts_at=now, ends_at=now, changed_at=now,
        time_zone=region.time_zone,
    )  # fmt: skip
