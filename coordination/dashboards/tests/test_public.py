"""The public pages: what anybody is told, what nobody is, and that they can be kept for all."""

import random
import re

import pytest
from django.core.cache import caches
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from coordination.campaigns.choices import Need
from coordination.campaigns.tests.activities import activity
from coordination.dashboards.models import RegionFigures
from coordination.dashboards.public import allowance, copies, online, pages
from coordination.dashboards.public.merging import LEAST, merged, merged_kinds
from coordination.forecast.models import Rule
from coordination.networks.tests.factories import assessment, stated
from coordination.obstacles.choices import ObstacleKind
from coordination.obstacles.tests.factories import obstacle
from coordination.offices.tests.factories import lead
from coordination.regions.models import EarlierCode, Region
from coordination.regions.tests.factories import region
from tests.rights.cast import marker, pair_marker, plant

pytestmark = pytest.mark.django_db
VILLAGE = "32.73.01.1001"
ODD = [
    "%",
    "\x00",
    "\x00\x00a",
    "&|!",
    ":*",
    '"><script>alert(1)</script>',
    "a" * 10_000,
    "🦄🦄",
    "٣٢",
    "32..",
    "9" * 400,
]


def page(name="status", *args, reader=None, **query):
    return (reader or Client()).get(reverse(f"public:{name}", args=args), query)


def text(*args, **query):
    answer = page(*args, **query)
    assert answer.status_code == 200
    return answer.content.decode()


def anew():
    """Forget what was kept, as if the time for it were over."""
    caches["public"].clear()
    RegionFigures.objects.all().delete()


# What is told


@pytest.mark.parametrize("number", range(3 * LEAST))
def test_1_to_4_are_told_as_one_number(number):
    assert merged(number) == ((1, 4) if 1 <= number <= 4 else (number, number))


def test_no_small_number_of_a_kind_is_told_or_follows_from_what_is():
    dice = random.Random(6)
    for _round in range(5000):
        counts = {kind: dice.choice([0, 1, 2, 4, 5, 6, 40]) for kind in dice.sample("abcdefgh", dice.randrange(9))}
        told, rest = merged_kinds(counts)
        assert all(counts[kind] == number >= LEAST for kind, number in told.items())
        untold = [number for kind, number in counts.items() if number and kind not in told]
        if told:
            assert rest == sum(untold) and (not untold or rest >= LEAST and len(untold) > 1), counts
        else:
            assert rest == 0


def test_kinds_that_are_frequent_enough_are_all_told():
    assert merged_kinds({"a": 5, "b": 9}) == ({"a": 5, "b": 9}, 0)
    assert merged_kinds({"a": 5, "b": 9, "c": 2, "d": 3}) == ({"a": 5, "b": 9}, 5)
    assert merged_kinds({"a": 5, "b": 9, "c": 2}) == ({"b": 9}, 7)
    assert merged_kinds({"a": 5, "b": 2}) == ({}, 0)


def test_a_region_is_found_by_name_without_signing_in():
    region(VILLAGE, name="Sukawarna")
    for number in range(25):
        region(f"32.73.02.10{number:02}", name=f"Cibiru {number}")
    assert reverse("public:region", args=[VILLAGE]) in text("status", q="sukaw")
    many = text("status", q="cibiru")
    assert many.count('class="record-title"') == pages.FOUND == 20
    assert "Sukawarna" not in many


@pytest.mark.parametrize("odd", ODD)
def test_odd_searches_and_codes_are_answered(odd):
    region(VILLAGE)
    answer = page("status", q=odd)
    assert answer.status_code == 200
    assert "<script>" not in answer.content.decode() and len(answer.content) < 10_000
    for name in ("region", "online", "province_csv"):
        assert page(name, odd.replace("/", "")).status_code == 404


