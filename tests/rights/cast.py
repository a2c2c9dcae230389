"""The people and things of the table of rights: one marked set of rows a region, and who looks at them."""

import uuid
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.test import Client
from django.test.client import ClientHandler
from django.utils import timezone

from coordination.campaigns.models import CalendarAddress, CampaignActivity, ScheduleBatch
from coordination.campaigns.planning import renew_calendar_address
from coordination.campaigns.tests.activities import activity, candidates, schedule_batch
from coordination.forecast import experience
from coordination.forecast.refreshing import refresh_below
from coordination.networks.models import Assessment, ImportBatch, OutageBatch, PlannedOutage, Screenshot
from coordination.networks.tests.factories import assessment, import_batch, outage, outage_batch
from coordination.obstacles.models import Obstacle, Photo
from coordination.obstacles.tests.factories import obstacle
from coordination.offices.models import Absence, Invitation, Official
from coordination.offices.tests.factories import absence, lead, official
from coordination.people.invitations import invite
from coordination.regions.tests.factories import region
from coordination.requests import filing
from coordination.requests.answer_templates import keep
from coordination.requests.choices import State
from coordination.requests.models import AnswerTemplate, Attachment, CoordinationRequest
from coordination.requests.tests.factories import coordination_request
from coordination.requests.warning import warn_due
from coordination.requests.workflow import perform
from coordination.uploads import resuming
from coordination.uploads.models import Upload
from tests.files import clean_pdf, clean_photo

HOUR = timedelta(hours=1)
# Shared by all clients, each of which would load the middleware anew.
HANDLER = ClientHandler(enforce_csrf_checks=False)
# The thing lies in Kota Bandung. Each relation is that of the thing's region to the reader's.
THING = "32.73"
VILLAGE = {"32.73": "32.73.01.1001", "32.04": "32.04.01.1001", "33.74": "33.74.01.1001", "32": "32"}
# An outage of a whole province is known in all of it, so that of the province's things lies in a regency beside.
OUTAGE_IN = VILLAGE | {"32": VILLAGE["32.04"]}
# The relation of the thing's region to the reader's: "below" means that the reader sits in the province.
READER_IN = {"own": "32.73", "below": "32", "national": None, "sister": "32.04", "none": "33.74"}
ROLES = {
    "kpu": ("kpu", "officer"),
    "kpu_lead": ("kpu", "lead"),
    "kpu_viewer": ("kpu", "viewer"),
    "kominfo": ("kominfo", "officer"),
    "kominfo_lead": ("kominfo", "lead"),
    "kominfo_viewer": ("kominfo", "viewer"),
    "bawaslu": ("bawaslu", "viewer"),
    "bawaslu_lead": ("bawaslu", "lead"),
}


def marker(code):
    """Text planted in every row of a region, which nobody outside may ever meet."""
    return f"RAHASIA{code.replace('.', '')}"


def pair_marker(code):
    """Text in the names of the candidates of a region, which no ICT office may ever meet, wherever it sits."""
    return f"PASLON{code.replace('.', '')}"


@dataclass
class Things:
    """Everything of one region that an address can name."""

    code: str
    obstacle: Obstacle
    request: CoordinationRequest
    draft: CoordinationRequest
    photo: Photo
    measurement: Assessment
    screenshot: Screenshot
    activity: CampaignActivity
    calendar: CalendarAddress
    attachment: Attachment
    upload: Upload
    filer: Official
    handler: Official
    invitation: Invitation
    token: str
    batch: ImportBatch
    schedule: ScheduleBatch
    outage: PlannedOutage
    outage_batch: OutageBatch
    held: CampaignActivity  # over, and nobody has said yet how the network did
    absence: Absence
    template: AnswerTemplate


