"""A mail says what, for whom and why in Indonesian, names no person and no typed text, and how to stop such mails."""

from datetime import timedelta

import pytest
from django.core import mail as sent

from coordination.campaigns.tests.activities import activity, candidates
from coordination.history.recording import record
from coordination.networks.tests.factories import outage
from coordination.notifications import posting
from coordination.notifications.choices import Kind, Timing
from coordination.notifications.delivering import deliver
from coordination.notifications.models import Mail, MailSettings
from coordination.notifications.tests.clock import AT_WORK
from coordination.offices.tests.factories import lead
from coordination.regions.tests.factories import region
from coordination.requests import escalation, filing
from coordination.requests.choices import State, Urgency
from coordination.requests.tests.factories import coordination_request

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
SECRET = "Paslon Rahasia 0812345"


def delivered():
    for mail in Mail.objects.owed():
        deliver(mail.pk)
    return sent.outbox


def both_forms(message):
    return [message.body, message.alternatives[0].content]


def test_a_mail_says_what_for_whom_and_why_and_leads_to_the_portal():
    handler = lead("kominfo", "32.73", email="siti@example.id")
    item = coordination_request(State.SUBMITTED, handler=handler)
    message = next(message for message in delivered() if item.number in message.subject)
    assert message.subject == f"{item.number}: mengajukan permohonan"
    for text in both_forms(message):
        assert "KPU" in text and item.number in text and str(item.region) in text
        assert f"https://portal.example.id{item.get_absolute_url()}" in text
        assert "https://portal.example.id/pemberitahuan/pengaturan/" in text
        assert "https://portal.example.id/pemberitahuan/berhenti/" in text
    headers = message.message()
    assert headers["Reply-To"] == "no-reply@example.id"
    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert headers["List-Unsubscribe"].startswith("<https://portal.example.id/pemberitahuan/berhenti/")
    assert headers["Auto-Submitted"] == "auto-generated"


def test_what_happened_by_itself_names_the_office_that_it_happened_to():
    handler = lead("kominfo", "32.73", email="siti@example.id")
    item = coordination_request(State.SUBMITTED, handler=handler)
    record(item, "escalate", actor=None, office=item.handling_office, data={})
    message = next(message for message in delivered() if "tenggat telah lewat" in message.subject)
    for text in both_forms(message):
        assert f"{item.handling_office}: memberi tahu kantor di atasnya" in text


def test_no_person_no_candidate_and_no_typed_text_is_named():
    filer = lead("kpu", "32.73", name=f"Ibu {SECRET}", phone=SECRET, email="filer@example.id")
    handler = lead("kominfo", "32.73", name=f"Bapak {SECRET}", phone=SECRET, email="siti@example.id")
    planned = activity("32.73.01.1001", actor=filer, candidate_pair=candidates(names=SECRET), place=SECRET)
    texts = {"subject": SECRET, "text": SECRET, "activities": [planned]}
    item = coordination_request(State.SUBMITTED, filer=filer, handler=handler, urgency=Urgency.CRITICAL, **texts)
    filing.comment(item, SECRET, actor=filer, client_id="0" * 32, body_sha256="x")
    record(planned, "warn", actor=None, office=planned.office, note=SECRET, data={"days_before": 7, "risk": "high"})
    messages = delivered()
    assert len(messages) >= 4
    for message in messages:
        assert SECRET not in str(message.message()), message.subject
        assert not any(SECRET in text for text in both_forms(message))


def test_a_mail_about_an_outage_says_where_and_when_it_is(clock):
    filer = lead("kpu", "32.73", email="filer@example.id")
    planned = activity("32.73.01.1001", actor=filer, starts_at=AT_WORK + timedelta(days=5))
    outage("32", "32.73", actor=lead("kominfo", "32"), starts_at=planned.starts_at)
    [message] = delivered()
    for text in both_forms(message):
        assert all(region(code).full_name in text for code in ("32", "32.73"))
        assert "23 November 2026, 10.20 WIB" in text


def test_a_very_urgent_request_says_so_in_front():
    handler = lead("kominfo", "32.73", email="siti@example.id")
    coordination_request(State.SUBMITTED, handler=handler, urgency=Urgency.CRITICAL)
    assert any(
        message.subject.startswith("VERY URGENT") or "SANGAT SEGERA" in message.subject for message in delivered()
    )


def test_a_collected_mail_tells_the_first_fifty_and_counts_the_others(clock):
    handler = lead("kominfo", "32.73", email="siti@example.id")
    MailSettings.objects.create(person=handler, **dict.fromkeys(Kind.values, Timing.HOURLY))
    item = coordination_request(State.SUBMITTED, handler=handler)
    for _ in range(51):
        record(item, "comment", actor=item.filed_by)
    clock.set(AT_WORK + timedelta(hours=1))
    posting.collect()
    [message] = delivered()
    assert message.body.count("https://portal.example.id/permohonan/") == 49  # the first of all was the obstacle
    assert "53" in message.subject
    assert "3" in message.body.split("--")[0].splitlines()[-2]


def test_a_mail_of_the_way_up_names_the_deadline_and_the_office_that_was_told(clock):
    boss = lead("kominfo", "32", email="atasan@example.go.id")
    item = coordination_request(State.SUBMITTED)
    escalation.escalate_due(item.ladder_due_at + timedelta(minutes=1))
    mail = Mail.objects.get(addressee=boss)
    deliver(mail.pk)
    for text in both_forms(sent.outbox[-1]):
        assert "Tenggat yang terlewat: Verifikasi" in text
        assert f"Kantor yang diberi tahu: {boss.office}" in text
