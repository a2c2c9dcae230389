"""Every form of the portal, filled in well: who sends it, to which address, with what.

A builder takes an election and an ICT official of one city; a new form joins FORMS and is tried with all bad values.
"""

import uuid
from datetime import timedelta

from django.urls import reverse
from django.utils import timezone

from coordination.campaigns.tests.activities import activity, candidates, method
from coordination.networks.tests.factories import outage
from coordination.notifications.choices import Kind, Timing
from coordination.obstacles.tests.factories import obstacle
from coordination.offices.tests.factories import PASSWORD, absence, lead
from coordination.people import accounts
from coordination.people.invitations import invite
from coordination.regions.tests.factories import region
from coordination.requests.choices import State
from coordination.requests.tests.factories import SOON, VALUES, coordination_request, template
from coordination.requests.workflow import STEPS
from tests.rights.cast import over

TYPED = "Teks panjang yang sudah saya ketik"
LOOKED_AT_FIRST = {"client_id", "version", "seen_version", "decision", "next"}  # before any other field


def report_form(filer, handler):
    return filer, reverse("obstacles:report"), {
        "client_id": str(uuid.uuid4()), "region": region("32.73.01.1001").code, "kind": "power",
        "since": "2026-01-05T09:00", "description": TYPED, "place": TYPED, "form": "event", "until": "2026-01-06T09:00",
        "technology": "4g", "operators": "1", "has_electricity": "true", "people_affected": "10",
        "download_mbps": "1,5", "upload_mbps": "1,5", "latency_ms": "90", "latitude": "-6,9", "longitude": "107,6",
        "region_choice": "", "region_asked": "", "no field": "", "decision": "new",
    }  # fmt: skip


def measuring_form(filer, handler):
    return filer, reverse("networks:measure"), {
        "client_id": str(uuid.uuid4()), "region": region("32.73.01.1001").code, "measured_at": "2026-01-05T09:00",
        "download_mbps": "2", "place": TYPED, "note": TYPED, "source": TYPED,
    }  # fmt: skip


def edit_obstacle_form(filer, handler):
    row = obstacle(actor=filer)
    _filer, _url, values = report_form(filer, handler)
    return filer, reverse("obstacles:edit", args=[row.number]), values | {"version": row.version}


def request_form(filer, handler):
    hurdle = obstacle(actor=filer)
    return filer, reverse("requests:new"), {
        "client_id": str(uuid.uuid4()), "region": hurdle.region.code, "subject": TYPED, "obstacles": hurdle.pk,
        "more_obstacles": "", "activities": activity(actor=filer).number, "text": TYPED, "urgency": "urgent",
        "activity_on": SOON, "decision": "submit",
    }  # fmt: skip


def activity_form(filer, handler):
    candidates()
    day = timezone.localdate() + timedelta(days=9)
    return filer, reverse("campaigns:new"), {
        "client_id": str(uuid.uuid4()), "region": region("32.73.01.1001").code, "place": TYPED,
        "method": method().pk, "platform": "zoom", "need": "host", "starts_at": f"{day}T09:00",
        "ends_at": f"{day}T11:00", "participants": "10", "sttp_number": TYPED, "candidate_pair": "",
        "latitude": "-6,9", "longitude": "107,6",
    }  # fmt: skip


def edit_activity_form(filer, handler):
    row = activity(actor=filer)
    _filer, _url, values = activity_form(filer, handler)
    return filer, reverse("campaigns:edit", args=[row.number]), values | {"version": row.version}


def cancel_activity_form(filer, handler):
    row = activity(actor=filer)
    return filer, reverse("campaigns:step", args=[row.number, "cancel"]), {"version": row.version, "note": TYPED}


def network_held_form(filer, handler):
    row = over(activity(actor=filer))
    values = {"client_id": str(uuid.uuid4()), "answer": "no", "trouble": TYPED}
    return filer, reverse("forecast:network_held", args=[row.number]), values


def outage_form(filer, handler):
    day = timezone.localdate() + timedelta(days=9)
    return handler, reverse("outages:new"), {
        "client_id": str(uuid.uuid4()), "kind": "operator", "operator": "1", "provider": TYPED, "reference": TYPED,
        "regions": region("32.73.01.1001").code, "starts_at": f"{day}T09:00", "ends_at": f"{day}T11:00",
        "zone": "Asia/Jakarta", "state": "confirmed", "impact": "degraded", "note": TYPED, "source_text": TYPED,
    }  # fmt: skip


def edit_outage_form(filer, handler):
    row = outage(actor=handler)
    _handler, _url, values = outage_form(filer, handler)
    return handler, reverse("outages:edit", args=[row.number]), values | {"version": row.version}


def move_outage_form(filer, handler):
    row, day = outage(actor=handler), timezone.localdate() + timedelta(days=9)
    values = {"version": row.version, "note": TYPED, "starts_at": f"{day}T09:00", "ends_at": f"{day}T11:00"}
    return handler, reverse("outages:step", args=[row.number, "move"]), values


def notice_form(filer, handler):
    return handler, reverse("outages:notice"), {"text": f"X-MAINTNOTE-PROVIDER: {TYPED}"}


def edit_request_form(filer, handler):
    item = coordination_request(State.DRAFT, filer=filer, handler=handler)
    _filer, _url, values = request_form(filer, handler)
    values |= {"version": item.version, "obstacles": item.obstacles.get().pk}
    return filer, reverse("requests:edit", args=[item.slug]), values


def template_form(filer, handler):
    values = {"client_id": str(uuid.uuid4()), "verb": "accept", "title": TYPED, "text": TYPED}
    return handler, reverse("requests:new_template"), values


def edit_template_form(filer, handler):
    row = template(handler)
    values = {"version": row.version, "verb": "accept", "title": TYPED, "text": TYPED}
    return handler, reverse("requests:template", args=[row.pk]), values


