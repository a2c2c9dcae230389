"""Plans the mails of an event: which of those told get one, and when it leaves."""

from collections import defaultdict
from functools import cached_property

from django.db import transaction
from django.utils import timezone
from procrastinate.contrib.django import app

from coordination.notifications.bounces import refused_among
from coordination.notifications.choices import MailKind, Timing
from coordination.notifications.hours import Hours
from coordination.notifications.models import Mail, Notification
from coordination.notifications.preferences import is_pressing, settings_of_all

DELIVER = "notifications.deliver"
# In the inbox only: whoever looks at the request sees its deadlines; and who is away is nothing for a mail.
UNMAILED = {"reschedule", "substitute", "end_absence"}


def plan(event, told):
    """Give each of the notifications, which are not saved yet, its mail or the moment of its collection. Call in the
    transaction of the change, before saving them: a mail is owed from then on."""
    reachable = _reachable(event, told)
    if reachable:
        planning = Planning(event, [notification.addressee for notification in reachable])
        planning.plan(reachable)


def _reachable(event, told):
    """Those who could get a mail: a draft, which has no number, stays within the portal."""
    if event.verb in UNMAILED or not event.subject.number:
        return []
    with_address = [notification for notification in told if notification.addressee.email]
    refused = refused_among([notification.addressee.email for notification in with_address])
    return [notification for notification in with_address if notification.addressee.email.lower() not in refused]


class Planning:
    """The mails of one event."""

    def __init__(self, event, people):
        self.now, self.is_pressing = timezone.now(), is_pressing(event.subject)
        self.settings = settings_of_all(people)

    @cached_property
    def hours(self):
        return Hours()

    def plan(self, notifications):
        mails = []
        for notification in notifications:
            timing = self.timing(notification)
            if timing in (Timing.HOURLY, Timing.DAILY):
                notification.collect_at = self.hours.leaves_at(notification.addressee, timing, self.now)
            elif timing == Timing.AT_ONCE:
                notification.mail = self.single(notification.addressee)
                mails.append(notification.mail)
        Mail.objects.bulk_create(mails)
        order(mails)

    def timing(self, notification):
        if self.is_pressing:
            return Timing.AT_ONCE
        return self.settings[notification.addressee_id].timing(notification.kind)

    def single(self, person):
        due = self.now if self.is_pressing else self.hours.leaves_at(person, Timing.AT_ONCE, self.now)
        return Mail(addressee=person, kind=MailKind.SINGLE, due_at=due, next_try_at=due)


def order(mails):
    """Have the worker deliver these mails when they are due. A job that is lost is made up for by `catch_up`."""
    by_moment = defaultdict(list)
    for mail in mails:
        by_moment[mail.next_try_at].append({"mail_id": mail.pk})
    for moment, jobs in by_moment.items():
        app.configure_task(DELIVER, schedule_at=moment).batch_defer(*jobs)


def collect(now=None):
    """Make one mail each for the people whose collected news are due. Returns how many; safe with several workers."""
    now = now or timezone.now()
    due = Notification.objects.to_be_collected(now).order_by("addressee")
    return sum(_collect(person, now) for person in due.values_list("addressee", flat=True).distinct())


@transaction.atomic
def _collect(person_id, now):
    """Whether there was anything left to collect for the person."""
    due = Notification.objects.to_be_collected(now).filter(addressee=person_id).order_by("pk")
    keys = list(due.select_for_update(of=("self",), no_key=True).values_list("pk", flat=True))
    if not keys:
        return False
    mail = Mail.objects.create(addressee_id=person_id, kind=MailKind.DIGEST, due_at=now, next_try_at=now)
    Notification.objects.filter(pk__in=keys).update(mail=mail)
    order([mail])
    return True
