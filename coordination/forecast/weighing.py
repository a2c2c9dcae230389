"""The risk of an activity from what is known about the network at its place: no database, no clock, no chance.

Each thing known gives a Reason with the risk that it brings, and the worst of them is the risk of the activity. So a
worse network never lowers it. Where nothing tells the level and nothing else raises the risk, it cannot be told.
"""

from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from coordination.campaigns.choices import Need
from coordination.forecast.choices import ORDER, About, Risk
from coordination.networks.levels import ORDER as LEVELS
from coordination.obstacles.choices import ObstacleState

# Reasons that follow from no rule: nothing is asked of the network, nothing is known of it, it has what is asked.
NOTHING, NOT_KNOWN, ENOUGH = "nothing", "unknown", "enough"
# Only what tells how good the network is may show a low risk; that no obstacle is known does not.
REASSURING = (About.LEVEL, ENOUGH)
SPEEDS, DELAYS = ("download_mbps", "upload_mbps"), ("latency_ms", "jitter_ms", "loss_percent")


@dataclass(frozen=True)
class Reason:
    """Why the risk is at least `risk` ("": it raises nothing). `model` and `key` name the record that it rests on."""

    about: str
    risk: str
    model: str
    key: int
    facts: dict = field(default_factory=dict)


@dataclass(frozen=True)
class Plan:
    """What the forecast must know of an activity."""

    key: int
    region_key: int
    need: str
    platform: str
    starts_at: datetime
    ends_at: datetime
    changed_at: datetime
    time_zone: str

    def days(self, earlier, later):
        """How many midnights of the place lie between two moments: the risk does not depend on the hour of weighing."""
        zone = ZoneInfo(self.time_zone)
        return (later.astimezone(zone).date() - earlier.astimezone(zone).date()).days


@dataclass(frozen=True)
class KnownLevel:
    """The level at the place, or the nearest one known: `km` away, or that of a `tier` above ("" for neither)."""

    region_key: int
    level: str
    at: datetime
    region: str
    code: str
    derived: bool = False
    km: float | None = None
    tier: str = ""
    source: str = ""


@dataclass(frozen=True)
class Measured:
    """The newest measurement with figures at the place."""

    key: int
    at: datetime
    download_mbps: float | None
    upload_mbps: float | None
    latency_ms: int | None
    jitter_ms: int | None = None
    loss_percent: float | None = None
    operator: str = ""
    address: str = ""


@dataclass(frozen=True)
class Hindrance:
    """A network obstacle that touches the place; `cleared_at` where it no longer stands."""

    key: int
    number: str
    kind: str
    state: str
    since: datetime
    until: datetime | None
    cleared_at: datetime | None = None
    operators: tuple = ()


@dataclass(frozen=True)
class Outage:
    """A planned outage that touches the place and is expected to happen."""

    key: int
    number: str
    impact: str
    starts_at: datetime
    ends_at: datetime
    operator: str = ""


@dataclass(frozen=True)
class Evidence:
    level: KnownLevel | None = None
    measured: Measured | None = None
    hindrances: tuple = ()
    outages: tuple = ()


class Rules:
    """The rows of Rule and Requirement, looked up the way the weighing asks."""

    def __init__(self, rules, requirements):
        self._rules = {(rule.about, rule.need, rule.value): rule for rule in rules}
        self._requirements = {(each.need, each.platform): each for each in requirements}

    def rule(self, about, need="", value=""):
        """The rule for this need, else the one for any; None where there is none."""
        return self._rules.get((about, need, value)) or self._rules.get((about, "", value))

    def of_level(self, need, level):
        """The risk that a level brings: never less than that of a better level, whatever the rules say; "" without."""
        better = LEVELS[: LEVELS.index(level) + 1]
        found = [self.rule(About.LEVEL, need, each) for each in better]
        return worst(rule.risk for rule in found if rule)

    def requirement(self, need, platform):
        """What the platform needs, else what any does; None where nothing is known."""
        return self._requirements.get((need, platform)) or self._requirements.get((need, ""))


def worst(risks):
    """The worst of several risks; "" of none."""
    return max(filter(None, risks), key=ORDER.index, default="")


def at_most(risk, rule):
    """The risk, capped by the rule."""
    return risk if rule is None else min(risk, rule.risk, key=ORDER.index)


def weigh(plan, evidence, rules, now):
    """(risk, [Reason], date of the data) of a planned activity, the weightiest reason first."""
    if plan.need == Need.NONE:
        return Risk.LOW, [Reason(NOTHING, Risk.LOW, "activity", plan.key)], plan.changed_at
    reasons = [
        *_of_level(plan, evidence.level, rules, now),
        *_of_figures(plan, evidence.measured, rules),
        *(reason for each in evidence.hindrances if (reason := _of_hindrance(plan, each, rules, now))),
        *(reason for each in evidence.outages if (reason := _of_outage(plan, each, rules))),
    ]
    reasons.sort(key=lambda reason: -ORDER.index(reason.risk) if reason.risk else 1)
    risk = worst(reason.risk for reason in reasons)
    known = [each.at for each in (evidence.level, evidence.measured) if each]
    if risk in ("", Risk.LOW) and not any(reason.about in REASSURING and reason.risk for reason in reasons):
        risk = Risk.UNKNOWN
    return risk, reasons, max(known, default=None)


