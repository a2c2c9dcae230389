"""A reason in words: what is known, how old it is, and what it means for the activity."""

from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from coordination.campaigns.choices import Need, Platform
from coordination.forecast.choices import About, Risk
from coordination.forecast.weighing import DELAYS, ENOUGH, NOT_KNOWN, NOTHING
from coordination.networks.choices import Impact, NetworkLevel
from coordination.obstacles.choices import ObstacleKind

TIERS = {"district": gettext_lazy("district"), "regency": gettext_lazy("regency or city")}
FIGURES = {
    "download_mbps": (gettext_lazy("download"), "Mbps"),
    "upload_mbps": (gettext_lazy("upload"), "Mbps"),
    "latency_ms": (gettext_lazy("latency"), "ms"),
    "jitter_ms": (gettext_lazy("jitter"), "ms"),
    "loss_percent": (gettext_lazy("packets lost"), "%"),
}

TOO_SLOW = gettext_lazy("Measured %(figure)s %(has)s%(operator)s on %(day)s: more than %(platform)s bears, %(needs)s.")
VALUES = {About.LEVEL: NetworkLevel, About.OBSTACLE: ObstacleKind, About.OUTAGE: Impact}


@dataclass(frozen=True)
class Told:
    """A reason as a page shows it; `address` leads to what it rests on, "" where there is no page for it."""

    risk: str
    sentence: str
    address: str


def tell(reason, zone):
    """Told for a reason as it is stored (weighing.Reason as a dictionary); moments on the clocks of `zone`."""
    sentence, address = TELLING[reason["about"]](reason["facts"], zone)
    risk = reason["risk"] and Risk(reason["risk"])
    return Told(risk, sentence, address)


def value_in_words(rule):
    """What a rule applies to, as a page shows it; "" where it has no value."""
    choices = VALUES.get(rule.about)
    return choices(rule.value).label if choices and rule.value in choices.values else TIERS.get(rule.value, "")


def _level(facts, zone):
    values = {
        "level": _level_word(facts["level"]), "region": facts["region"], "day": _day(facts["on"], zone),
        "need": str(Need(facts["need"]).label).lower(),
    }  # fmt: skip
    if "km" in facts:
        sentence = _("The nearest known network is that of %(region)s, %(km)s km away: %(level)s (%(day)s).")
        values["km"] = number_format(facts["km"], 1)
    elif "tier" in facts:
        sentence = _("Of the place itself nothing is known; %(region)s (%(tier)s) as a whole: %(level)s (%(day)s).")
        values["tier"] = TIERS[facts["tier"]]
    elif facts["derived"]:
        sentence = _("Most villages of %(region)s have this network: %(level)s (%(day)s, derived).")
    else:
        sentence = _("Network at %(region)s: %(level)s (%(day)s).")
    sentence %= values
    if facts["source"]:
        sentence += " " + _("Source: %(source)s.") % {"source": facts["source"]}
    asked = _("The activity must: %(need)s.") % values
    return f"{sentence} {asked}", reverse("region", args=[facts["code"]])


def _not_known(facts, zone):
    return _("The network at the place is not measured, nor that of any village near it: not measured is not weak."), ""


def _nothing(facts, zone):
    return _("Nothing is asked of the network there."), ""


def _old(facts, zone):
    sentence = ngettext(
        "What is known is %(days)s day old; after %(limit)s days the portal no longer relies on it.",
        "What is known is %(days)s days old; after %(limit)s days the portal no longer relies on it.",
        facts["days"],
    )
    return sentence % facts, ""


def _near(facts, zone):
    values = {"km": number_format(facts["km"], 1), "limit": facts["limit"]}
    return _("That is %(km)s km from the place; beyond %(limit)s km it may be otherwise here.") % values, ""


def _tier(facts, zone):
    return _("The level of a whole %(tier)s says little about one place.") % {"tier": TIERS[facts["tier"]]}, ""


