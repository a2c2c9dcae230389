"""Finding regions by what people type."""

import re

import pytest
from django.db import connection

from coordination.regions.loading import load
from coordination.regions.models import Region
from coordination.regions.tests.factories import region
from coordination.regions.tests.test_loading import edition

pytestmark = pytest.mark.django_db


@pytest.fixture
def bandung(tmp_path):
    rows = [
        ("32", "Jawa Barat"), ("32.04", "Kab. Bandung"), ("32.04.39", "Ciwidey"), ("32.04.39.2001", "Panyocokan"),
        ("32.04.39.2002", "Bandung Asri"), ("32.17", "Kab. Bandung Barat"), ("32.17.01", "Bandung"),
        ("32.73", "Kota Bandung"), ("62", "Kalimantan Tengah"), ("62.71", "Kota Palangkaraya"),
    ]  # fmt: skip
    load(edition(tmp_path / "a", rows, others="62.71,Kota Palangka Raya,,x\n32,Jabar,,x\n"))


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("bandung", ["32.04", "32.73", "32.17.01", "32.17", "32.04.39", "32.04.39.2001", "32.04.39.2002"]),
        ("KABUPATEN  bandung", ["32.04", "32.17"]),
        ("kab. bandung barat", ["32.17"]),
        ("kota bandung", ["32.73"]),
        ("kec. ciwidey", ["32.04.39", "32.04.39.2001", "32.04.39.2002"]),
        ("panyo bandung", ["32.04.39.2001"]),
        ("palangka raya", ["62.71"]),
        ("320439", ["32.04.39", "32.04.39.2001", "32.04.39.2002"]),
        ("jabar", ["32"]),
    ],
)
def test_the_best_match_comes_first(bandung, text, codes):
    assert [found.code for found in Region.objects.search(text)] == codes


def test_a_search_stays_within_what_it_is_asked_of(bandung):
    within = Region.objects.filter(path__startswith="32.04.").search("bandung")
    assert within.filter(level=2).get().code == "32.04"
    assert within[:1][0].code == "32.04"


@pytest.mark.parametrize("text", ["bandung \ud800", "\udfffbandung", "ban\x00dung bandung", "bandung 💥"])
def test_what_the_database_cannot_store_does_not_break_a_search(bandung, text):
    list(Region.objects.search(text))
    with pytest.raises(Region.DoesNotExist):
        Region.objects.resolve(text)


@pytest.mark.parametrize("code", ["", ".", "32.", "32.4", "3", "32 04", "٣٢", "9" * 5000, "x"])
def test_an_odd_code_is_nobodys(code):
    region("32.04")
    with pytest.raises(Region.DoesNotExist):
        Region.objects.resolve(code)


def test_a_code_below_a_renumbered_regency_is_not_guessed(tmp_path):
    """Papua's districts were numbered anew, so 91.02.27 was another one than 95.01.27 is."""
    rows = [("95", "Papua Pegunungan"), ("95.01", "Kab. Jayawijaya"), ("95.01.27", "Tagime")]
    load(edition(tmp_path / "a", rows, "91.02,95.01,2022-07-24,UU 16/2022\n"))
    assert Region.objects.resolve("9102").code == "95.01"
    with pytest.raises(Region.DoesNotExist):
        Region.objects.resolve("91.02.27")


def test_the_tree_below_a_region_is_read_from_the_index():
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")  # an empty table needs no index
    plan = Region.objects.filter(path__startswith="32.04.").explain()
    # The operators differ with the collation of the database; the bounds do not.
    assert re.search(r"Index Cond: .*'32\.04\.'::text.*'32\.04/'::text", plan)
