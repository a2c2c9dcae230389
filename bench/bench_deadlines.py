"""A holiday is added while 1,000,000 deadlines run: how long until all are counted anew, and what people feel of it.

    python -m bench.bench_deadlines

A third of a million simulated running requests, each with three clocks, are put beside the demonstration's on a
database that is thrown away but writes as durably as a real one. Then the calendar gets a holiday, and the task of the
worker runs, while another process files requests and takes steps, and a third reads requests and looks whether each
shows the deadlines of the old calendar or of the new one, never a mixture. The control is the plain way, one
transaction for all: seconds of it show in the longest step.
"""

import itertools
import json
import random
import select
import statistics
import subprocess
import sys
import time
import uuid
from datetime import timedelta

from bench import stand
from portal.serving import scratch

BAR_SECONDS, REQUESTS, CLOCKS = 60, 333_334, 3
ALONE_SECONDS, PAUSE, LOOKED_AT, RECOUNTED = 10, 0.1, 100, 2000
HOLIDAY_IN_DAYS, ANOTHER_IN_DAYS = 3, 4

PLANT = """
INSERT INTO requests_coordinationrequest ({columns})
SELECT {values}
FROM generate_series(1, %s) AS serial
CROSS JOIN LATERAL (
    SELECT now() - random() * interval '14 days' AS began, random() AS other WHERE serial > 0
) AS drawn
JOIN LATERAL (SELECT * FROM bench_places WHERE place = 1 + serial %% (SELECT count(*) FROM bench_places)) AS at ON true
CROSS JOIN (SELECT * FROM requests_coordinationrequest WHERE state = 'submitted' ORDER BY id LIMIT 1) AS like_this
"""
# What differs from row to row; the rest is that of a request of the demonstration.
DRAWN = {
    "client_id": "gen_random_uuid()",
    "number": "'PK-SIMULASI-' || serial",
    "subject": "'SIMULASI ' || serial",
    "state": "(ARRAY['submitted', 'accepted', 'in_progress'])[1 + floor(random() * 3)::int]",
    "urgency": "CASE WHEN other < .1 THEN 'critical' WHEN other < .3 THEN 'urgent' ELSE 'normal' END",
    "end_urgency": "CASE WHEN other < .1 THEN 'critical' WHEN other < .3 THEN 'urgent' ELSE 'normal' END",
    "end_stopped_minutes": "CASE WHEN random() < .2 THEN (other * 900)::int ELSE 0 END",
    "activity_on": "CASE WHEN random() < .4 THEN current_date + 4 + (other * 40)::int END",
    "person_in_charge_id": "CASE WHEN random() < .7 THEN like_this.filed_by_id END",
    "missed": "'{}'", "raised_to_id": "NULL", "is_alarm": "false", "ladder_due_at": "NULL",
    "region_id": "at.region_id", "region_name": "at.region_name",
    "filing_office_id": "at.filing_office_id", "handling_office_id": "at.handling_office_id",
} | dict.fromkeys(
    ("verify_started_at", "stage_started_at", "end_started_at", "verify_due_at", "answer_due_at", "end_due_at",
     "due_at", "near_at", "submitted_at", "created_at", "updated_at"), "began",
)  # fmt: skip


def plant():
    """Put the simulated requests in, and count their deadlines a first time."""
    from django.db import connection  # noqa: PLC0415 - after django.setup()

    from coordination.requests import recomputing  # noqa: PLC0415
    from coordination.requests.models import CoordinationRequest  # noqa: PLC0415

    fields = CoordinationRequest._meta.concrete_fields
    columns = [field.column for field in fields if not field.generated and not field.primary_key]
    values = ", ".join(DRAWN.get(column, f"like_this.{column}") for column in columns)
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TABLE bench_places AS SELECT row_number() OVER () AS place, * FROM (SELECT DISTINCT region_id,"
            " region_name, filing_office_id, handling_office_id FROM requests_coordinationrequest"
            " WHERE handling_office_id IS NOT NULL) AS known"
        )
        started = time.perf_counter()
        cursor.execute(PLANT.format(columns=", ".join(columns), values=values), [REQUESTS])
        print(f"{REQUESTS:,} simulated requests in {time.perf_counter() - started:.0f} s", flush=True)
        started = time.perf_counter()
        changed = recomputing.recompute_all()
        print(f"{changed:,} counted a first time in {time.perf_counter() - started:.1f} s", flush=True)
        cursor.execute("VACUUM ANALYZE requests_coordinationrequest")