def plant(code):
    """Rows of every kind in this region, each carrying the region's marker; those of the draft carry DRAF too."""
    mark, village = marker(code), VILLAGE[code]
    filer = lead("kpu", code, name=f"KPU {mark}", username=f"kpu-{mark}", phone=mark)
    handler = lead("kominfo", code, name=f"Dinas {mark}", username=f"kominfo-{mark}", phone=mark)
    place = region(village, name=f"Desa {mark}")
    hurdle = obstacle(village, actor=filer, description=mark, place=mark)
    photo = Photo.of(clean_photo(f"{mark}.jpg"), obstacle=hurdle, added_by=filer)
    photo.save()
    key = uuid.uuid4()
    resuming.expect(hurdle, [(key, f"{mark}.jpg", 1000, "")], owner=filer)
    pictures = [clean_photo(f"{mark}.jpg")]
    measured = assessment(village, actor=filer, place=mark, note=mark, device=mark, screenshots=pictures)
    pair = candidates(code, names=f"{pair_marker(code)} {mark}")
    planned = activity(village, actor=filer, place=mark, sttp_number=mark, candidate_pair=pair)
    values = {"filer": filer, "handler": handler, "obstacles": [hurdle], "region": place, "text": mark}
    request = coordination_request(State.SUBMITTED, village, subject=mark, **values)
    draft = coordination_request(State.DRAFT, village, subject=f"{mark}DRAF", **values)
    filing.comment(request, mark, actor=filer, client_id=uuid.uuid4(), body_sha256=uuid.uuid4().hex)
    filing.attach(request, [clean_pdf(f"{mark}.pdf")], actor=filer)
    for verb in ("accept", "assign"):
        values = {"note": mark, "person_in_charge": handler}
        request = perform(request, verb, actor=handler, version=request.version, values=values)
    person = {"name": mark, "role": "officer", "position": mark, "email": ""}
    invitation, token = invite(filer.office, person, actor=filer, client_id=uuid.uuid4(), body_sha256=uuid.uuid4().hex)
    batch = import_batch(handler, source=mark, name=f"{mark}.csv", state="waiting", applied_at=None)
    batch.faults.create(number=2, sentence=mark)
    batch.names.create(path=mark, rows=1)
    schedule = schedule_batch(filer, name=f"{pair_marker(code)} {mark}.csv", state="waiting")
    schedule.faults.create(number=2, sentence=f"{pair_marker(code)} {mark}")
    power = outage(OUTAGE_IN[code], actor=handler, provider=mark, reference=mark, note=mark, source_text=mark)
    outages = outage_batch(handler, name=f"{mark}.csv", state="waiting", applied_at=None)
    outages.faults.create(number=2, sentence=mark)
    held = over(activity(village, actor=filer, place=mark))
    answered = over(activity(village, actor=filer, place=mark))
    told = {"answer": "no", "trouble": mark}
    experience.answer(answered, told, actor=filer, client_id=uuid.uuid4(), body_sha256=uuid.uuid4().hex)
    away = absence(filer, official("kpu", code, name=f"Pengganti {mark}"), first=30, last=33)
    text = {"verb": "confirm", "title": mark, "text": f"{mark} {{nomor}}"}
    template, _new = keep(text, actor=filer, client_id=uuid.uuid4(), body_sha256=uuid.uuid4().hex)
    refresh_below(place.path)
    warn_due()
    return Things(
        code, hurdle, request, draft, photo, measured, measured.screenshots.get(), planned,
        renew_calendar_address(filer), request.attachments.get(),
        Upload.objects.get(key=key), filer, handler, invitation, token, batch, schedule, power, outages, held,
        away, template,
    )  # fmt: skip


def over(row):
    """The activity, as if it had been held some hours ago."""
    now = timezone.now()
    CampaignActivity.objects.filter(pk=row.pk).update(starts_at=now - 5 * HOUR, ends_at=now - 3 * HOUR)
    row.refresh_from_db()
    return row


def reader(role, relation):
    """Somebody of this role, signed in, whose region stands in this relation to the thing's."""
    kind, rank = ROLES[role]
    person = official(kind, READER_IN[relation], rank)
    client_of(person)
    return person


def client_of(person):
    """A client of its own in this person's session, begun once since that costs half a request; None is a stranger."""
    client = Client()
    client.handler = HANDLER
    if person is None:
        return client
    if not hasattr(person, "session_key"):
        client.force_login(person)
        person.session_key = client.session.session_key
    client.cookies[settings.SESSION_COOKIE_NAME] = person.session_key
    return client
