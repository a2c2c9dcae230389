"""The reference of all regions: complete, loaded once, updated in place."""

import csv
import datetime
import gzip

import pytest

from coordination.regions.loading import load
from coordination.regions.models import EarlierCode, Level, Region
from coordination.regions.tests.factories import region

pytestmark = pytest.mark.django_db
TODAY = datetime.date(2027, 1, 1)


def edition(folder, rows, changes="", others=""):
    """Another edition of the reference with these (code, name) rows."""
    folder.mkdir(exist_ok=True)
    with gzip.open(folder / "regions.csv.gz", "wt", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["code", "name", "latitude", "longitude", "zone", "population"])
        writer.writerows([code, name, "-6.9", "107.6", "WIB", ""] for code, name in rows)
    (folder / "code_changes.csv").write_text("old_code,new_code,valid_to,source\n" + changes)
    (folder / "other_names.csv").write_text("code,name,valid_to,source\n" + others)
    return folder


def test_the_whole_reference_is_there_once_and_searchable():
    assert load()["new"] == 91_599
    counts = [Region.objects.filter(level=level).count() for level in Level.values]
    assert counts == [38, 514, 7_285, 83_762]
    assert not Region.objects.filter(latitude=None).exists()
    assert {"WIB", "WITA", "WIT"} == {row.get_time_zone_display() for row in Region.objects.filter(level=1)}
    wakatobi = Region.objects.get(code="74.07")
    assert 123 < wakatobi.longitude < 124
    assert not any(load().values())
    for text, code in (("ciwidey", "32.04.39"), ("Kab Bandung", "32.04"), ("3204", "32.04"), ("32.04", "32.04"),
                       ("kabupaten bandung", "32.04"), ("Toba Samosir", "12.12"), ("fakfak", "92.03"),
                       ("jabar", "32"), ("91.01", "93.01"), ("Kota Bandung", "32.73")):  # fmt: skip
        assert Region.objects.search(text).first().code == code, text
    assert Region.objects.resolve("91.01").name == "Kab. Merauke"
    assert Region.objects.resolve("9101") == Region.objects.resolve("93.01")
    with pytest.raises(Region.DoesNotExist):
        Region.objects.resolve("99.99")


def test_a_renamed_region_keeps_its_key_and_is_still_found_by_the_earlier_name(tmp_path):
    load(edition(tmp_path / "a", [("12", "Sumatera Utara"), ("12.12", "Kab. Toba Samosir")]))
    key = Region.objects.get(code="12.12").pk
    counts = load(edition(tmp_path / "b", [("12", "Sumatera Utara"), ("12.12", "Kab. Toba")]), today=TODAY)
    assert counts["changed"] == 1
    renamed = Region.objects.get(pk=key)
    assert (renamed.name, renamed.other_names.get().name) == ("Kab. Toba", "Kab. Toba Samosir")
    assert renamed.other_names.get().valid_to == TODAY
    assert Region.objects.search("toba samosir").get() == renamed


def test_a_region_of_a_split_province_keeps_its_key_and_its_earlier_code_resolves(tmp_path):
    load(edition(tmp_path / "a", [("91", "Papua"), ("91.01", "Kab. Merauke"), ("91.01.01", "Merauke")]))
    key, district = Region.objects.get(code="91.01").pk, Region.objects.get(code="91.01.01").pk
    changes = "91.01,93.01,2022-07-24,UU 14/2022\n91.01.01,93.01.01,2022-07-24,UU 14/2022\n"
    rows = [("91", "Papua"), ("93", "Papua Selatan"), ("93.01", "Kab. Merauke"), ("93.01.01", "Merauke")]
    counts = load(edition(tmp_path / "b", rows, changes), today=TODAY)
    assert counts == {"recoded": 2, "changed": counts["changed"], "new": 1, "ended": 0}
    moved = Region.objects.get(pk=key)
    assert (moved.code, moved.path, moved.parent.name) == ("93.01", "93.01.", "Papua Selatan")
    assert Region.objects.get(pk=district).full_name == "Merauke, Kab. Merauke, Papua Selatan"
    assert Region.objects.resolve("91.01") == Region.objects.search("91.01").first() == moved
    assert EarlierCode.objects.get(code="91.01").valid_to == datetime.date(2022, 7, 24)


def test_an_ended_region_is_kept_with_its_last_day_and_comes_back_if_the_reference_says_so(tmp_path):
    both, one = [("11", "Aceh"), ("12", "Sumatera Utara")], [("11", "Aceh")]
    load(edition(tmp_path / "a", both))
    assert load(edition(tmp_path / "b", one), today=TODAY)["ended"] == 1
    ended = Region.objects.resolve("12")
    assert (ended.valid_to, list(Region.objects.current())) == (TODAY, [Region.objects.get(code="11")])
    load(edition(tmp_path / "c", both, others="11,Nanggroe,,x\n"), today=TODAY)
    assert Region.objects.get(code="12").valid_to is None


def test_a_broken_edition_changes_nothing(tmp_path):
    load(edition(tmp_path / "a", [("11", "Aceh")]))
    broken = edition(tmp_path / "b", [("11", "Lain"), ("11.01.01", "tanpa induk")])
    with pytest.raises(Exception, match="region_below_a_province_has_a_parent"):
        load(broken)
    assert list(Region.objects.values_list("code", "name")) == [("11", "Aceh")]


@pytest.mark.parametrize("text", ["", " ", "'", "a", ":*", "& | !", "\x00", "x" * 5000, "💥", "'; DROP", "..", "\\"])
def test_an_odd_search_finds_nothing_and_breaks_nothing(text):
    region("32.73.01.1001")
    assert list(Region.objects.search(text)) == []
