"""Imports of schedules: 100,000 activities of the campaign of 2020, seconds, rows a second and peak memory.

    python -m bench.bench_schedule

The activities are drawn at random over the regions that voted: a simulation, no statement about anybody. An admin's
list goes through the same functions as from the page and the worker, on a database that is thrown away; then the same
list again, and the undoing of the first.
"""

import csv
import os
import random
import sys
import time
import uuid
from datetime import date, timedelta

from bench import stand
from bench.bench_levels import memory
from portal.serving import demo

ROWS = 100_000
FIRST, DAYS = date(2020, 9, 26), 71
MONTHS = ("September", "Oktober", "November", "Desember")
METHODS = ("Pertemuan terbatas", "Pertemuan tatap muka dan dialog", "kegiatan-lain")
PLATFORMS = ("Zoom", "Google Meet", "YouTube Live", "Facebook Live")
HEADER = ("kode", "tempat", "metode", "platform", "tanggal", "waktu", "peserta", "sttp", "paslon")
PAIRS = 3


def prepare():
    """An election office for each regency that voted, pairs in each, and an admin."""
    from coordination.campaigns.models import CandidatePair, Election  # noqa: PLC0415 - after django.setup()
    from coordination.campaigns.queries import voting_regencies  # noqa: PLC0415
    from coordination.offices.models import Office, Official  # noqa: PLC0415

    Official.objects.create_superuser("bench", "", None, name="Bench")
    election = Election.objects.get(slug="pilkada-2020")
    regencies = list(voting_regencies(election))
    Office.objects.bulk_create(
        Office(kind="kpu", region=regency, name=f"KPU {regency}", valid_from=FIRST) for regency in regencies
    )
    CandidatePair.objects.bulk_create(
        CandidatePair(contest=contest, number=number, names=f"SIMULASI {number}")
        for contest in election.contests.all()
        for number in range(1, PAIRS + 1)
    )
    own = set(election.contests.filter(region__level=2).values_list("region__path", flat=True))
    return [(regency.path, regency.path in own) for regency in regencies]


def write_schedule(path, regencies):
    """Each row another activity: the hour, the day and the village tell them apart, and else the hall."""
    from coordination.regions.models import Region  # noqa: PLC0415 - after django.setup()

    dice, votes = random.Random(2020), dict(regencies)
    villages = [(code, votes[f"{code[:5]}."]) for code in Region.objects.filter(level=4).values_list("code", flat=True)
                if f"{code[:5]}." in votes]  # fmt: skip
    with open(path, "w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(HEADER)
        for number in range(ROWS):
            code, has_own = dice.choice(villages)
            day, hour = FIRST + timedelta(days=dice.randrange(DAYS)), dice.randrange(8, 20)
            written = f"{day.day} {MONTHS[day.month - 9]} {day.year}" if number % 2 else f"{day:%d/%m/%Y}"
            pair = "" if number % 4 == 0 else f"{'bupati' if has_own else 'gubernur'} {dice.randint(1, PAIRS)}"
            place = f"Gedung serbaguna {number} (SIMULASI)"
            people, sttp = dice.randrange(10, 51), f"STTP/{number}/SIMULASI/2020"
            writer.writerow((code, place, dice.choice(METHODS), dice.choice(PLATFORMS), written,
                             f"{hour:02d}.00 - {hour + 1:02d}.30", people, sttp, pair))  # fmt: skip
    return len(villages)


def bring_in(path):
    """Send, read and apply the list in this process, and print what each took."""
    from django.core.files import File  # noqa: PLC0415 - after django.setup()

    from coordination.campaigns.importing import SCHEDULES  # noqa: PLC0415
    from coordination.offices.models import Official  # noqa: PLC0415

    actor, begin = Official.objects.get(username="bench"), memory()
    with open(path, "rb") as opened:
        file = File(opened, name=os.path.basename(path))
        file.content_type = ""
        batch, _new = SCHEDULES.send(
            {"file": file}, actor=actor, client_id=uuid.uuid4(), body_sha256=uuid.uuid4().hex
        )  # fmt: skip
    read = clocked(SCHEDULES.read, batch.pk)
    SCHEDULES.approve(batch, actor=actor)
    since_lock = clock_the_chain()
    applied = clocked(SCHEDULES.apply, batch.pk, actor.pk)
    held = since_lock()
    batch.refresh_from_db()
    print(
        f"{batch.rows:>8,} rows {batch.faulty:>7,} faulty {batch.new:>8,} new {batch.same:>8,} unchanged, {batch.state}"
        f"  read {read:5.1f} s  applied {applied:5.1f} s  {batch.rows / (read + applied):,.0f} rows/s"
        f"  the chain held {held:.1f} s  CPU here {time.process_time():.1f} s"
        f"  peak {memory():.0f} MB, {begin:.0f} before"
    )


def clock_the_chain():
    """A function that gives the seconds since the history was locked, for which everybody else waits with a step."""
    from coordination.history import recording  # noqa: PLC0415 - after django.setup()

    begun, lock = [], recording._lock_head

    def noting():
        head = lock()
        begun.append(time.perf_counter())
        return head

    recording._lock_head = noting
    return lambda: time.perf_counter() - begun[0]


def undo():
    """Undo the first list, and walk the whole chain of the history."""
    from coordination.campaigns.importing import SCHEDULES  # noqa: PLC0415 - after django.setup()
    from coordination.campaigns.models import CampaignActivity, ScheduleBatch  # noqa: PLC0415
    from coordination.history.models import Event, NumberSeries  # noqa: PLC0415
    from coordination.history.recording import faults  # noqa: PLC0415
    from coordination.offices.models import Official  # noqa: PLC0415

    gaps = sum(NumberSeries.objects.values_list("last", flat=True)) - CampaignActivity.objects.count()
    actor = Official.objects.get(username="bench")
    batch = ScheduleBatch.objects.order_by("pk").first()
    SCHEDULES.undo(batch, actor=actor)
    since_lock = clock_the_chain()
    took = clocked(SCHEDULES.take_back, batch.pk, actor.pk)
    held = since_lock()
    cancelled, wrong = batch.activities.filter(state="cancelled").count(), list(faults())
    print(f"{cancelled:>8,} cancelled in {took:.1f} s, the chain held {held:.1f} s, peak {memory():.0f} MB")
    print(f"{gaps:>8,} gaps in numbers")
    print(f"{Event.objects.count():>8,} events, {len(wrong)} broken links of the chain")
    return bool(gaps or wrong)


def clocked(step, *values):
    started = time.perf_counter()
    step(*values)
    return time.perf_counter() - started


def main():
    if len(sys.argv) > 1:
        stand.use({})
        return undo() if sys.argv[1] == "undo" else bring_in(sys.argv[1])
    with stand.stand() as bench:
        environment = demo._environment(stand.VAR, "8000", bench.database("schedule"))
        for command in (["migrate", "--verbosity", "0"], ["load_regions"], ["load_elections"]):
            bench.run([sys.executable, "manage.py", *command], environment)
        stand.use(environment)
        path = stand.VAR / "schedule.csv"
        print(f"{write_schedule(path, prepare()):,} villages, {path.stat().st_size / 2**20:.1f} MB")
        for what in (path, path, "undo"):
            bench.run([sys.executable, "-m", "bench.bench_schedule", str(what)], environment)
    return 0


if __name__ == "__main__":
    sys.exit(main())
