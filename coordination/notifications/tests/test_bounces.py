"""A report of non-delivery stops the mails to an address, when it gives back a mail of ours."""

import io
from email.message import EmailMessage
from types import SimpleNamespace

import pytest
from django.core.management import call_command

from coordination.history.models import Event
from coordination.notifications import bounces
from coordination.notifications.delivering import deliver, send_again
from coordination.notifications.models import Mail, Notification, RefusedAddress
from coordination.offices.models import Official
from coordination.offices.tests.factories import lead
from coordination.requests.choices import State
from coordination.requests.tests.factories import coordination_request

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
REPORT = """\
From: MAILER-DAEMON@mx.example.id
To: portal@example.id
Subject: Undelivered Mail Returned to Sender
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="B"

--B
Content-Type: text/plain; charset=utf-8

This is the mail system.

--B
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.id

Final-Recipient: rfc822; siti@example.id
Action: {action}
Status: {status}
Diagnostic-Code: smtp; 550 5.1.1 No such user

--B
Content-Type: {returned}

From: portal@example.id
To: siti@example.id
Message-ID: {message_id}
Subject: x

--B--
"""


@pytest.fixture
def person():
    return lead("kominfo", "32.73", email="siti@example.id")


@pytest.fixture
def mail(person):
    coordination_request(State.SUBMITTED, handler=person)
    mail = Notification.objects.get(addressee=person, event__verb="submit").mail
    deliver(mail.pk)
    return mail


def report(mail, **changed):
    values = {"action": "failed", "status": "5.1.1", "returned": "text/rfc822-headers",
              "message_id": f"<{mail.message_id}@example.id>"}  # fmt: skip
    return REPORT.format(**values | changed).encode()


@pytest.mark.parametrize("returned", ["text/rfc822-headers", "message/rfc822"])
@pytest.mark.parametrize("ending", [b"\n", b"\r\n"])
def test_the_address_is_marked_and_gets_nothing_more(returned, ending, mail, person):
    assert bounces.read(report(mail, returned=returned).replace(b"\n", ending)) == person
    refused = RefusedAddress.objects.get()
    assert (refused.address, refused.status) == ("siti@example.id", "5.1.1")
    assert "No such user" in refused.words
    assert Event.objects.about(person).get().verb == "refuse_address"
    before = Mail.objects.count()
    coordination_request(State.SUBMITTED, handler=person)
    assert Mail.objects.count() == before


def test_a_sign_that_the_database_does_not_take_is_left_out(mail, person):
    assert bounces.read(report(mail).replace(b"No such user", b"No such\x00 user")) == person
    assert "No such user" in RefusedAddress.objects.get().words


def test_a_second_report_about_the_same_address_adds_nothing(mail):
    for _ in range(2):
        bounces.read(report(mail))
    assert RefusedAddress.objects.count() == Event.objects.filter(verb="refuse_address").count() == 1


@pytest.mark.parametrize(
    "changed",
    [
        {"action": "delayed", "status": "4.4.1"},
        {"action": "failed", "status": "4.2.2"},
        {"action": "delivered", "status": "2.0.0"},
        {"status": "5.7.26"},  # what the portal's domain lacks, which is no fault of the address
        {"message_id": "<6f1c1d0e-0000-4000-8000-000000000000@example.id>"},
        {"message_id": "<nonsense>"},
        {"message_id": "<"},  # cut off
        {"returned": 'text/rfc822-headers; charset="nonsense"', "message_id": "<x@y>"},
        {"returned": "text/plain"},
    ],
)
def test_a_delay_and_a_report_about_no_mail_of_ours_mark_nothing(changed, mail):
    assert bounces.read(report(mail, **changed)) is None
    assert not RefusedAddress.objects.exists()


def test_a_report_about_a_mail_that_is_just_being_sent_again_counts(mail, person):
    send_again(mail, actor=person)
    assert bounces.read(report(mail)) == person


def test_a_report_about_a_mail_that_never_left_marks_nothing(mail):
    Mail.objects.filter(pk=mail.pk).update(sent_at=None, sent_to="")
    assert bounces.read(report(mail)) is None


def test_a_report_about_the_address_before_does_not_mark_the_new_one(mail, person):
    Official.objects.filter(pk=person.pk).update(email="baru@example.id")
    assert bounces.read(report(mail)) is None


@pytest.mark.parametrize("content", [b"", b"\xff\x00" * 500, b"Content-Type: message/delivery-status\n\n",
                                     b"Content-Type: multipart/report; boundary=x\n\n--x"])  # fmt: skip
def test_whatever_else_is_piped_in_breaks_nothing(content):
    assert bounces.read(content) is None


def test_the_command_reads_from_its_input(mail, monkeypatch, capsys):
    monkeypatch.setattr("sys.stdin", SimpleNamespace(buffer=io.BytesIO(report(mail))))
    call_command("read_bounce")
    assert RefusedAddress.objects.exists()
    assert "marked" in capsys.readouterr().out


def test_a_plain_mail_is_no_report():
    message = EmailMessage()
    message["Message-ID"] = "<x@y>"
    message.set_content("halo")
    assert bounces.read(message.as_bytes()) is None
