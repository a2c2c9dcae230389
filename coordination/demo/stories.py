"""Lets the people of the demonstration report, file and answer, through the same doors as the pages use."""

import random
import uuid
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from itertools import count

from coordination.demo import texts
from coordination.demo.accounts import Cast
from coordination.demo.diary import Diary
from coordination.networks.models import Operator
from coordination.obstacles import filing as reporting
from coordination.obstacles import lifecycle
from coordination.obstacles.choices import Form, ObstacleKind
from coordination.obstacles.models import Obstacle, Participation
from coordination.offices.choices import Kind
from coordination.regions.models import Level, Region
from coordination.requests import filing, workflow
from coordination.requests.choices import Outcome, State, Urgency
from coordination.requests.models import Attachment, Watch

PAPUA, WEST_SUMATRA = tuple(map(str, range(91, 97))), "13"
SLOW = (ObstacleKind.WEAK_SIGNAL, ObstacleKind.CONGESTION, ObstacleKind.ONLY_2G_3G, ObstacleKind.BACKHAUL)


@dataclass
class Stage:
    """What all stories share: the people, the calendar, chance, and the acts that are still to come."""

    cast: Cast
    diary: Diary
    rng: random.Random
    acts: list = field(default_factory=list)
    numbers: count = field(default_factory=count)

    def __post_init__(self):
        self.operators = list(Operator.objects.serving())

    def plan(self, moment, act):
        """Have `act(at=moment)` happen when its time comes."""
        self.acts.append((moment, next(self.numbers), act))

    def perform(self, say=lambda done, of: None):
        """Let everything happen in the order of time, so that numbers and history run as they would have."""
        self.acts.sort(key=lambda act: act[:2])
        for done, (moment, _number, act) in enumerate(self.acts, 1):
            act(at=moment)
            say(done, len(self.acts))


class ObstacleStory:
    """One obstacle and what becomes of it. `filer` is the office that reports it."""

    kinds = tuple(texts.SHEETS)

    def __init__(self, stage, place, filer, *, kind=None, photo=None):
        self.stage, self.region, self.filer, self.rng = stage, place, filer, stage.rng
        self.kind = kind or self.rng.choice(self.kinds)
        self.sheet = texts.SHEETS.get(self.kind)
        self.words = {"place": self.rng.choice(texts.PLACES), "village": _title(place)}
        self.photos = [photo] if photo else []
        self.obstacle = self.twin = None

    def plan(self, route):
        """Put the report and the steps of the route on the stage, spread over office hours."""
        back = route.length + self.rng.randint(*route.idle)
        fraction = self.rng.uniform(0.1, 0.5)
        self._plan(back, fraction, self.report)
        for days, verb in route.steps:
            back -= days
            fraction = self.rng.uniform(0.1, 0.9) if days else min(fraction + self.rng.uniform(0.05, 0.2), 1)
            self._plan(back, fraction, getattr(self, verb))

    def _plan(self, back, fraction, act):
        self.stage.plan(self.stage.diary.moment(back, fraction, self.region.time_zone), act)

    def report(self, at):
        self.obstacle = self._report(self.stage.cast.officer(self.filer.pk), at, self.photos)

    def report_again(self, at):
        """The ICT office hears of the same and reports it too, unaware of the first."""
        self.twin = self._report(self._handler(), at)

    def _report(self, actor, at, photos=()):
        values = self._facts(at) | {"description": self._description()}
        obstacle, _new = reporting.report(
            values, actor=actor, client_id=uuid.uuid4(), body_sha256=uuid.uuid4().hex, photos=photos, at=at
        )
        if photos:
            _date(obstacle.photos, at, "created_at")
        return obstacle

    def _description(self):
        if self.sheet is None:
            return texts.NOT_NETWORK[self.kind].format(**self.words)
        return self.rng.choice(self.sheet.descriptions).format(**self.words)

    def _facts(self, at):
        rng, sheet = self.rng, self.sheet
        is_event = sheet is not None and sheet.form == Form.EVENT
        facts = {
            "region": self.region,
            "kind": self.kind,
            "form": Form.EVENT if is_event else Form.CONDITION,
            "place": self.words["place"][0].upper() + self.words["place"][1:],
            "technology": rng.choice(sheet.technologies) if sheet else "",
            "since": at - (timedelta(hours=rng.randint(1, 30)) if is_event else timedelta(days=rng.randint(5, 400))),
            "people_affected": rng.choice((None, 40, 75, 120, 250, 600, 1400, 3200)),
            "has_electricity": False if self.kind == ObstacleKind.POWER else rng.choice((True, True, None)),
            "operators": rng.sample(self.stage.operators, rng.randint(0, 2)),
        }
        if self.region.latitude is not None and rng.random() < 0.6:
            facts["latitude"] = round(self.region.latitude + rng.uniform(-0.002, 0.002), 5)
            facts["longitude"] = round(self.region.longitude + rng.uniform(-0.002, 0.002), 5)
        if self.kind in SLOW and rng.random() < 0.7:
            facts["download_mbps"] = round(rng.uniform(0.2, 3.5), 1)
            facts["upload_mbps"] = round(rng.uniform(0.05, 1.2), 2)
            facts["latency_ms"] = rng.randint(90, 900)
        return facts

    def confirm(self, at):
        self._step("confirm", self.sheet.found if self.sheet else texts.SAME, at)

    def mitigate(self, at):
        outcome, _measures, text = self.sheet.results[0]
        self._step("mitigate", text.format(**self.words), at)

    def clear(self, at):
        self._step("clear", texts.NETWORK_BACK, at)

    def merge(self, at):
        merged = lifecycle.perform(
            self.twin, "merge", actor=self._handler(), version=self.twin.version, note=texts.SAME,
            into=self.obstacle, at=at,
        )  # fmt: skip
        _date(Obstacle.objects.filter(pk=merged.pk), at, "updated_at")

    def join(self, at):
        """The election office of the province joins with its own need."""
        actor = self.stage.cast.officer(self.filer.superior_id)
        joined, _new = reporting.join(
            self.obstacle, texts.JOINED, actor=actor, client_id=uuid.uuid4(), body_sha256=uuid.uuid4().hex, at=at
        )
        _date(Participation.objects.filter(pk=joined.pk), at, "created_at")

    def _step(self, verb, note, at):
        self.obstacle = lifecycle.perform(
            self.obstacle, verb, actor=self._handler(), version=self.obstacle.version, note=note, at=at
        )
        _date(Obstacle.objects.filter(pk=self.obstacle.pk), at, "updated_at")

    def _handler(self):
        """The officer who answers for the obstacle: of the filer's region."""
        return self.stage.cast.officer(self.stage.cast.office(Kind.KOMINFO, self.filer.region.code).pk)