def fill_form(filer, handler):
    item = coordination_request(State.IN_PROGRESS, filer=filer, handler=handler)
    values = {"version": item.version, "note": TYPED, "templat": template(handler, verb="wait").pk} | VALUES["wait"]
    return handler, reverse("requests:fill", args=[item.slug, "wait"]), values


def comment_form(filer, handler):
    item = coordination_request(State.SUBMITTED, filer=filer, handler=handler)
    values = {"client_id": str(uuid.uuid4()), "text": TYPED, "internal": "on"}
    return filer, reverse("requests:comment", args=[item.slug]), values


def join_form(filer, handler):
    row = obstacle(actor=filer)
    return handler, reverse("obstacles:join", args=[row.number]), {"client_id": str(uuid.uuid4()), "need": TYPED}


def merge_form(filer, handler):
    row, other = obstacle(actor=filer), obstacle(actor=filer)
    url = reverse("obstacles:step", args=[row.number, "merge"])
    return handler, url, {"version": row.version, "note": TYPED, "into": other.number}


def invite_form(filer, handler):
    values = {"client_id": str(uuid.uuid4()), "name": TYPED, "position": TYPED, "role": "officer", "email": "a@b.id"}
    return filer, reverse("offices:invite", args=[filer.office_id]), values


def person_form(filer, handler):
    colleague = lead("kpu", "32.73")
    values = {"version": colleague.version, "name": TYPED, "position": TYPED, "role": "lead", "email": "", "phone": "1"}
    return filer, reverse("offices:edit", args=[colleague.pk]), values


def absence_form(filer, handler):
    day = filer.office.today
    values = {"client_id": str(uuid.uuid4()), "first_day": day, "last_day": day, "substitute": lead("kpu", "32.73").pk}
    return filer, reverse("offices:absences", args=[filer.pk]), values


def edit_absence_form(filer, handler):
    row = absence(filer)
    values = {"version": 1, "first_day": row.first_day, "last_day": row.first_day, "substitute": ""}
    return filer, reverse("offices:absence", args=[row.pk]), values


def accept_form(filer, handler):
    person = {"name": "Budi", "role": "officer", "position": "", "email": ""}
    _invitation, token = invite(filer.office, person, actor=filer, client_id=uuid.uuid4(), body_sha256="x")
    return None, reverse("accept_invitation", args=[token]), {"username": "budi", "password": "kopi-susu-gula-7"}


def mail_settings_form(filer, handler):
    return filer, reverse("notifications:settings"), {"version": 1} | dict.fromkeys(Kind.values, Timing.HOURLY)


def login_form(filer, handler):
    return None, reverse("account_login"), {"login": filer.username, "password": "salah", "next": "/"}


def obstacle_step_form(verb):
    def build(filer, handler):
        row = obstacle(actor=filer)
        url = reverse("obstacles:step", args=[row.number, verb])
        return handler, url, {"version": row.version, "note": TYPED, "client_id": str(uuid.uuid4())}

    build.__name__ = f"obstacle_step_{verb}"
    return build


def admin_office_form(filer, handler):
    row, boss = handler.office, lead("kpu", "32", is_staff=True)
    return boss, reverse("admin:offices_office_change", args=[row.pk]), {
        "kind": "kominfo", "region": "32.73", "name": TYPED, "address": TYPED, "email": "a@b.id", "phone": "1",
        "superior": "", "valid_from": "2020-01-01", "valid_to": "", "seen_version": row.version,
    }  # fmt: skip


def admin_official_form(filer, handler):
    boss = lead("kpu", "32", is_staff=True)
    return boss, reverse("admin:offices_official_change", args=[filer.pk]), {
        "username": filer.username, "name": TYPED, "office": filer.office_id, "role": "lead", "position": TYPED,
        "email": "", "phone": "1", "seen_version": filer.version,
    }  # fmt: skip


def password_change_form(filer, handler):
    values = {"oldpassword": PASSWORD, "password1": "kopi-susu-gula-7", "password2": "kopi-susu-gula-7"}
    return filer, reverse("account_change_password"), values


def password_reset_form(filer, handler):
    return None, reverse("account_reset_password"), {"email": "a@b.id"}


def password_set_form(filer, handler):
    """Reached by the link, which leaves its key in the session; without it the page says that the link is no good."""
    values = {"password1": "kopi-susu-gula-7", "password2": "kopi-susu-gula-7"}
    return None, accounts.password_link(filer, actor=lead("kpu", "32", is_staff=True)), values


def step_form(verb):
    def build(filer, handler):
        step = STEPS[verb]
        item = coordination_request(sorted(step.sources - {State.DRAFT})[0], filer=filer, handler=handler)
        values = {"person_in_charge": handler.pk, "note": TYPED} if verb == "assign" else dict(VALUES[verb])
        actor = filer if step.side == "filer" else handler
        return actor, reverse("requests:step", args=[item.slug, verb]), values | {"version": item.version}

    build.__name__ = f"step_{verb}"
    return build


FORMS = [report_form, measuring_form, edit_obstacle_form, request_form, edit_request_form, comment_form, template_form,
         edit_template_form, fill_form, join_form, merge_form,
         activity_form, edit_activity_form, cancel_activity_form, network_held_form,
         outage_form, edit_outage_form, move_outage_form, notice_form,
         invite_form, person_form, absence_form, edit_absence_form,
         accept_form, login_form, mail_settings_form, admin_office_form, admin_official_form,
         password_change_form, password_reset_form, password_set_form, *[step_form(verb) for verb in STEPS],
         *[obstacle_step_form(verb) for verb in ("confirm", "mitigate", "clear")]]  # fmt: skip
