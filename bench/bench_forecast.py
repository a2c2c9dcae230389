"""The replay of the campaign of 2020: 100,000 simulated activities, the forecast of all, the list and the calendar.

    python -m bench.bench_forecast

Activities, levels, obstacles and outages are drawn at random over the regions that voted: a simulation, no statement
about any place or anybody. The schedule comes in as a list, through the same functions as from the page and the worker;
then everything is weighed as if today were the day before the campaign, on a database that is thrown away. At the end
every reason is looked up, and one regency in ten is weighed once more, an activity at a time, and compared.
"""

import os
import random
import sys
import time
from collections import Counter
from datetime import UTC, datetime, timedelta

from bench import bench_schedule, stand
from bench.bench_levels import WORDS, memory, villages, write_csv
from portal.serving import demo

BAR_SECONDS = 60
NOW = datetime(2020, 9, 25, 17, tzinfo=UTC)
MEASURED_SHARE, OBSTACLES, OUTAGES = 0.7, 3000, 400
KINDS = ("weak_signal", "tower_down", "power", "congestion", "fibre_cut", "only_2g_3g")
HOURS = timedelta(hours=1)
PAGES = (
    "/kegiatan/?period=semua", "/kegiatan/kalender/?minggu=2020-W45", "/prakiraan/", "/prakiraan/ketepatan/", "/",
)  # fmt: skip


def write_levels(path):
    """A list of levels for most villages."""
    dice = random.Random(2020)
    rows = [
        (code, dice.choices(WORDS, (5, 3, 2, 1))[0], "2020-09-01")
        for code, *_rest in villages()
        if dice.random() < MEASURED_SHARE
    ]
    write_csv(path, ("kode", "tingkat", "tanggal"), rows)


def hinder():
    """Obstacles and planned outages all over the campaign."""
    from coordination.campaigns.models import CampaignActivity  # noqa: PLC0415 - after django.setup()
    from coordination.networks.models import PlannedOutage  # noqa: PLC0415
    from coordination.obstacles.models import Obstacle  # noqa: PLC0415
    from coordination.offices.models import Office, Official  # noqa: PLC0415

    dice, actor, office = random.Random(7), Official.objects.get(username="bench"), Office.objects.first()
    places = list(CampaignActivity.objects.select_related("region").order_by("?")[: OBSTACLES + OUTAGES])
    shared = {"body_sha256": "x", "office": office}
    Obstacle.objects.bulk_create(
        Obstacle(
            number=f"HB-SIMULASI-{number}", region=row.region, region_name=row.region_name, kind=dice.choice(KINDS),
            since=NOW - dice.randrange(60) * 24 * HOURS, description="SIMULASI", reported_by=actor, **shared,
        )
        for number, row in enumerate(places[:OBSTACLES])
    )  # fmt: skip
    outages = PlannedOutage.objects.bulk_create(
        PlannedOutage(
            number=f"PM-SIMULASI-{number}", kind="power", provider="SIMULASI", starts_at=row.starts_at - 2 * HOURS,
            ends_at=row.starts_at + HOURS, official=actor, **shared,
        )
        for number, row in enumerate(places[OBSTACLES:])
    )  # fmt: skip
    for outage, row in zip(outages, places[OBSTACLES:], strict=True):
        outage.regions.add(row.region)


def weigh_all():
    """Weigh everything in this process, as the nightly task does."""
    from coordination.forecast.models import Forecast  # noqa: PLC0415 - after django.setup()
    from coordination.forecast.refreshing import refresh_below  # noqa: PLC0415

    begin, last = memory(), [0]

    def tell(weighed):
        if weighed // 20_000 > last[0] // 20_000:
            print(f"  {weighed:>7,} weighed", flush=True)
        last[0] = weighed

    started = time.perf_counter()
    weighed = refresh_below(now=NOW, tell=tell)
    first = time.perf_counter() - started
    started = time.perf_counter()
    refresh_below(now=NOW)
    again = time.perf_counter() - started
    risks = Counter(Forecast.objects.values_list("risk", flat=True))
    print(
        f"{weighed:,} activities weighed in {first:.1f} s (bar {BAR_SECONDS}), again with nothing changed {again:.1f} s"
        f"  peak {memory():.0f} MB, {begin:.0f} before  {dict(risks)}"
    )
    largest()
    return check()