def _figures(sentence):
    def told(facts, zone):
        label, unit = FIGURES[facts["figure"]]
        needs = Platform(facts["platform"]).label if facts["platform"] not in ("", "none", "other") else ""
        values = {
            "figure": label, "has": f"{_number(facts['has'])} {unit}", "needs": f"{_number(facts['needs'])} {unit}",
            "platform": needs or str(Need(facts["need"]).label).lower(), "day": _day(facts["on"], zone),
            "operator": f" ({facts['operator']})" if facts["operator"] else "",
        }  # fmt: skip
        found = TOO_SLOW if facts["figure"] in DELAYS else sentence
        return found % values, facts["address"]

    return told


def _obstacle(facts, zone):
    values = _of_obstacle(facts) | {"since": _day(facts["since"], zone)}
    if facts["until"]:
        values["day"] = _day(facts["until"], zone)
        sentence = _("Obstacle %(number)s stands there from %(since)s to %(day)s: %(kind)s%(operators)s.") % values
    else:
        sentence = _("Obstacle %(number)s stands there since %(since)s: %(kind)s%(operators)s.") % values
        left = ngettext("%(n)s day is left to clear it.", "%(n)s days are left to clear it.", facts["ahead"])
        sentence = f"{sentence} {left % {'n': facts['ahead']}}"
    if facts["mitigated"]:
        sentence += " " + _("An interim measure is in place.")
    return sentence, reverse("obstacles:detail", args=[facts["number"]])


def _recent(facts, zone):
    values = _of_obstacle(facts) | {"n": facts["days"]}
    sentence = ngettext(
        "Obstacle %(number)s was cleared only %(n)s day ago: %(kind)s%(operators)s.",
        "Obstacle %(number)s was cleared only %(n)s days ago: %(kind)s%(operators)s.",
        facts["days"],
    )
    return sentence % values, reverse("obstacles:detail", args=[facts["number"]])


def _of_obstacle(facts):
    operators = ", ".join(facts["operators"])
    return {
        "number": facts["number"],
        "kind": str(ObstacleKind(facts["kind"]).label).lower(),
        "operators": f" ({operators})" if operators else "",
    }


def _outage(facts, zone):
    values = {
        "number": facts["number"], "impact": str(Impact(facts["impact"]).label).lower(),
        "from": _moment(facts["from"], zone), "to": _moment(facts["to"], zone),
        "operator": f" ({facts['operator']})" if facts["operator"] else "",
    }  # fmt: skip
    sentence = _("Planned maintenance %(number)s%(operator)s falls into it, %(from)s to %(to)s: %(impact)s.")
    return sentence % values, reverse("outages:detail", args=[facts["number"]])


def _level_word(level):
    return str(NetworkLevel(level).label).lower()


def _day(moment, zone):
    return date_format(datetime.fromisoformat(moment).astimezone(zone), "DATE_FORMAT")


def _moment(moment, zone):
    there = datetime.fromisoformat(moment).astimezone(zone)
    return f"{date_format(there, 'SHORT_DATE_FORMAT')} {date_format(there, 'TIME_FORMAT')}"


def _number(value):
    return number_format(f"{value:.3f}".rstrip("0").rstrip("."))


TELLING = {
    About.LEVEL: _level,
    About.OLD: _old,
    About.NEAR: _near,
    About.TIER: _tier,
    About.BELOW: _figures(
        gettext_lazy("Measured %(figure)s %(has)s%(operator)s on %(day)s: less than %(platform)s needs, %(needs)s.")
    ),
    About.TIGHT: _figures(
        gettext_lazy(
            "Measured %(figure)s %(has)s%(operator)s on %(day)s: just about enough for %(platform)s, %(needs)s."
        )
    ),
    ENOUGH: _figures(
        gettext_lazy("Measured %(figure)s %(has)s%(operator)s on %(day)s: enough for %(platform)s, %(needs)s.")
    ),
    About.OBSTACLE: _obstacle,
    About.RECENT: _recent,
    About.OUTAGE: _outage,
    NOT_KNOWN: _not_known,
    NOTHING: _nothing,
}