@pytest.mark.parametrize("name", ["region", "online"])
def test_an_earlier_code_and_one_without_dots_lead_to_the_region_of_today(name):
    EarlierCode.objects.create(region=region("93.01"), code="91.01", valid_to="2022-07-24", source="UU 14/2022")
    for code in ("91.01", "9301"):
        assert page(name, code).url == reverse(f"public:{name}", args=["93.01"])


def test_a_level_stands_with_its_day_and_the_name_of_its_list():
    stated(VILLAGE, "weak", source="Daftar Kementerian 2020", on=timezone.localdate())
    told = text("region", VILLAGE)
    assert "Daftar Kementerian 2020" in told and "Lemah" in told and "turunan" not in told
    above = text("region", "32.73")
    assert "turunan" in above and "Daftar" not in above and "Lemah" in above


def test_what_an_office_measured_tells_neither_who_nor_where():
    assessment(VILLAGE, place="RAHASIA", source="RAHASIA", note="RAHASIA", device="RAHASIA")
    told = text("region", VILLAGE)
    assert "RAHASIA" not in told and "Lemah" in told


def test_a_region_without_a_level_is_never_called_weak():
    region(VILLAGE)
    told = text("region", VILLAGE)
    assert "Belum diukur" in told and "Lemah" not in told


def test_the_shares_of_villages_add_up_to_all_villages():
    for number, level in enumerate(["strong", "strong", "weak"]):
        stated(f"32.73.01.100{number}", level)
    region("32.73.02.1001")
    for place in (None, Region.objects.get(code="32"), Region.objects.get(code="32.73.01")):
        shown = pages.page_of(place)
        assert sum(number for _words, number, _percent in shown.shares) == shown.villages
        assert sum(percent for *_rest, percent in shown.shares) == pytest.approx(100)
    assert pages.page_of(None).villages == 4


def test_obstacles_are_counted_the_same_on_every_tier():
    for _ in range(3):
        obstacle(VILLAGE)
    obstacle(VILLAGE, kind=ObstacleKind.QUOTA)  # not of the network
    for code in (None, "32", "32.73", "32.73.01", VILLAGE):
        place = code and Region.objects.get(code=code)
        assert pages.standing(place).number == (1, 4)
    for number in (4, 5, 6):
        obstacle(VILLAGE)
        anew()
        for code in (None, "32", "32.73", "32.73.01", VILLAGE):
            place = code and Region.objects.get(code=code)
            assert pages.standing(place).number == ((1, 4) if number < LEAST else (number, number))


def kept_figures(path, kinds):
    """Figures of a region as the roll-up keeps them."""
    anew()
    row = pages.figures_of(path)
    row.figures["obstacles"]["kinds"] = kinds
    row.save()


def test_kinds_are_told_from_5_on_of_regencies_alone():
    for kind, number in (("power", 6), ("terrain", 2), ("weather", 3)):
        for _ in range(number):
            obstacle(VILLAGE, kind=kind)
    kept_figures("32.73.", {"power": 6, "terrain": 2, "weather": 3, "quota": 9})
    told = pages.standing(Region.objects.get(code="32.73"))
    assert (told.number, told.kinds, told.others) == ((11, 11), [(ObstacleKind.POWER.label, 6)], 5)
    # Of one more tier, a single report elsewhere would follow from the difference.
    for other in (None, "32", "32.73.01", VILLAGE):
        assert pages.standing(other and Region.objects.get(code=other)).kinds == []
    shown = text("region", "32.73")
    assert ": 11</h2>" in shown and ": 6</li>" in shown and ": 5</li>" in shown


def test_kinds_that_were_counted_at_another_moment_are_not_told():
    for _ in range(6):
        obstacle(VILLAGE, kind="power")
    kept_figures("32.73.", {"power": 5})
    assert pages.standing(Region.objects.get(code="32.73")).kinds == []


def test_a_page_bears_no_time_of_the_day_or_its_mark_would_change_with_each_copy():
    obstacle(VILLAGE)
    for name, args in (("status", ()), ("region", ["32.73"]), ("online", ["32.73"]), ("data", ())):
        assert not re.search(r"\d\d\.\d\d WI", text(name, *args))