def add_holiday(days):
    """Put a holiday so many days ahead into the calendar, on which offices would have worked."""
    from django.utils import timezone  # noqa: PLC0415 - after django.setup()

    from coordination.workdays import calendars  # noqa: PLC0415
    from coordination.workdays.choices import DayKind  # noqa: PLC0415
    from coordination.workdays.models import DayOff  # noqa: PLC0415

    day, calendar = timezone.localdate() + timedelta(days=days), calendars.calendar_of(None)
    while not calendar.is_working_day(day):
        day += timedelta(days=1)
    row = DayOff(day=day, kind=DayKind.LOCAL, name="SIMULASI", source="SIMULASI")
    calendars.change(lambda: row.save(force_insert=True))


def recompute():
    """The task of the worker, in this process. Prints its figures as one line for the parent."""
    from coordination.requests import recomputing  # noqa: PLC0415 - after django.setup()

    started = time.perf_counter()
    changed = recomputing.recompute_all()
    print(json.dumps({"changed": changed, "seconds": time.perf_counter() - started}))


def recompute_at_once():
    """The control: every row locked and written in one transaction."""
    from coordination.requests import recomputing  # noqa: PLC0415 - after django.setup()

    started = time.perf_counter()
    changed, _left, _last = recomputing._recompute(recomputing._rows(), skip_locked=False)
    print(json.dumps({"changed": changed, "seconds": time.perf_counter() - started}))


def people():
    """File a request and verify a simulated one, in turn, until the parent closes this process's input."""
    from coordination.obstacles.models import Obstacle  # noqa: PLC0415 - after django.setup()
    from coordination.offices.models import Official  # noqa: PLC0415
    from coordination.requests.models import CoordinationRequest  # noqa: PLC0415

    # In turn, since nobody may file many requests a minute.
    filers = {row.office_id: row for row in Official.objects.acting().select_related("office__region")}
    obstacles = Obstacle.objects.of_the_network().standing().filter(office__kind="kpu").select_related("region")
    obstacles = itertools.cycle({row.office_id: row for row in obstacles}.values())
    waiting = CoordinationRequest.objects.filter(state="submitted", number__startswith="PK-SIMULASI")
    keys = list(waiting.values_list("pk", flat=True))
    random.shuffle(keys)
    print("ready", flush=True)
    filed, stepped = [], []
    while not told_to_stop():
        time.sleep(PAUSE)
        obstacle = next(obstacles)
        filed.append(timed(file_one, filers[obstacle.office_id], obstacle))
        stepped.append(timed(verify_one, keys.pop()))
    print(json.dumps({"filed": filed, "stepped": stepped}))


def told_to_stop():
    """Whether the parent has closed this process's input."""
    return bool(select.select([sys.stdin], [], [], 0)[0])


def timed(act, *arguments):
    """Seconds that it took; None if the database refused it, since it waited too long for a row."""
    from django.db import OperationalError  # noqa: PLC0415 - after django.setup()

    started = time.perf_counter()
    try:
        act(*arguments)
    except OperationalError:
        return None
    return time.perf_counter() - started


def file_one(filer, obstacle):
    from coordination.requests import filing  # noqa: PLC0415 - after django.setup()

    values = {"region": obstacle.region, "subject": "SIMULASI", "text": "SIMULASI", "urgency": "normal",
              "activity_on": None, "obstacles": [obstacle]}  # fmt: skip
    new = {"client_id": uuid.uuid4(), "body_sha256": uuid.uuid4().hex}
    filing.file_request(values, actor=filer, submit=True, **new)


def verify_one(key):
    from coordination.offices.models import Official  # noqa: PLC0415 - after django.setup()
    from coordination.requests.models import CoordinationRequest  # noqa: PLC0415
    from coordination.requests.workflow import perform  # noqa: PLC0415

    item = CoordinationRequest.objects.get(pk=key)
    actor = Official.objects.acting().filter(office=item.handling_office_id).select_related("office")[0]
    perform(item, "accept", actor=actor, version=item.version, values={"note": "SIMULASI"})


def readers():
    """Look again and again at some requests until the parent closes this process's input; prints what they showed."""
    from coordination.requests import deadlines, recomputing  # noqa: PLC0415 - after django.setup()
    from coordination.requests.models import CoordinationRequest  # noqa: PLC0415

    simulated = CoordinationRequest.objects.filter(number__startswith="PK-SIMULASI")
    keys = list(simulated.values_list("pk", flat=True))
    seen, dice = {"old": 0, "new": 0, "same": 0, "mixed": 0}, random.Random(3)
    before = deadlines.Timekeeper()
    print("ready", flush=True)
    sys.stdin.readline()  # the calendar has its holiday now
    after = deadlines.Timekeeper()
    while not told_to_stop():
        time.sleep(PAUSE)
        rows = recomputing._rows().filter(pk__in=dice.sample(keys, LOOKED_AT))
        for row in map(recomputing.Row._make, rows):
            old, new = recomputing._times(row, before), recomputing._times(row, after)
            what = "same" if old == new else {old: "old", new: "new"}.get(row.stored, "mixed")
            seen[what] += 1
    print(json.dumps(seen))


