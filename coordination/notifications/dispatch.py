"""Tells people of what happened, and notes that they have read it."""

from coordination.history.models import Event
from coordination.notifications import posting
from coordination.notifications.addressing import addressees, kind_of
from coordination.notifications.models import Notification


def announce(event):
    """Write the notifications of an event and the mails that are owed for it, in the transaction of the change."""
    told = [
        Notification(event=event, addressee=person, kind=kind_of(event), reason=reason, created_at=event.at)
        for person, reason in addressees(event).items()
    ]
    if told:
        posting.plan(event, told)
        Notification.objects.bulk_create(told)


def mark_read(subject, user, last):
    """What was told of `subject` up to the event `last` is read by `user`, who has it on screen."""
    told = Event.objects.about(subject).filter(sequence__lte=last.sequence)
    Notification.objects.of(user).filter(event__in=told.order_by()).mark_read()