# What nobody is told


def test_no_public_page_or_file_tells_of_persons_candidates_activities_or_places():
    plant("32.73")
    Region.objects.filter(code=VILLAGE).update(name="Desa Uji", full_name="Desa Uji")  # else it bears the marker itself
    for address in addresses("32", "32.73", "32.73.01", VILLAGE):
        told = read(address)
        for secret in (marker("32.73"), pair_marker("32.73"), "kpu-", "HB-", "PK-", "KG-"):
            assert secret not in told, address
    assert marker("32.73") in str(Region.objects.get(code=VILLAGE).obstacles.get().description)


def addresses(*codes):
    """Every public address of these regions."""
    yield from (reverse(f"public:{name}") for name in ("status", "data", "country_csv", "regencies_geojson"))
    yield f"{reverse('public:status')}?q={marker('32.73')}x"
    for code in codes:
        yield reverse("public:region", args=[code])
        if "." in code:
            yield reverse("public:online", args=[code])
        else:
            yield reverse("public:province_csv", args=[code])


def read(address):
    answer = Client().get(address)
    assert answer.status_code == 200, address
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return body.decode().replace(f"{marker('32.73')}x", "")  # what was typed stands in the field again


def test_planned_activities_change_nothing_on_public_pages():
    region(VILLAGE)
    before = {address: read(address) for address in addresses("32", "32.73", VILLAGE)}
    activity(VILLAGE)
    anew()
    assert {address: read(address) for address in before} == before


# What works here


def verdicts(code):
    found = online.online_in(Region.objects.select_related("parent__parent__parent").get(code=code))
    return {verdict.need: verdict.risk for verdict in found.verdicts}


def test_what_works_follows_from_the_level():
    region("33.74.01.1001")
    assert set(verdicts("33.74.01.1001").values()) == {"unknown"}
    stated(VILLAGE, "strong")
    assert set(verdicts(VILLAGE).values()) == {"low"}
    stated("32.73.01.1002", "medium")
    assert verdicts("32.73.01.1002") == {
        Need.HOST: "medium",
        Need.JOIN: "low",
        Need.STREAM: "medium",
        Need.WATCH: "low",
    }
    stated("32.73.01.1003", "no_signal")
    assert set(verdicts("32.73.01.1003").values()) == {"high"}


def test_what_was_measured_less_than_something_needs_is_better_not():
    assessment(VILLAGE, download_mbps=30, upload_mbps=2, latency_ms=20)
    assert (verdicts(VILLAGE)[Need.HOST], verdicts(VILLAGE)[Need.STREAM]) == ("high", "high")
    assert verdicts(VILLAGE)[Need.WATCH] == "low"


def test_a_verdict_tells_nothing_of_single_obstacles():
    stated(VILLAGE, "strong")
    before = verdicts(VILLAGE)
    assert Rule.objects.get(about="obstacle", value="fibre_cut").risk == "high"
    obstacle(VILLAGE, kind="fibre_cut")
    assert verdicts(VILLAGE) == before


def test_the_page_of_what_works_says_so_in_words():
    stated(VILLAGE, "strong")
    told = text("online", VILLAGE)
    assert told.count("pill-closed") == 5  # four verdicts and the level
    assert page("online", "32").url == reverse("public:region", args=["32"])


# That they can be kept for all


def test_a_public_page_is_the_same_for_everybody_and_sets_no_cookie():
    region(VILLAGE)
    official = Client()
    official.force_login(lead("kpu", "32.73", name="NAMAORANG"))
    for address in addresses("32", "32.73", VILLAGE):
        for reader in (Client(), official):
            before = {name: morsel.value for name, morsel in reader.cookies.items()}
            answer = reader.get(address)
            assert answer["Cache-Control"] == "public, max-age=300", address
            assert not answer.cookies and "csrf" not in str(getattr(answer, "content", "")), address
            assert {name: morsel.value for name, morsel in reader.cookies.items()} == before
            assert "NAMAORANG" not in str(getattr(answer, "content", ""))