def _of_level(plan, known, rules, now):
    if known is None:
        yield Reason(NOT_KNOWN, "", "region", plan.region_key)
        return
    facts = {
        "level": known.level, "on": known.at.isoformat(), "region": known.region, "code": known.code,
        "derived": known.derived, "source": known.source, "need": plan.need,
    }  # fmt: skip
    if known.km is not None:
        facts["km"] = round(known.km, 1)
    if known.tier:
        facts["tier"] = known.tier
    yield Reason(About.LEVEL, rules.of_level(plan.need, known.level), "level", known.region_key, facts)
    old = rules.rule(About.OLD)
    days = plan.days(known.at, now)
    if old and days > old.limit:
        yield Reason(About.OLD, old.risk, "level", known.region_key, {"days": days, "limit": old.limit})
    near = rules.rule(About.NEAR)
    if near and known.km is not None and known.km > near.limit:
        yield Reason(About.NEAR, near.risk, "level", known.region_key, {"km": facts["km"], "limit": near.limit})
    tier = known.tier and rules.rule(About.TIER, value=known.tier)
    if tier:
        yield Reason(About.TIER, tier.risk, "level", known.region_key, {"tier": known.tier})


def _of_figures(plan, measured, rules):
    needed = measured and rules.requirement(plan.need, plan.platform)
    if not needed:
        return
    facts = {"on": measured.at.isoformat(), "operator": measured.operator, "address": measured.address,
             "platform": plan.platform, "need": plan.need}  # fmt: skip
    below, tight = rules.rule(About.BELOW), rules.rule(About.TIGHT)
    for name in SPEEDS:
        has, needs = getattr(measured, name), float(getattr(needed, name))
        if has is None or not needs:
            continue
        found = facts | {"figure": name, "has": round(has, 3), "needs": needs}
        about, risk = ENOUGH, Risk.LOW
        if below and has < needs:
            about, risk = About.BELOW, below.risk
        elif tight and has * tight.limit / 100 < needs:
            about, risk = About.TIGHT, tight.risk
        yield Reason(about, risk, "assessment", measured.key, found)
    for name in DELAYS:
        has, most = getattr(measured, name), getattr(needed, name)
        if tight and most is not None and has is not None and has > most:
            found = facts | {"figure": name, "has": float(has), "needs": float(most)}
            yield Reason(About.TIGHT, tight.risk, "assessment", measured.key, found)


def _of_hindrance(plan, obstacle, rules, now):
    risk = _of_standing(plan, obstacle, rules, now)
    if risk is None:
        return None
    facts = {"number": obstacle.number, "kind": obstacle.kind, "operators": list(obstacle.operators),
             "since": obstacle.since.isoformat()}  # fmt: skip
    if obstacle.cleared_at is None:
        facts |= {
            "ahead": max(plan.days(now, plan.starts_at), 0), "until": obstacle.until and obstacle.until.isoformat(),
            "mitigated": obstacle.state == ObstacleState.MITIGATED,
        }  # fmt: skip
        return Reason(About.OBSTACLE, risk, "obstacle", obstacle.key, facts)
    recent, days = rules.rule(About.RECENT), plan.days(obstacle.cleared_at, now)
    if recent is None or days > recent.limit:
        return None
    # To clear an obstacle never makes things worse than they were with it.
    return Reason(About.RECENT, at_most(risk, recent), "obstacle", obstacle.key, facts | {"days": days})


def _of_standing(plan, obstacle, rules, now):
    """The risk that the obstacle brings as long as it stands; None where it does not touch the plan."""
    rule = rules.rule(About.OBSTACLE, plan.need, obstacle.kind)
    if rule is None or obstacle.since > plan.ends_at or (obstacle.until and obstacle.until < plan.starts_at):
        return None
    risk, far = rule.risk, rules.rule(About.AHEAD)
    if obstacle.state == ObstacleState.MITIGATED:
        risk = at_most(risk, rules.rule(About.MITIGATED))
    if far and obstacle.until is None and plan.days(now, plan.starts_at) > far.limit:
        risk = at_most(risk, far)
    return risk


def _of_outage(plan, outage, rules):
    rule = rules.rule(About.OUTAGE, plan.need, outage.impact)
    if rule is None or outage.starts_at >= plan.ends_at or outage.ends_at <= plan.starts_at:
        return None
    facts = {
        "number": outage.number, "impact": outage.impact, "operator": outage.operator,
        "from": outage.starts_at.isoformat(), "to": outage.ends_at.isoformat(),
    }  # fmt: skip
    return Reason(About.OUTAGE, rule.risk, "outage", outage.key, facts)
