"""Sends the mails that are owed, each until the mail server has it. Safe to repeat: a mail keeps its Message-ID."""

import logging
from datetime import timedelta
from smtplib import SMTPDataError, SMTPRecipientsRefused

from django.contrib.contenttypes.prefetch import GenericPrefetch
from django.db import DatabaseError, transaction
from django.utils import timezone

from coordination.history.recording import record
from coordination.notifications import bounces, posting, wording
from coordination.notifications.choices import MailKind, Timing, Withheld
from coordination.notifications.hours import Hours
from coordination.notifications.models import PUT_OFF, Mail
from coordination.notifications.preferences import is_pressing, settings_of
from coordination.notifications.queries import readable_events, visible_subjects

log = logging.getLogger(__name__)

MINUTE = timedelta(minutes=1)
LONGEST_WAIT = timedelta(hours=6)
MOST_TRIES = 10
# What is due for longer than this has lost its job, with the worker that was at it or before.
LATE = timedelta(seconds=30)
MOST_AT_A_TIME = 500
# So much later than planned a mail still leaves without a look at the clock of its addressee's office.
IN_TIME = timedelta(minutes=30)


def deliver(mail_id):
    """Send one mail unless it left already or is not due, or note why there is none. While the mail server is away it
    is left to `catch_up`, or one mail after the other would keep all other work waiting for it."""
    if not Mail.objects.just_put_off(timezone.now()).exists():
        _try(mail_id)


def _try(mail_id):
    """Returns whether the mail server could be reached; a mail that failed is tried again later."""
    try:
        _deliver(mail_id)
    except DatabaseError:
        raise
    except (SMTPRecipientsRefused, SMTPDataError) as failure:
        _fail(mail_id, failure)
    except OSError as failure:  # the server's own trouble, which is no reason to give a mail up
        log.warning("The mail server cannot be used: %s", failure)
        _put_off(mail_id, failure)
        return False
    except Exception as failure:
        log.exception("Mail %s could not be written", mail_id)
        _fail(mail_id, failure)
    return True


def catch_up(now=None):
    """Send what is late, such as the mails of a worker that was killed. Ends early when the mail server cannot be
    reached, since all others would wait for it too."""
    late = Mail.objects.due((now or timezone.now()) - LATE).order_by("next_try_at", "pk")
    for mail_id in list(late.values_list("pk", flat=True)[:MOST_AT_A_TIME]):
        if not _try(mail_id):
            return


@transaction.atomic
def _deliver(mail_id):
    mail = _locked(mail_id)
    if mail is None:
        return
    news, because = _fit(mail)
    if because:
        _withhold(mail, because)
        return
    if (moment := _next_moment(mail, news)) > timezone.now():
        mail.next_try_at = moment
        mail.save(update_fields=["next_try_at"])
        return
    wording.message(mail, news).send()
    mail.sent_at, mail.sent_to, mail.next_try_at = timezone.now(), mail.addressee.email, None
    mail.save(update_fields=["sent_at", "sent_to", "next_try_at"])


def _locked(mail_id):
    """The mail if it is due and nobody else is at it, locked until the transaction ends, or None."""
    due = Mail.objects.due(timezone.now()).filter(pk=mail_id).select_related("addressee__office__region")
    return due.select_for_update(of=("self",), no_key=True, skip_locked=True).first()


def _fit(mail):
    """(what the mail may still tell, why there is nothing): it leaves long after the change, perhaps."""
    person = mail.addressee
    if not person.is_active or not person.email:
        return [], Withheld.CLOSED
    if bounces.refused_among([person.email]):
        return [], Withheld.REFUSED
    news = _still_visible(mail)
    if not news:
        return [], Withheld.OUT_OF_SIGHT
    settings = settings_of(person)
    news = [row for row in news if is_pressing(row.event.subject) or settings.wants(row.kind)]
    if not news:
        return [], Withheld.TURNED_OFF
    if mail.kind == MailKind.DIGEST:
        news = [row for row in news if row.read_at is None]
    return news, "" if news else Withheld.READ


def _next_moment(mail, news):
    """When the mail may leave: now, or if it is late by so much that the office may have closed, when that is open."""
    now = timezone.now()
    if now <= mail.due_at + IN_TIME or any(is_pressing(row.event.subject) for row in news):
        return now
    return Hours().leaves_at(mail.addressee, Timing.AT_ONCE, now)


def _still_visible(mail):
    subjects = GenericPrefetch("event__subject", visible_subjects(mail.addressee))
    rows = mail.notifications.select_related("event__office").prefetch_related(subjects).order_by("pk")
    readable = readable_events(mail.addressee, [row.event for row in rows])
    return [row for row in rows if row.event.subject and row.event_id in readable]


def _withhold(mail, because):
    mail.withheld_at, mail.withheld_because, mail.next_try_at = timezone.now(), because, None
    mail.save(update_fields=["withheld_at", "withheld_because", "next_try_at"])


@transaction.atomic
def _put_off(mail_id, failure):
    """Try again in a minute."""
    mail = _locked(mail_id)
    if mail:
        _note(mail, failure, wait=PUT_OFF)


@transaction.atomic
def _fail(mail_id, failure):
    """Try again after 1, 2, 4 … minutes, ten times in all; never, where the address itself was refused for good."""
    mail = _locked(mail_id)
    if mail is None:
        return
    mail.attempts += 1
    wait = min(MINUTE * 2 ** (mail.attempts - 1), LONGEST_WAIT)
    _note(mail, failure, wait=wait if mail.attempts < MOST_TRIES else None)
    if refusal := bounces.refusal_in(failure):
        bounces.mark(mail.addressee, *refusal)
        _withhold(mail, Withheld.REFUSED)


def _note(mail, failure, wait):
    mail.last_error = f"{type(failure).__name__}: {failure}"[:300]
    mail.next_try_at = wait and timezone.now() + wait
    mail.save(update_fields=["attempts", "last_error", "next_try_at"])


@transaction.atomic
def send_again(mail, *, actor):
    """Owe a mail once more, whatever became of it; under its Message-ID, so that who has it already sees no second."""
    locked = Mail.objects.select_for_update(of=("self",), no_key=True).select_related("addressee").get(pk=mail.pk)
    locked.sent_at = locked.withheld_at = None
    locked.withheld_because, locked.attempts = "", 0
    locked.due_at = locked.next_try_at = timezone.now()
    locked.save()
    posting.order([locked])
    record(locked, "send_again", actor=actor, office=locked.addressee.office)
