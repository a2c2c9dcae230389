"""Addresses that mail servers refuse: marked by what they answer or send back, and freed by their owners."""

import email
import re
import uuid
from smtplib import SMTPRecipientsRefused

from django.db import transaction
from django.db.models.functions import Lower
from django.utils import timezone

from coordination.history.recording import record
from coordination.notifications.models import Mail, RefusedAddress

MOST_BYTES = 1024 * 1024
# Replies from here on say that the same would be refused again.
FOR_GOOD = 500
# Codes (RFC 3463) for which the portal, a mail server or a rule of one is at fault, such as that it does not relay:
# every address would be closed at once.
NOT_OF_THE_ADDRESS = re.compile(r"5\.(1\.[78]|[367]\.\d+)\b")


def refused_among(addresses):
    """Those of the addresses that are refused, in small letters."""
    small = [address.lower() for address in addresses]
    rows = RefusedAddress.objects.annotate(small=Lower("address")).filter(small__in=small)
    return set(rows.values_list("small", flat=True))


def refused(person):
    """The RefusedAddress of this person's present address, or None."""
    return RefusedAddress.objects.filter(address__iexact=person.email).first() if person.email else None


def refusal_in(failure):
    """(status, words) where an answer of the mail server refuses the one recipient for good, else None."""
    if not isinstance(failure, SMTPRecipientsRefused):
        return None
    code, words = next(iter(failure.recipients.values()), (0, b""))
    words = words.decode(errors="replace")
    return (str(code), words) if code >= FOR_GOOD and not NOT_OF_THE_ADDRESS.match(words) else None


@transaction.atomic
def mark(person, status, words):
    """Send nothing more to the person's present address."""
    if not person.email:
        return
    values = {"refused_at": timezone.now(), "status": status[:20], "words": words.replace("\x00", "")[:300]}
    _row, is_new = RefusedAddress.objects.update_or_create(address=person.email.lower(), defaults=values)
    if is_new:
        record(person, "refuse_address", actor=None, office=person.office, data={"status": status[:20]})


@transaction.atomic
def confirm(person):
    """The owner says that the address is right: mails go there again. Safe to repeat."""
    gone, _rows = RefusedAddress.objects.filter(address__iexact=person.email).delete()
    if gone:
        record(person, "confirm_address", actor=person, office=person.office)


def read(content):
    """Mark the address of which a report of non-delivery (RFC 3464) tells. Returns the person, or None.

    Anybody can send such a report. Believed is one that gives back the Message-ID of a mail of ours, which only those
    know through whose hands it went.
    """
    message = email.message_from_bytes(content[:MOST_BYTES])  # the newer policies break at a Message-ID that is cut off
    failure = _failure(message)
    mail = failure and _mail_in(message)
    if not mail or mail.sent_to != mail.addressee.email:  # the address was corrected since
        return None
    mark(mail.addressee, *failure)
    return mail.addressee


def _failure(message):
    """(status, words) of the recipient that failed for good, or None."""
    for part in message.walk():
        if part.get_content_type() != "message/delivery-status" or not part.is_multipart():
            continue
        for block in part.get_payload():
            status = str(block.get("Status", "")).strip()
            is_final = str(block.get("Action", "")).strip().lower() == "failed" and status.startswith("5.")
            if is_final and not NOT_OF_THE_ADDRESS.match(status):
                return status, str(block.get("Diagnostic-Code", ""))
    return None


def _mail_in(message):
    """Our mail that the report gives back, whole or its headers only, or None."""
    for part in message.walk():
        kind = part.get_content_type()
        if kind == "message/rfc822" and part.is_multipart():
            returned = part.get_payload(0)
        elif kind == "text/rfc822-headers":
            returned = email.message_from_bytes(part.get_payload(decode=True))
        else:
            continue
        if mail := _mail_of(str(returned.get("Message-ID", ""))):
            return mail
    return None


def _mail_of(message_id):
    try:
        key = uuid.UUID(message_id.strip().lstrip("<").partition("@")[0])
    except ValueError:
        return None
    return Mail.objects.filter(message_id=key).select_related("addressee__office").first()