def check():
    """Count some requests anew, one by one and through the model. Returns how many say otherwise."""
    from coordination.requests import deadlines, recomputing  # noqa: PLC0415 - after django.setup()
    from coordination.requests.models import CoordinationRequest  # noqa: PLC0415

    keeper, wrong = deadlines.Timekeeper(), 0
    rows = CoordinationRequest.objects.filter(state__in=recomputing.HAVE_CLOCKS).select_related("region")
    for item in rows.order_by("?")[:RECOUNTED]:
        stored = [getattr(item, column) for column in deadlines.COMPUTED]
        keeper.set(item)
        wrong += stored != [getattr(item, column) for column in deadlines.COMPUTED]
    again = recomputing.recompute_all()
    print(f"counted anew one by one: {RECOUNTED:,}, otherwise: {wrong}; a second run changes {again}")
    return wrong + again


def show_pages():
    """What the pages of deadlines cost in the whole country with all of it there."""
    from coordination.requests.models import CoordinationRequest  # noqa: PLC0415 - after django.setup()

    some = CoordinationRequest.objects.filter(number__startswith="PK-SIMULASI").order_by("due_at")[0]
    lists = ("", "?deadline=lewat", "?deadline=dekat", "?order=tenggat")
    pages = ["/", *(f"/permohonan/{query}" for query in lists), "/permohonan/keterlambatan/"]
    stand.show_pages("komdigi", [*pages, some.get_absolute_url(), f"{some.get_absolute_url()}tenggat/"])


class Child:
    """One of the functions above in a process of its own."""

    def __init__(self, name, waits=True):
        command = [sys.executable, "-m", "bench.bench_deadlines", name]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        if waits:
            self.process.stdout.readline()

    def go_on(self):
        self.process.stdin.write("\n")
        self.process.stdin.flush()

    def result(self):
        said, _nothing = self.process.communicate()
        if self.process.returncode:
            raise SystemExit("A process of this benchmark failed, the lines above say why.")
        return json.loads(said.splitlines()[-1])


def tell_waits(name, times):
    for what, seconds in times.items():
        done = [one * 1000 for one in seconds if one is not None]
        figures = f"p50 {statistics.median(done):5.0f} ms  p95 {statistics.quantiles(done, n=20)[-1]:5.0f} ms"
        figures += f"  longest {max(done):6.0f} ms  refused {seconds.count(None)}"
        print(f"  {name:<22} {what:<8} {len(seconds):>5}  {figures}", flush=True)


def measure(name, task, days):
    """A holiday, the task, and people at work meanwhile. Returns (rows that changed, seconds, what readers saw)."""
    working, reading = Child("people"), Child("readers")
    add_holiday(days)
    reading.go_on()
    done = Child(task, waits=False).result()
    tell_waits(name, working.result())
    return done["changed"], done["seconds"], reading.result()


def compare():
    """People alone, then beside the task, then beside the control. Returns whether a bar is missed."""
    alone = Child("people")
    time.sleep(ALONE_SECONDS)
    tell_waits("nothing else", alone.result())
    changed, seconds, seen = measure("counting anew", "recompute", HOLIDAY_IN_DAYS)
    counted = REQUESTS * CLOCKS
    print(f"{counted:,} deadlines counted anew in {seconds:.1f} s (bar {BAR_SECONDS}), {changed:,} requests changed")
    print(f"  requests read meanwhile: {seen}")
    failed = check() or seen["mixed"] or seconds > BAR_SECONDS
    show_pages()
    changed, seconds, _seen = measure("control, all at once", "recompute_at_once", ANOTHER_IN_DAYS)
    print(f"control: {changed:,} requests in one transaction in {seconds:.1f} s")
    return bool(failed)


STEPS = {step.__name__: step for step in (plant, recompute, recompute_at_once, people, readers)}


def main():
    if len(sys.argv) > 1:
        stand.use({})
        STEPS[sys.argv[1]]()
        return 0
    with stand.stand(scratch.DURABLE) as bench:
        stand.use(bench.portal() | {"DATABASE_STATEMENT_TIMEOUT": "0"})  # as commands and the worker have it
        plant()
        return compare()


if __name__ == "__main__":
    sys.exit(main())
