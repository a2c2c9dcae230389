"""The files of open data: a stable shape, the same numbers as the pages, conditional and for anybody."""

import csv
import gzip
import io
import json
import random
from datetime import timedelta

import pytest
from django.core.cache import caches
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from coordination.dashboards.public import copies, opendata, pages
from coordination.networks.tests.factories import assessment, stated
from coordination.obstacles.models import Obstacle
from coordination.obstacles.tests.factories import obstacle
from coordination.regions.models import Region
from coordination.regions.tests.factories import region

pytestmark = pytest.mark.django_db
VILLAGE = "32.73.01.1001"
# Whoever changes these breaks programs of others: raise the edition and announce it on the page of the data.
HEADER = (
    "kode,nama,tingkat_wilayah,kode_induk,lintang,bujur,jaringan,tanggal,tanggal_terlama,sumber,desa,desa_kuat,"
    "desa_sedang,desa_lemah,desa_tanpa_sinyal,hambatan_min,hambatan_maks,data"
)
ADDRESSES = {"wilayah.csv", "wilayah.geojson", "32.csv"}


def get(name, **headers):
    return Client(headers=headers).get(f"/status/data/{name}")


def body(name):
    answer = get(name)
    assert answer.status_code == 200
    return b"".join(answer.streaming_content).decode()


def rows(name):
    return {row["kode"]: row for row in csv.DictReader(io.StringIO(body(name)))}


def some_regions():
    """Levels, obstacles and nothing at all, by chance."""
    dice = random.Random(9)
    for code in ("32.73.01.1001", "32.73.01.1002", "32.73.02.1001", "32.04.01.2001", "33.74.01.1001"):
        region(code, latitude=dice.uniform(-8, -6), longitude=dice.uniform(106, 110))
        if dice.random() < 0.8:
            stated(code, dice.choice(["strong", "medium", "weak", "no_signal"]), source="Daftar uji")
        for _ in range(dice.choice([0, 2, 5, 7])):
            obstacle(code)
    obstacle("32.73")  # names no district
    # These do not count; eight of them would be told.
    for _ in range(8):
        Obstacle.objects.filter(pk=obstacle("32.73.01.1002").pk).update(state="cleared")
        obstacle("32.73.02.1001", kind="quota")
    assessment("32.04.01.2001")


def test_the_header_is_stable():
    region(VILLAGE)
    for name in ("wilayah.csv", "32.csv"):
        assert body(name).splitlines()[0] == HEADER
    assert opendata.EDITION == 1


def test_every_row_agrees_with_the_page_of_its_region():
    some_regions()
    found = rows("wilayah.csv") | rows("32.csv") | rows("33.csv")
    assert found.keys() == set(Region.objects.values_list("code", flat=True))
    for code, row in found.items():
        shown = pages.page_of(pages.find(code))
        assert (int(row["hambatan_min"]), int(row["hambatan_maks"])) == shown.obstacles.number, code
        level = opendata.LEVELS[shown.network.level] if shown.network else "belum diukur"
        assert (row["jaringan"], int(row["desa"])) == (level, pages._villages(shown.region, shown.network)), code
        if shown.network:
            assert row["tanggal"] == pages.day_of(shown.network, shown.region).isoformat()
            assert [int(row[f"desa_{word.replace(' ', '_')}"]) for word in opendata.LEVELS.values()] == list(
                shown.network.counts.values()
            )
            assert (row["sumber"] == "turunan") is shown.network.is_derived
    assert {row["sumber"] for row in found.values()} >= {"turunan", "Daftar uji", "pengukuran atau pengalaman"}


def test_the_file_of_the_country_ends_at_districts_and_that_of_a_province_has_its_villages():
    region(VILLAGE), region("33.74.01.1001")  # noqa: B018
    assert rows("wilayah.csv").keys() == {"32", "32.73", "32.73.01", "33", "33.74", "33.74.01"}
    assert rows("32.csv").keys() == {"32", "32.73", "32.73.01", VILLAGE}
    for code in ("99", "32.73", "provinsi", "\x00", "٣٢"):
        assert get(f"{code}.csv").status_code == 404
    assert rows("32.csv")[VILLAGE]["kode_induk"] == "32.73.01"