class RequestStory(ObstacleStory):
    """One request with its obstacle, from the report to the end of its route."""

    def __init__(self, *args, file=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.request, self.files = None, [file] if file else []
        self.people = self.rng.choice((20, 35, 50, 80, 120, 200))
        self.outcome, self.measures, self.result = self.rng.choice(self.sheet.results)

    def plan(self, route):
        self.route = route
        back = route.length + self.rng.randint(*route.idle)
        fraction = self.rng.uniform(0.2, 0.6)
        self._plan(back, fraction / 2, self.report)
        if not route.steps:
            self._plan(back, fraction, self.file)
        for days, verb in route.steps:
            back -= days
            fraction = self.rng.uniform(0.1, 0.8) if days else min(fraction + self.rng.uniform(0.03, 0.1), 1)
            self._plan(back, fraction, partial(self.step, verb))
            if verb in ("accept", "start") and self.rng.random() < 0.4:
                self._plan(back, min(fraction + self.rng.uniform(0.02, 0.15), 1), self.talk)

    def file(self, at, submit=False):
        """Write the request; a route without steps leaves it a draft."""
        words = self.words | {"people": self.people}
        values = {
            "region": self.region,
            "subject": self.sheet.subject.format(**words),
            "text": f"{self.rng.choice(texts.NEEDS).format(**words)}\n\n{self.rng.choice(texts.ASKS)}",
            "urgency": self._urgency(),
            "activity_on": self._activity(at),
            "obstacles": [self.obstacle],
        }
        self.request, _new = filing.file_request(
            values, actor=self.stage.cast.officer(self.filer.pk), client_id=uuid.uuid4(), body_sha256=uuid.uuid4().hex,
            submit=submit, files=self.files, at=at,
        )  # fmt: skip
        if self.files:
            _date(Attachment.objects.filter(request=self.request), at, "created_at")

    def _urgency(self):
        if self.route.calm:
            return Urgency.NORMAL
        return self.rng.choices((Urgency.NORMAL, Urgency.URGENT, Urgency.CRITICAL), (60, 30, 10))[0]

    def _activity(self, at):
        """The day that the request serves: ahead while it is open, soon after filing where it has ended."""
        today = self.stage.diary.now.date()
        if self.route.activity_in is not None:
            return today + timedelta(days=self.route.activity_in)
        if self.rng.random() < 0.5:
            return None
        if {"confirm", "decline", "withdraw"} & set(self.route.verbs[-1:]):
            return at.date() + timedelta(days=self.rng.randint(12, 20))
        return today + timedelta(days=self.rng.randint(5, 24))

    def step(self, verb, at):
        """Take one step of the workflow, by whoever may, and what it means for the obstacle."""
        if self.request is None:
            self.file(at, submit=True)
            self._date_watches(at)
            return
        row = workflow.STEPS[verb]
        office = self.request.filing_office_id if row.side == workflow.FILER else self.request.handling_office_id
        cast = self.stage.cast
        actor = cast.lead(office) if row.lead_only else cast.officer(office)
        self.request = workflow.perform(
            self.request, verb, actor=actor, version=self.request.version, values=self._values(verb, at), at=at
        )
        self._date_watches(at)
        self._follow(verb, at)

    def _date_watches(self, at):
        """Offices that began to watch with this step did so when it was taken."""
        _date(Watch.objects.filter(request=self.request, since__gt=at), at, "since")

    def _values(self, verb, at):
        """What the step must give."""
        rng = self.rng
        soon = at.date() + timedelta(days=rng.randint(4, 9))
        reason = rng.choice(list(texts.DECLINED))
        return {
            "accept": lambda: {"note": rng.choice(texts.ANSWERS)},
            "return": lambda: {"note": rng.choice(texts.MISSING)},
            "assign": lambda: {
                "person_in_charge": self.stage.cast.officer(self.request.handling_office_id),
                "note": rng.choice(texts.INSTRUCTIONS),
            },
            "start": lambda: {"planned_measure": self.sheet.plan, "target_date": soon},
            "wait": lambda: {
                "waiting_for": self.sheet.third_party,
                "waiting_reference": f"{rng.randint(100, 999)}/KOMINFO/{at.year}",
                "waiting_until": soon,
            },
            "forward": lambda: {"note": self._why_forward()},
            "resolve": lambda: {
                "outcome": self.outcome, "measures": self.measures, "note": self.result.format(**self.words),
            },
            "confirm": lambda: {"note": texts.CONFIRMED},
            "reopen": lambda: {"note": rng.choice(texts.REOPENED)},
            "withdraw": lambda: {"note": rng.choice(texts.WITHDRAWN)},
            "decline": lambda: {"reason": reason, "note": texts.DECLINED[reason]},
        }.get(verb, dict)()  # fmt: skip

    def _why_forward(self):
        in_province = self.request.handling_office.region.level == Level.PROVINCE
        return texts.FORWARDED_TO_NATION if in_province else self.rng.choice(texts.FORWARDED)

    def _follow(self, verb, at):
        """The obstacle moves with the request that names it."""
        state = self.obstacle.state
        if verb == "start" and state == "open":
            self._step("confirm", self.sheet.found, at)
        elif verb == "resolve" and self.outcome == Outcome.INTERIM and state == "confirmed":
            self._step("mitigate", self.result.format(**self.words), at)
        elif verb == "confirm" and self.outcome == Outcome.PERMANENT:
            self._step("clear", texts.NETWORK_BACK, at)

    def talk(self, at):
        """A comment of either side, or a note that stays in the handling office."""
        if self.request.state in State.ENDED:
            return
        handler, filer = self.request.handling_office_id, self.request.filing_office_id
        office, text, internal = self.rng.choice(
            (
                (filer, self.rng.choice(texts.FROM_FILER), False),
                (handler, self.rng.choice(texts.FROM_HANDLER), False),
                (handler, self.rng.choice(texts.INTERNAL), True),
            )
        )
        filing.comment(
            self.request, text, actor=self.stage.cast.officer(office), client_id=uuid.uuid4(),
            body_sha256=uuid.uuid4().hex, internal=internal, at=at,
        )  # fmt: skip

    def _handler(self):
        """The officer of the office that handles the request, which may be that of the province."""
        return self.stage.cast.officer(self.request.handling_office_id)


def _title(region):
    """Desa Ciwidey, Kelurahan Braga, Nagari Koto Gadang; above villages the name alone."""
    if region.level != Level.VILLAGE:
        return region.name
    if region.code[-4] == "1":
        return f"Kelurahan {region.name}"
    if region.code.startswith(PAPUA):
        return f"Kampung {region.name}"
    return f"{'Nagari' if region.code.startswith(WEST_SUMATRA) else 'Desa'} {region.name}"


def _date(rows, at, column):
    """Set a column that the rules always fill with the present."""
    rows.update(**{column: at})


def village(regency, rng):
    """Some village of a regency; the regency itself where none is loaded."""
    villages = Region.objects.current().filter(path__startswith=regency.path, level=Level.VILLAGE)
    keys = list(villages.order_by("pk").values_list("pk", flat=True))
    return Region.objects.get(pk=rng.choice(keys)) if keys else regency
