"""Elections are kept by superusers, on pages and by lists; a list is checked first and imported whole or not at all."""

import pytest
from django.contrib.admin.models import LogEntry
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from coordination.campaigns.models import CampaignMethod, Contest, Election, ElectionMethod, Stage
from coordination.campaigns.tests.factories import election, method
from coordination.offices.tests.factories import admin
from coordination.regions.tests.factories import region

pytestmark = pytest.mark.django_db
ELECTIONS = "singkatan,nama,kampanye_dari,kampanye_sampai,hari_pemungutan_suara,sumber\n"
CONTESTS = "pemilihan,kode_wilayah,sumber,keyakinan\n"
STAGES = "pemilihan,tahapan,nama,mulai,selesai,sumber,keyakinan\n"
METHODS = "singkatan,huruf,nama,dapat_daring\n"
RULES = "pemilihan,metode,boleh,mulai,selesai,orang_terbanyak,utamakan_daring,hanya_daring,catatan,sumber,keyakinan\n"


@pytest.fixture
def client():
    client = Client()
    client.force_login(admin())
    return client


def url(model, page, *args):
    return reverse(f"admin:campaigns_{model._meta.model_name}_{page}", args=args)


def check(client, model, text):
    file = SimpleUploadedFile("daftar.csv", text.encode())
    return client.post(url(model, "import"), {"resource": "0", "import_file": file})


def send(client, model, text):
    """Check and confirm. Returns whether it was imported."""
    checked = check(client, model, text)
    if "confirm_form" not in checked.context:
        return False
    form = checked.context["confirm_form"]
    values = {name: form[name].value() or "" for name in form.fields}
    return client.post(url(model, "process_import"), values).status_code == 302


def test_a_whole_election_comes_by_lists(client):
    region("32.73")
    lists = [
        (Election, ELECTIONS + "uji,Pilkada Uji,01/05/2030,31/05/2030,04/06/2030,Keputusan 1\n"),
        (Contest, CONTESTS + "uji,3273,daftar,high\n"),
        (Stage, STAGES + "uji,campaign,Masa kampanye,2030-05-01,2030-05-31,Pasal 1,high\n"),
        (CampaignMethod, METHODS + "debat,c,Debat publik,ya\n"),
        (ElectionMethod, RULES + "uji,debat,ya,,,50,ya,tidak,,Pasal 2,low\n"),
    ]
    for model, text in lists:
        assert send(client, model, text), model
    made = Election.objects.get(slug="uji")
    assert made.contests.get().region.code == "32.73"
    assert (made.stages.get().kind, str(made.stages.get().ends_on)) == ("campaign", "2030-05-31")
    rule = made.methods.get()
    assert (rule.method.meets_online, rule.most_people, rule.online_first, rule.from_date) == (True, 50, True, None)
    assert LogEntry.objects.count() == len(lists)


@pytest.mark.parametrize("model", [Election, Contest, Stage, CampaignMethod, ElectionMethod])
def test_what_is_exported_can_be_imported_and_changes_nothing(client, model):
    method(election("32.73"), most_people=50)
    before = list(model.objects.order_by("pk").values())
    text = client.post(url(model, "export"), {"format": "0", "resource": "0"}).content.decode("utf-8-sig")
    assert send(client, model, text)
    assert list(model.objects.order_by("pk").values()) == before


