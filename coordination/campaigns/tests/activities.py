"""An election that runs now, who stands in it, and activities, registered through the same door as the pages use."""

import uuid
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.utils import timezone

from coordination.campaigns import planning
from coordination.campaigns.choices import Need, Platform
from coordination.campaigns.models import CampaignMethod, CandidatePair, Contest, Election, ScheduleBatch
from coordination.offices.tests.factories import official
from coordination.regions.tests.factories import region

DAY = timedelta(days=1)


def running_election(code="32.73", **changes):
    """An election that is held in the region of this code, with its campaign running and one method; made once."""
    day = timezone.localdate()
    dates = {
        "campaign_from": day - 30 * DAY,
        "campaign_to": day + 60 * DAY,
        "voting_date": day + 64 * DAY,
    } | changes
    election, made = Election.objects.get_or_create(slug="berjalan", defaults={"name": "Pemilihan Uji", **dates})
    if made:
        stages = (
            ("campaign", "Masa kampanye", election.campaign_from, election.campaign_to),
            ("quiet", "Masa tenang", election.campaign_to + DAY, election.voting_date - DAY),
            ("voting", "Pemungutan suara", election.voting_date, election.voting_date),
        )
        for kind, name, first, last in stages:
            election.stages.create(
                kind=kind, name=name, starts_on=first, ends_on=last, source="PKPU Uji Pasal 1", confidence="high"
            )
        election.methods.create(method=method(), source="PKPU Uji Pasal 57", confidence="high")
    Contest.objects.get_or_create(election=election, region=region(code), defaults={"confidence": "high"})
    return election


def method(slug="pertemuan-terbatas-uji", name="Pertemuan terbatas"):
    return CampaignMethod.objects.get_or_create(slug=slug, defaults={"letter": "a", "name": name})[0]


def candidates(code="32.73", number=1, names="Anu dan Polan"):
    """A pair that stands in the region of this code in the running election."""
    contest = Contest.objects.get(election=running_election(code), region=region(code))
    return CandidatePair.objects.get_or_create(contest=contest, number=number, defaults={"names": names})[0]


def tomorrow_at(hour, code="32.73.01.1001", days=1):
    """A whole hour on the clocks of the region, tomorrow or so many days ahead."""
    zone = ZoneInfo(region(code).time_zone)
    return datetime.combine(timezone.localdate() + days * DAY, time(hour), zone)


def activity(code="32.73.01.1001", *, actor=None, **values):
    """An activity planned for tomorrow in the region of this code, by its election office unless told otherwise."""
    regency = ".".join(code.split(".")[:2])
    starts_at = values.get("starts_at") or tomorrow_at(9, code)
    values = {
        "election": running_election(regency),
        "region": region(code),
        "method": method(),
        "platform": Platform.ZOOM,
        "need": Need.HOST,
        "starts_at": starts_at,
        "ends_at": starts_at + timedelta(hours=2),
    } | values
    # The rules of the election know the method, whichever a test asks for.
    source = {"source": "PKPU Uji Pasal 57", "confidence": "high"}
    values["election"].methods.get_or_create(method=values["method"], defaults=source)
    row, _is_new = planning.register(
        values, actor=actor or official("kpu", regency), client_id=uuid.uuid4(), body_sha256=uuid.uuid4().hex
    )
    return row


def schedule_batch(actor, **fields):
    """A schedule that was sent, with nothing in it yet."""
    fields = {
        "name": "jadwal.csv", "content_type": "text/csv", "size": 1, "sha256": uuid.uuid4().hex,
        "file": "schedulebatch/none.csv",
    } | fields  # fmt: skip
    return ScheduleBatch.objects.create(official=actor, office=actor.office, **fields)
