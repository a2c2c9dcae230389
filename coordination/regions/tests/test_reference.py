"""The shipped reference: complete, tidy, and made by a script that runs by itself."""

import csv
import gzip
import os
import subprocess
import sys
from pathlib import Path

import pytest

from coordination.regions.loading import REFERENCE
from coordination.regions.reference.build import PROVINCES, points, tidy, zone

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture(scope="module")
def reference():
    with gzip.open(REFERENCE / "regions.csv.gz", "rt", encoding="utf-8", newline="") as file:
        return {row["code"]: row for row in csv.DictReader(file)}


def lines(name):
    with open(REFERENCE / name, encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_every_region_has_the_one_above_it(reference):
    assert len(reference) == 91_599
    assert all(code.rpartition(".")[0] in reference for code in reference if "." in code)


def test_names_are_written_as_names(reference):
    names = {code: row["name"] for code, row in reference.items()}
    assert not [name for name in names.values() if set(name) & set('"*') or name.islower() or name != name.strip()]
    assert (names["32.04"], names["32.73"]) == ("Kab. Bandung", "Kota Bandung")


def test_each_province_has_its_zone_of_the_presidential_decree(reference):
    for code, row in reference.items():
        assert int(code[:2]) in PROVINCES[row["zone"]]


def test_outer_islands_stay_where_they_are_and_misplaced_villages_do_not(reference):
    mapia, nua_nea, amahai = (reference[code] for code in ("91.19.05.2007", "81.01.01.2021", "81.01.01"))
    assert (mapia["latitude"], mapia["longitude"]) == ("0.8754", "134.3174")
    assert (nua_nea["latitude"], nua_nea["longitude"]) == (amahai["latitude"], amahai["longitude"])


def test_the_twenty_six_earlier_codes_of_papua_lead_to_regions_and_are_nobodys_today(reference):
    changes = lines("code_changes.csv")
    assert len({change["old_code"] for change in changes}) == len(changes) == 26
    for change in changes:
        assert change["new_code"] in reference
        assert change["old_code"] not in reference


def test_another_name_is_another_one(reference):
    for row in lines("other_names.csv"):
        assert row["name"] != reference[row["code"]]["name"]


def test_the_script_runs_without_the_portal_being_set_up():
    environment = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
    command = [sys.executable, "-c", "import coordination.regions.reference.build"]
    subprocess.run(command, cwd=ROOT, env=environment, check=True)


def test_the_script_corrects_the_known_faults(capsys):
    def at(latitude, longitude):
        return {"latitude": str(latitude), "longitude": str(longitude)}

    source = {
        "7407": at(-5.3, 23.5389), "740701": at(-5.3, 123.6), "7407012001": at("", ""), "7407012002": at(-9.9, 123.6),
        "9119": at(-0.7, 135.6), "911905": at(-0.64, 135.46), "9119052007": at(0.88, 134.32), "12": at(52.4, 4.9),
    }  # fmt: skip
    codes = ["12", "74.07", "74.07.01", "74.07.01.2001", "74.07.01.2002", "91.19", "91.19.05", "91.19.05.2007"]
    found = points(codes, source)
    assert found["74.07"] == (-5.3, 123.5389)
    assert found["74.07.01.2001"] == found["74.07.01.2002"] == (-5.3, 123.6)
    assert found["91.19.05.2007"] == (0.88, 134.32)
    assert found["12"] is None
    assert "without coordinates: 1; misplaced: 1" in capsys.readouterr().out
    assert [tidy(name) for name in (' Soka"an', "lamuk", "Teuw*", "MKCM")] == ["Soka'an", "Lamuk", "Teuw", "MKCM"]


def test_the_script_ends_where_the_source_contradicts_the_decree():
    assert zone("32", {"32": {"timezone": "7"}}) == "WIB"
    with pytest.raises(SystemExit, match="63"):
        zone("63", {"63": {"timezone": "7"}})