@pytest.mark.parametrize(
    ("model", "text"),
    [
        (Contest, CONTESTS + "pilkada-uji,32.04,daftar,high\ntidak-ada,32.73,daftar,high\n"),
        (Contest, CONTESTS + "pilkada-uji,32.04,daftar,high\npilkada-uji,99.99,daftar,high\n"),
        (Contest, CONTESTS + "pilkada-uji,32.04,daftar,pasti\n"),
        (Stage, STAGES + "pilkada-uji,quiet,Masa tenang,2030-06-01,2030-06-04,Pasal 1,high\n"),
        (Stage, STAGES + "pilkada-uji,campaign,Masa kampanye,2030-05-01,2030-05-30,Pasal 1,high\n"),
        (Stage, STAGES + "pilkada-uji,voting,Pemungutan suara,2030-06-03,2030-06-04,Pasal 1,high\n"),
        (Election, ELECTIONS + "pilkada-uji,Uji,2030-05-01,2030-05-30,2030-06-04,Keputusan 1\n"),
        (ElectionMethod, RULES + "pilkada-uji,pertemuan-terbatas,ya,,,0,tidak,tidak,,Pasal 2,high\n"),
        (ElectionMethod, RULES + "pilkada-uji,pertemuan-terbatas,ya,,,9999999999,tidak,tidak,,Pasal 2,high\n"),
        (ElectionMethod, RULES + "pilkada-uji,pertemuan-terbatas,mungkin,,,,tidak,tidak,,Pasal 2,high\n"),
        (ElectionMethod, RULES + "pilkada-uji,pertemuan-terbatas,ya,,,,ya,ya,,Pasal 2,high\n"),
    ],
)
def test_a_list_with_a_wrong_row_changes_nothing_and_names_it(client, model, text):
    method(election("32.73"))
    region("32.04")
    before = list(model.objects.order_by("pk").values())
    checked = check(client, model, text)
    assert checked.status_code == 200 and "confirm_form" not in checked.context
    result = checked.context["result"]
    assert result.has_validation_errors() and not result.has_errors()
    assert list(model.objects.order_by("pk").values()) == before


def test_what_the_database_refuses_is_told_in_words(client):
    election("32.73")
    row = "pilkada-uji,voting,Pemungutan suara,2030-06-03,2030-06-04,Pasal 1,high\n"
    assert "Tahapan lain dari pemilihan ini" in check(client, Stage, STAGES + row).content.decode()


def form_of(client, row):
    """What the page of an election would send when nothing was changed."""
    page = client.get(url(Election, "change", row.pk)).context
    values = {name: page["adminform"].form[name].value() for name in page["adminform"].form.fields}
    for inline in page["inline_admin_formsets"]:
        for form in [inline.formset.management_form, *inline.formset.forms]:
            values |= {form.add_prefix(name): form[name].value() for name in form.fields}
    return {name: "" if value is None else value for name, value in values.items() if value is not False}


def save(client, row, **changed):
    values = form_of(client, row) | {name.replace("stages_", "stages-"): value for name, value in changed.items()}
    return client.post(url(Election, "change", row.pk), values).status_code == 302


def test_an_election_and_its_stages_are_moved_on_one_page(client):
    row = election("32.73")
    assert save(
        client, row, voting_date="2030-06-05", **{"stages_2-starts_on": "2030-06-05", "stages_2-ends_on": "2030-06-05"}
    )
    row.refresh_from_db()
    assert str(row.voting_date) == str(row.stages.get(kind="voting").starts_on) == "2030-06-05"


NEW = {
    "slug": "baru", "name": "Baru", "source": "Keputusan 2",
    "campaign_from": "2031-05-01", "campaign_to": "2031-05-31", "voting_date": "2031-06-04",
    "stages-TOTAL_FORMS": 1, "stages-INITIAL_FORMS": 0, "methods-TOTAL_FORMS": 0, "methods-INITIAL_FORMS": 0,
    "stages-0-kind": "quiet", "stages-0-name": "Masa tenang", "stages-0-source": "Pasal 1",
    "stages-0-confidence": "high", "stages-0-starts_on": "2031-06-01", "stages-0-ends_on": "2031-06-03",
}  # fmt: skip


@pytest.mark.parametrize(
    ("changed", "saved"),
    [({}, True), ({"stages-0-ends_on": "2031-06-04"}, False), ({"campaign_to": ""}, False)],
    ids=["agrees", "contradicts", "a day is missing"],
)
def test_an_election_is_entered_with_stages_that_agree_with_it(client, changed, saved):
    answer = client.post(url(Election, "add"), NEW | changed)
    assert answer.status_code == (302 if saved else 200)
    assert Stage.objects.filter(election__slug="baru").exists() is saved


def test_an_election_cannot_leave_its_stages_behind(client):
    row = election("32.73")
    assert not save(client, row, voting_date="2030-06-05")
    row.refresh_from_db()
    assert str(row.voting_date) == "2030-06-04"
