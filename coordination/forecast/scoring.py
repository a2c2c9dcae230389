"""How good the forecasts were: what they said before an activity, held against what its office says came."""

from dataclasses import dataclass

from django.db.models import Count

from coordination.campaigns.choices import ActivityState, Need
from coordination.forecast.choices import ORDER, About, Answer, Risk
from coordination.forecast.models import Forecast, Rule

# Below this many answers a score is as much chance as skill.
ENOUGH = 30


@dataclass(frozen=True)
class Hits:
    """Of the activities with one risk: how often the network failed, of how many that were answered for."""

    risk: str
    chance: int | None  # in %, what the rules say
    answered: int
    held: int
    trouble: int
    failed: int

    @property
    def label(self):
        return Risk(self.risk).label

    @property
    def bad(self):
        return self.trouble + self.failed

    @property
    def share(self):
        """In %, None without a base."""
        return 100 * self.bad / self.answered if self.answered else None


@dataclass(frozen=True)
class Score:
    """Brier: the mean squared distance between the chance told and what came, 0 the best. `reference` is that of
    somebody who always tells the share of failures among all; both None without a base."""

    table: list
    answered: int
    unanswered: int
    unknown: int
    brier: float | None
    reference: float | None

    @property
    def is_enough(self):
        """Whether there are answers enough to say anything about the forecasts."""
        return self.answered >= ENOUGH

    @property
    def is_better(self):
        return self.brier is not None and self.brier < self.reference


def chances():
    """{risk: how often the network fails at it, in %}, as the rules say."""
    return dict(Rule.objects.filter(about=About.CHANCE).values_list("value", "limit"))


def score(user, *, begun_before, election=None):
    """The Score of the forecasts that this user may know of, of activities that had begun by then."""
    known = Forecast.objects.visible_to(user).filter(activity__starts_at__lte=begun_before)
    known = known.exclude(activity__state=ActivityState.CANCELLED).exclude(activity__need=Need.NONE)
    if election:
        known = known.filter(activity__election=election)
    rows = known.order_by().values_list("risk", "activity__experience__answer").annotate(Count("pk"))
    return score_of({(risk, answer): number for risk, answer, number in rows})


def score_of(counts):
    """The Score of {(risk, answer or None): how many}."""
    chance = chances()
    answered = {key: number for key, number in counts.items() if key[1]}
    told = [
        (chance[risk] / 100, answer != Answer.YES, number)
        for (risk, answer), number in answered.items()
        if risk in chance
    ]
    base = sum(number for _told, _failed, number in told)
    share = sum(number for _told, failed, number in told if failed) / base if base else None
    return Score(
        table=[_hits(risk, answered, chance) for risk in ORDER],
        answered=base,
        unanswered=sum(counts.values()) - sum(answered.values()),
        unknown=sum(answered.values()) - base,
        brier=_mean_square(told, base),
        reference=_mean_square([(share, failed, number) for _told, failed, number in told], base),
    )


def _mean_square(told, base):
    """Of (chance, whether it failed, how many); None without a base."""
    return sum(number * (chance - failed) ** 2 for chance, failed, number in told) / base if base else None


def _hits(risk, answered, chance):
    found = {answer: answered.get((risk, answer), 0) for answer in Answer}
    return Hits(risk, chance.get(risk), sum(found.values()), found[Answer.YES], found[Answer.TROUBLE], found[Answer.NO])