@pytest.mark.parametrize("name", sorted(ADDRESSES))
def test_what_ended_is_in_no_file(name):
    region("32.73"), region("32.99")  # noqa: B018
    assert "32.99" in body(name)
    Region.objects.filter(code="32.99").update(valid_to=timezone.localdate() - timedelta(days=1))
    caches["public"].clear()
    assert "32.99" not in body(name)


def test_the_points_of_regencies_are_written_longitude_first():
    region("32.73", name="Kota Bandung", latitude=-6.9, longitude=107.6)
    region("32.04")
    collection = json.loads(body("wilayah.geojson"))
    assert (collection["type"], collection["licence"], collection["edition"]) == ("FeatureCollection", "ODbL-1.0", 1)
    by_code = {feature["id"]: feature for feature in collection["features"]}
    assert by_code["32.73"]["geometry"] == {"type": "Point", "coordinates": [107.6, -6.9]}
    assert by_code["32.73"]["properties"]["nama"] == "Kota Bandung"
    assert by_code["32.04"]["geometry"] is None
    assert by_code.keys() == {"32.73", "32.04"}


def test_no_cell_is_a_formula_and_numbers_stay_numbers():
    region(VILLAGE, name="=SUM(A1)", latitude=-6.9, longitude=107.6)
    stated(VILLAGE, "weak", source="@lembar")
    row = rows("32.csv")[VILLAGE]
    assert (row["nama"], row["sumber"], row["lintang"]) == ("'=SUM(A1)", "'@lembar", "-6.9")


@pytest.mark.parametrize("name", sorted(ADDRESSES))
def test_a_file_is_for_anybody_anywhere_and_sent_again_only_when_it_changed(name, monkeypatch):
    region(VILLAGE)
    first = get(name)
    assert (first["Access-Control-Allow-Origin"], first["Cache-Control"]) == ("*", "public, max-age=300")
    known = {"If-None-Match": first["ETag"]}, {"If-Modified-Since": first["Last-Modified"]}
    for headers in known:
        again = get(name, **headers)
        assert (again.status_code, again["Access-Control-Allow-Origin"]) == (304, "*")
    later = timezone.now().timestamp() + copies.FRESH_SECONDS + 1
    monkeypatch.setattr(copies.time, "time", lambda: later)
    assert get(name)["Last-Modified"] == first["Last-Modified"]  # made anew, and the same
    stated(VILLAGE, "weak")
    monkeypatch.setattr(copies.time, "time", lambda: later + copies.FRESH_SECONDS + 1)
    for headers in known:
        assert get(name, **headers).status_code == 200


@pytest.mark.parametrize("name", sorted(ADDRESSES))
def test_a_file_comes_compressed_to_whoever_takes_that(name):
    region(VILLAGE)
    small, plain = get(name, **{"Accept-Encoding": "gzip, br"}), body(name)
    assert small["Content-Encoding"] == "gzip"
    assert gzip.decompress(small.content).decode() == plain
    assert not get(name, **{"Accept-Encoding": "br"}).has_header("Content-Encoding")


def test_other_addresses_give_nothing_to_other_sites():
    region(VILLAGE)
    for name in ("status", "data"):
        assert not Client().get(reverse(f"public:{name}")).has_header("Access-Control-Allow-Origin")


def test_a_demonstration_says_so_in_every_row(settings):
    region(VILLAGE)
    assert {row["data"] for row in rows("32.csv").values()} == {""}
    settings.DEMO = True
    caches["public"].clear()
    assert {row["data"] for row in rows("32.csv").values()} == {"demonstrasi"}
    features = json.loads(body("wilayah.geojson"))["features"]
    assert {feature["properties"]["data"] for feature in features} == {"demonstrasi"}


def test_the_page_of_the_data_explains_every_column_and_links_every_file():
    region(VILLAGE)
    page = Client().get(reverse("public:data")).content.decode()
    for name in HEADER.split(","):
        assert f"<code>{name}</code>" in page
    for name in ADDRESSES:
        assert f'href="/status/data/{name}"' in page
    assert "odbl" in page.lower() and "CC BY 4.0" in page


def test_a_derived_level_names_the_oldest_and_the_newest_day():
    today = timezone.localdate()
    stated(VILLAGE, "weak", on=today - timedelta(days=9))
    stated("32.73.01.1002", "weak", on=today)
    row = rows("wilayah.csv")["32.73"]
    assert (row["tanggal_terlama"], row["tanggal"]) == ((today - timedelta(days=9)).isoformat(), today.isoformat())
