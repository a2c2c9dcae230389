"""Imports of levels for all villages: seconds, peak memory, and whether the roll-up is what counting anew gives.

    python -m bench.bench_levels

The levels are drawn at random: a simulation, no statement about any place. Each list goes through the same functions
as from the page and the worker, in a process of its own, on a database that is thrown away.
"""

import csv
import os
import random
import sys
import time
import uuid
from collections import Counter
from math import asinh, floor, pi, radians, tan

import openpyxl

from bench import stand
from portal.serving import demo

BAR_SECONDS = 60
SOURCE = "SIMULASI"
WORDS = ("kuat", "sedang", "lemah", "tanpa sinyal")
CLASSES = ("sangat kuat", "kuat", "lemah", "tidak ada")
TILES = 400_000
LISTS = ("levels.csv", "levels.xlsx", "survey.csv", "tiles.csv")


def villages():
    """(code, names from the province down, latitude, longitude) of each village."""
    from coordination.regions.models import Region  # noqa: PLC0415 - after django.setup()

    name = dict(Region.objects.values_list("code", "name"))
    for code, latitude, longitude in Region.objects.filter(level=4).values_list("code", "latitude", "longitude"):
        yield code, [name[code[:end]] for end in (2, 5, 8, 13)], latitude, longitude


def quadkey(latitude, longitude, zoom=16):
    x = floor((longitude + 180) / 360 * 2**zoom)
    y = floor((1 - asinh(tan(radians(latitude))) / pi) / 2 * 2**zoom)
    return "".join(str((x >> bit & 1) + 2 * (y >> bit & 1)) for bit in range(zoom - 1, -1, -1))


def write_lists(folder):
    dice, known = random.Random(2020), list(villages())
    rows = [(code, dice.choices(WORDS, (5, 3, 2, 1))[0], "2026-11-01") for code, *_rest in known]
    write_csv(folder / "levels.csv", ("kode", "tingkat", "tanggal"), rows)
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet()
    for row in (("kode", "tingkat", "tanggal"), *rows):
        sheet.append(row)
    book.save(folder / "levels.xlsx")
    named = [(*names, dice.choices(CLASSES, (2, 5, 2, 1))[0]) for _code, names, *_point in known]
    write_csv(folder / "survey.csv", ("provinsi", "kabupaten", "kecamatan", "desa", "sinyal"), named)
    points = [(latitude, longitude) for *_names, latitude, longitude in known if latitude is not None]
    tiles = (tile(dice, *dice.choice(points)) for _ in range(TILES))
    write_csv(folder / "tiles.csv", ("quadkey", "avg_d_kbps", "avg_u_kbps", "avg_lat_ms", "tests", "devices"), tiles)
    return len(known)


def tile(dice, latitude, longitude):
    place = quadkey(latitude + dice.uniform(-0.02, 0.02), longitude + dice.uniform(-0.02, 0.02))
    down, up, latency = dice.randrange(500, 60_000), dice.randrange(200, 30_000), dice.randrange(10, 300)
    return place, down, up, latency, dice.randrange(1, 60), 1


def write_csv(path, header, rows):
    with open(path, "w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(header)
        writer.writerows(rows)


def bring_in(path):
    """Send, read, apply one list in this process and print what it took."""
    from coordination.networks.importing import LEVELS  # noqa: PLC0415 - after django.setup()
    from coordination.offices.models import Official  # noqa: PLC0415

    actor = Official.objects.get(username="bench")
    begin = memory()
    with open(path, "rb") as opened:
        started = time.perf_counter()
        batch = sent(opened, path, actor)
        LEVELS.read(batch.pk)
        read = time.perf_counter()
        LEVELS.approve(batch, actor=actor)
        LEVELS.apply(batch.pk, actor.pk)
        done = time.perf_counter()
    batch.refresh_from_db()
    print(
        f"{os.path.basename(path):<12} {batch.rows:>8,} rows {batch.faulty:>7,} faulty {batch.good:>7,} levels"
        f"  read {read - started:5.1f} s  applied {done - read:5.1f} s  in all {done - started:5.1f} s"
        f" (bar {BAR_SECONDS})  peak {memory():.0f} MB, {begin:.0f} before"
    )


def sent(opened, path, actor):
    from django.core.files import File  # noqa: PLC0415 - after django.setup()

    from coordination.networks.importing import LEVELS  # noqa: PLC0415

    file = File(opened, name=os.path.basename(path))
    file.content_type = ""
    kind = file.name.partition(".")[0]
    values = {"kind": kind, "source": f"{SOURCE} {file.name}", "stated_on": "2026-11-02", "file": file}
    return LEVELS.send(values, actor=actor, client_id=uuid.uuid4(), body_sha256=uuid.uuid4().hex)[0]


def memory():
    """The most memory that this process ever held, in MB; getrusage would count that of its parent."""
    with open("/proc/self/status") as status:
        return next(int(line.split()[1]) for line in status if line.startswith("VmHWM")) / 1024


def check():
    """Count every region anew from its villages, slowly, and compare."""
    from coordination.networks.levels import ORDER  # noqa: PLC0415 - after django.setup()
    from coordination.networks.models import RegionLevel  # noqa: PLC0415

    kept = {row.region.code: row for row in RegionLevel.objects.select_related("region")}
    below = {}
    for code, row in kept.items():
        if code.count(".") == 3:
            for end in (2, 5, 8):
                below.setdefault(code[:end], Counter())[row.level] += 1
    wrong = 0
    for code, counts in below.items():
        common = max(ORDER, key=lambda level, counts=counts: (counts[level], ORDER.index(level)))
        right = kept[code].is_derived and kept[code].level == common
        wrong += not (right and all(kept[code].counts[level] == counts[level] for level in ORDER))
    print(f"roll-up: {len(below):,} regions above {sum(c.count('.') == 3 for c in kept):,} villages, {wrong} wrong")
    return wrong


def main():
    if len(sys.argv) > 1:
        stand.use({})
        return bring_in(sys.argv[1])
    with stand.stand() as bench:
        environment = demo._environment(stand.VAR, "8000", bench.database("levels"))
        for command in (["migrate", "--verbosity", "0"], ["load_regions"]):
            bench.run([sys.executable, "manage.py", *command], environment)
        stand.use(environment)
        from coordination.offices.models import Official  # noqa: PLC0415 - after django.setup()

        Official.objects.create_superuser("bench", "", None, name="Bench")
        print(f"{write_lists(stand.VAR):,} villages")
        for name in LISTS:
            bench.run([sys.executable, "-m", "bench.bench_levels", str(stand.VAR / name)], environment)
            if check():
                return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