@pytest.mark.parametrize(("name", "args"), [("status", []), ("region", [VILLAGE]), ("online", [VILLAGE]), ("data", [])])
def test_a_page_that_did_not_change_is_not_sent_again(name, args):
    region(VILLAGE)
    first = page(name, *args)
    headers = {"If-None-Match": first["ETag"]}
    again = Client(headers=headers).get(reverse(f"public:{name}", args=args))
    assert (again.status_code, again.content) == (304, b"")
    stated(VILLAGE, "weak")
    anew()
    changed = Client(headers=headers).get(reverse(f"public:{name}", args=args))
    assert changed.status_code == (304 if name == "data" else 200)


def test_a_page_is_made_once_for_many_readers(django_assert_num_queries):
    region(VILLAGE)
    page("region", VILLAGE)
    with django_assert_num_queries(2):  # the region, and the copy
        page("region", VILLAGE)
    obstacle(VILLAGE)
    assert "1–4" not in text("region", VILLAGE)
    caches["public"].clear()
    assert "1–4" in text("region", VILLAGE)


def test_a_copy_is_made_anew_by_one_while_the_others_get_the_old_one(monkeypatch):
    made = []

    def make():
        made.append(copies.keep("x", make).body if made else b"")  # while one makes it, somebody else asks
        return f"{len(made)}".encode()

    old = copies.keep("x", lambda: b"old")
    monkeypatch.setattr(copies, "FRESH_SECONDS", -1)
    made.append(b"begun")
    assert copies.keep("x", make).body == b"2"
    assert made == [b"begun", old.body]


def test_languages_are_not_mixed():
    region(VILLAGE)
    english = Client()
    english.cookies["bahasa"] = "en"
    for name, args in (("region", [VILLAGE]), ("status", [])):
        indonesian_page, english_page = page(name, *args), page(name, *args, reader=english)
        assert 'lang="id"' in indonesian_page.content.decode() and 'lang="en"' in english_page.content.decode()
        assert indonesian_page["ETag"] != english_page["ETag"]
        assert "Cookie" in english_page["Vary"]


def test_one_address_cannot_read_all_names_out(monkeypatch):
    monkeypatch.setattr(allowance, "MOST_SEARCHES", 2)
    now = allowance.time.time()
    monkeypatch.setattr(allowance.time, "time", lambda: now)  # lest the minute ends meanwhile
    region(VILLAGE)
    assert [page("status", q="suka").status_code for _ in range(3)] == [200, 200, 429]
    assert page("status").status_code == 200  # what costs nothing is not counted
    assert Client(REMOTE_ADDR="10.0.0.9").get("/status/?q=suka").status_code == 200
    lines = "2001:db8::1", "2001:db8::2", "2001:db8::3", "2001:db8:0:1::3"
    assert [allowance.take(address) for address in lines] == [True, True, False, True]


def test_no_public_page_takes_many_queries():
    plant("32.73")
    for address in addresses("32", "32.73", "32.73.01", VILLAGE):
        read(address)  # counts the figures
        caches["public"].clear()
        with CaptureQueriesContext(connection) as queries:
            read(address)
        # Once in five minutes the page is stored as well.
        asked = [each for each in queries if each["sql"].startswith("SELECT") and "portal_public" not in each["sql"]]
        assert len(asked) <= 12, address


def test_the_sign_in_page_leads_to_the_public_page():
    assert f'href="{reverse("public:status")}"' in Client().get(reverse("account_login")).content.decode()


def test_a_demonstration_says_so_on_every_public_page(settings):
    region(VILLAGE)
    for shown, demo in ((False, False), (True, True)):
        settings.DEMO = demo
        anew()
        for name, args in (("status", []), ("region", [VILLAGE]), ("online", [VILLAGE]), ("data", [])):
            assert bool(re.search('class="demo"', text(name, *args))) is shown