def largest():
    """How long the regency with the most activities takes: what one change costs at most."""
    from coordination.campaigns.models import CampaignActivity  # noqa: PLC0415 - after django.setup()
    from coordination.forecast.refreshing import refresh_regency  # noqa: PLC0415

    paths = Counter(path[:6] for path in CampaignActivity.objects.values_list("region__path", flat=True))
    path, number = paths.most_common(1)[0]
    started = time.perf_counter()
    refresh_regency(path, now=NOW)
    print(f"the regency with the most activities ({number:,}) in {time.perf_counter() - started:.2f} s")


def check():
    """Every reason names a record that exists, and weighing one by one gives the same. Returns how many are wrong."""
    from coordination.campaigns.models import CampaignActivity  # noqa: PLC0415 - after django.setup()
    from coordination.forecast.evidence import RegencyEvidence  # noqa: PLC0415
    from coordination.forecast.models import Forecast  # noqa: PLC0415
    from coordination.forecast.refreshing import forecast_of, present_rules  # noqa: PLC0415
    from coordination.networks.models import Assessment, PlannedOutage, RegionLevel  # noqa: PLC0415
    from coordination.obstacles.models import Obstacle  # noqa: PLC0415
    from coordination.regions.models import Region  # noqa: PLC0415

    models = {"level": RegionLevel, "assessment": Assessment, "obstacle": Obstacle, "outage": PlannedOutage,
              "region": Region, "activity": CampaignActivity}  # fmt: skip
    known = {name: set(model.objects.values_list("pk", flat=True)) for name, model in models.items()}
    lost = reasons = 0
    for found in Forecast.objects.values_list("reasons", flat=True).iterator():
        reasons += len(found)
        lost += sum(reason["key"] not in known[reason["model"]] for reason in found)
    rules, paths, compared, wrong = present_rules(), sorted({path[:6] for path in CampaignActivity.objects.values_list(
        "region__path", flat=True)})[::10], 0, 0  # fmt: skip
    for path in paths:
        rows = CampaignActivity.objects.filter(region__path__startswith=path).select_related("region", "forecast")
        for row in rows[:20]:
            anew = forecast_of(row, RegencyEvidence(path, NOW), rules, NOW)
            compared += 1
            wrong += (anew.risk, anew.reasons) != (row.forecast.risk, row.forecast.reasons)
    print(f"{reasons:,} reasons, {lost} without their record; {compared:,} weighed one by one, {wrong} otherwise")
    return lost + wrong


def show_pages():
    """What the list and the calendar cost with all of it there."""
    stand.show_pages("bench", PAGES)


def bring_levels(path):
    from bench.bench_levels import bring_in  # noqa: PLC0415 - after django.setup()

    bring_in(path)


STEPS = {"hinder": hinder, "weigh": weigh_all, "pages": show_pages}


def main():
    if len(sys.argv) > 1:
        stand.use({})
        what = sys.argv[1]
        if what in STEPS:
            return bool(STEPS[what]())
        return bring_levels(what) if "levels" in os.path.basename(what) else bench_schedule.bring_in(what)
    with stand.stand() as bench:
        environment = demo._environment(stand.VAR, "8000", bench.database("forecast"))
        for command in (["migrate", "--verbosity", "0"], ["load_regions"], ["load_elections"]):
            bench.run([sys.executable, "manage.py", *command], environment)
        stand.use(environment)
        schedule, levels = stand.VAR / "schedule.csv", stand.VAR / "levels.csv"
        bench_schedule.write_schedule(schedule, bench_schedule.prepare())
        write_levels(levels)
        for what in (schedule, levels, *STEPS):
            bench.run([sys.executable, "-m", "bench.bench_forecast", str(what)], environment)
    return 0


if __name__ == "__main__":
    sys.exit(main())
