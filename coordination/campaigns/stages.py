"""What the stages and rules of an election say of a day, a region and a planned activity.

Days are those of the region where something happens: the caller takes them from the clocks of that place.
"""

from dataclasses import dataclass

from django.db.models import Exists, Max, Min, OuterRef, Q
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from coordination.campaigns.choices import Confidence, StageKind
from coordination.campaigns.models import Contest, Election, ElectionMethod, Stage


@dataclass(frozen=True)
class Finding:
    """What a rule says against a plan: a refusal if it blocks, else a warning. The sentence ends with the source."""

    blocks: bool
    sentence: str
    source: str
    about_method: bool  # or about the days


@dataclass(frozen=True)
class Banner:
    """The stage that runs now, and how many days of it follow; 0 on its last day."""

    stage: Stage
    days_left: int


def elections_in(region):
    """The elections with a contest in the region, above it or below it; all of them for the nation (None)."""
    if not region:
        return Election.objects.all()
    codes = region.path.split(".")[:-1]
    above = [".".join(codes[:length]) + "." for length in range(1, len(codes))]
    here = Contest.objects.filter(Q(region__path__startswith=region.path) | Q(region__path__in=above))
    return Election.objects.filter(Exists(here.filter(election=OuterRef("pk"))))


def dated_elections(region):
    """The elections in the region that have stages, the earliest first, each with the day on which it `ends`."""
    dated = elections_in(region).annotate(begins=Min("stages__starts_on"), ends=Max("stages__ends_on"))
    return dated.filter(ends__isnull=False).order_by("begins", "pk")


def current_election(region, on):
    """The election whose stages run in the region on this day, else the one that comes next; None without either."""
    return dated_elections(region).filter(ends__gte=on).first()


def banner(region, on):
    """[Banner] of the stages that run in the region on this day: one for each election that is held there."""
    running = Stage.objects.filter(election__in=elections_in(region), starts_on__lte=on, ends_on__gte=on)
    running = running.select_related("election").order_by("ends_on", "pk")
    return [Banner(stage, (stage.ends_on - on).days) for stage in running]


def findings_on(election, method, first_day, last_day, *, people=None):
    """[Finding] against an activity by this method from the first to the last day; [] when it may be planned so.

    `people` is how many come together at one place; None for what is held online only. Findings that block are
    refusals: the quiet period, voting, days outside the campaign or those of the method, a method that is not allowed,
    meeting by one that is online only. The others are warnings: meeting where it is to be held online first, more
    people than may come together. What the portal is not sure of (confidence below high) warns, and never blocks.
    """
    stages = list(election.stages.all())
    rule = election.methods.filter(method=method).first()
    return [
        *_against_the_quiet(election, stages, first_day, last_day),
        *_outside_the_campaign(election, stages, first_day, last_day),
        *(_against_the_method(rule, first_day, last_day, people) if rule else [_no_such_method(election, method)]),
    ]


def _against_the_quiet(election, stages, first_day, last_day):
    for stage in stages:
        if stage.kind != StageKind.CAMPAIGN and stage.starts_on <= last_day and first_day <= stage.ends_on:
            words = {"stage": stage.name, "election": election, "days": _days(stage.starts_on, stage.ends_on)}
            yield _finding(stage, _("%(stage)s of %(election)s, %(days)s: no campaigning, online or not.") % words)


def _outside_the_campaign(election, stages, first_day, last_day):
    campaign = next((stage for stage in stages if stage.kind == StageKind.CAMPAIGN), None)
    if campaign is None:
        sentence = _("The campaign of %(election)s is not entered yet, so nothing can be planned in it.")
        yield Finding(True, sentence % {"election": election}, "", about_method=False)
    elif first_day < campaign.starts_on or campaign.ends_on < last_day:
        words = {"election": election, "days": _days(campaign.starts_on, campaign.ends_on)}
        yield _finding(campaign, _("The campaign of %(election)s runs from %(days)s.") % words)


def _no_such_method(election, method):
    sentence = _("“%(method)s” is not among the methods entered for %(election)s.")
    return Finding(True, sentence % {"method": method, "election": election}, "", about_method=True)


def _against_the_method(rule, first_day, last_day, people):
    words = {"method": rule.method, "election": rule.election}
    if not rule.allowed:
        yield _finding(rule, _("%(election)s does not allow “%(method)s”.") % words)
    if rule.from_date and first_day < rule.from_date:
        words["day"] = date_format(rule.from_date)
        yield _finding(rule, _("“%(method)s” is allowed from %(day)s.") % words)
    if rule.to_date and rule.to_date < last_day:
        words["day"] = date_format(rule.to_date)
        yield _finding(rule, _("“%(method)s” is allowed until %(day)s.") % words)
    if people:
        yield from _against_meeting(rule, people)


def _against_meeting(rule, people):
    words = {"method": rule.method, "most": rule.most_people, "people": people}
    if rule.online_only:
        yield _finding(rule, _("“%(method)s” is held online only.") % words)
    if rule.online_first:
        sentence = _("“%(method)s” is held online first of all; face to face only where that is not possible.")
        yield _finding(rule, sentence % words, may_block=False)
    if rule.most_people and people > rule.most_people:
        sentence = _("Face to face, “%(method)s” is for at most %(most)s people; %(people)s are planned.")
        yield _finding(rule, sentence % words, may_block=False)


def _finding(row, rule, *, may_block=True):
    """What a stage or method says, with its source; only what the portal is sure of can block."""
    sure = row.confidence == Confidence.HIGH
    sentence = _("%(rule)s Source: %(source)s.") % {"rule": rule, "source": row.source}
    if not sure:
        sentence += " " + _("The portal is not sure of this: check the text of the rule.")
    return Finding(may_block and sure, sentence, row.source, about_method=isinstance(row, ElectionMethod))


def _days(first, last):
    if first == last:
        return date_format(first)
    return _("%(first)s to %(last)s") % {"first": date_format(first), "last": date_format(last)}
