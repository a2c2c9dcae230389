"""What the front page shows of a person's work."""

from dataclasses import dataclass

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, OuterRef, Q, Subquery, Value
from django.db.models.functions import JSONObject
from django.utils import timezone

from coordination.campaigns.models import CampaignActivity
from coordination.common.lookups import first_of
from coordination.obstacles.choices import ObstacleState
from coordination.obstacles.models import Obstacle
from coordination.offices.choices import Kind
from coordination.offices.jurisdiction import Jurisdiction
from coordination.requests.choices import State
from coordination.requests.models import AnswerTemplate, CoordinationRequest
from coordination.requests.substitutes import covered_absences, standing_in

SHOWN = 8
MOST_TEMPLATES = 60


def served_activities(user):
    """What a request serves, of what the user may know of, as a column, which spares its page a query of their own:
    [{"number", "method", "place", "starts_at"}], the moment as the database writes it."""
    rows = CampaignActivity.objects.visible_to(user).filter(requests=OuterRef("pk")).order_by("starts_at", "pk")
    fields = JSONObject(number="number", method="method__name", place="region_name", starts_at="starts_at")
    return ArraySubquery(rows.values_list(fields))


def offered_templates(user):
    """The texts that the reader's office keeps for its steps, as a column: [{"pk", "verb", "title"}]."""
    rows = AnswerTemplate.objects.filter(office__in=user.own_offices).offered().order_by("title", "pk")
    return ArraySubquery(rows.values_list(JSONObject(pk="pk", verb="verb", title="title"))[:MOST_TEMPLATES])


def offered_template(user, verb, key):
    """The text of this key, if the reader's office offers it for this step; None for anything else that was sent."""
    if not (key.isdecimal() and key.isascii() and len(key) < 19):
        return None
    rows = AnswerTemplate.objects.filter(office__in=user.own_offices, verb=verb)
    return rows.offered().filter(pk=int(key)).first()


@dataclass(frozen=True)
class MyWork:
    counts: dict
    watches_alarms: bool
    waiting: list
    standing_in: list
    moving: list
    obstacles: list


def my_work(user):
    """What waits for this person's office and for absent colleagues, the most pressing first; what moves; obstacles to
    look at."""
    visible = CoordinationRequest.objects.visible_to(user)
    rows = visible.select_related("region", "filing_office", "handling_office", "person_in_charge", "raised_to")
    waits = rows.waiting_for(user)
    waiting = waits.annotate(of_all=_number_of(waits), covered=covered_absences(user))
    waiting = list(first_of(waiting, "due_at", "pk", number=SHOWN))
    moving = rows.open()
    if user.acts:
        moving = moving.filter(filing_office__in=user.office_ids).exclude(state__in=State.WITH_FILER)
    return MyWork(
        counts=_counts(user, visible) | {"waiting": waiting[0].of_all if waiting else 0},
        # Where nobody is above, the nation must look itself.
        watches_alarms=Jurisdiction.of(user).everywhere,
        waiting=waiting,
        # What waits for a colleague waits for the office too.
        standing_in=standing_in(user, waiting[0].covered) if waiting else [],
        moving=list(moving.order_by("-updated_at", "-pk")[:SHOWN]),
        obstacles=_obstacles(user),
    )


def _number_of(rows):
    """How many there are in all, as a column, which spares the page a query of its own."""
    return Subquery(rows.order_by().values(all=Value(1)).annotate(number=Count("pk")).values("number"))


def _counts(user, visible):
    """The figures on top; each stands for the list behind its link."""
    now = timezone.now()
    # All that is open was submitted, and who sees the country sees it: counted in the index, without the rows.
    rows = CoordinationRequest.objects.all() if Jurisdiction.of(user).everywhere else visible
    late = Q(due_at__lt=now, state__in=State.CLOCK_RUNS)
    near = Q(near_at__lte=now, due_at__gte=now, state__in=State.CLOCK_RUNS)
    alarm = Q(is_alarm=True, state__in=State.CLOCK_RUNS)
    return rows.open().aggregate(
        open=Count("state"),
        late=Count("state", filter=late),
        near=Count("state", filter=near),
        alarm=Count("state", filter=alarm),
    )


def _obstacles(user):
    """For ICT offices those still to be confirmed, for others the newest that stand."""
    visible = Obstacle.objects.visible_to(user).select_related("region", "office")
    is_handler = user.office_id and user.office.kind == Kind.KOMINFO
    wanted = visible.of_the_network().filter(state=ObstacleState.OPEN) if is_handler else visible.standing()
    return list(first_of(wanted, "-created_at", "-pk", number=SHOWN))
