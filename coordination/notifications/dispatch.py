"""Who is told of an event, and the mail about it."""

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app

from coordination.campaigns.models import CampaignActivity
from coordination.campaigns.queries import within
from coordination.history.models import Event
from coordination.networks.maintaining import windows_of
from coordination.networks.models import PlannedOutage
from coordination.notifications.models import Notification
from coordination.obstacles.models import Obstacle
from coordination.obstacles.queries import answering_office
from coordination.offices.models import Office, Official
from coordination.offices.routing import answering_offices
from coordination.regions.models import regency_path
from coordination.requests.models import CoordinationRequest

# What an office does with its own papers is nobody's news.
UNTOLD = {"draft", "edit", "attach"}


def announce(event):
    """Write the notifications of an event and the job that mails them, in the transaction of the change."""
    if event.verb in UNTOLD:
        return
    told = [Notification(event=event, addressee=person, created_at=event.at) for person in _addressees(event)]
    if not told:
        return
    Notification.objects.bulk_create(told)
    if any(notification.addressee.email for notification in told):
        app.configure_task("notifications.mail_event").defer(event_id=event.pk)


def _addressees(event):
    """The acting people of the offices involved, without the one who did it."""
    offices = [office.in_service for office in Office.objects.filter(pk__in=_offices(event))]
    people = Official.objects.acting().filter(office__in=offices).exclude(pk=event.actor_id)
    return list(people.only("pk", "email", "name"))


def _offices(event):
    if event.only_for_id:
        return [event.only_for_id]
    subject = event.subject
    if isinstance(subject, CoordinationRequest):
        return [
            subject.filing_office_id,
            subject.handling_office_id,
            *subject.watching.values_list("office", flat=True),
        ]
    if isinstance(subject, Obstacle):
        return _offices_of_obstacle(subject, event)
    if isinstance(subject, CampaignActivity) and event.verb == "warn":
        return _offices_of_activity(subject)
    if isinstance(subject, PlannedOutage):
        return _offices_of_outage(subject, event)
    return []


def _offices_of_obstacle(obstacle, event):
    """Who reported it, joined it or reported a duplicate of it; of a new one also the ICT office that answers."""
    rows = obstacle.with_duplicates().exclude(number=event.data.get("from"))  # who is told of its own merging
    told = {*rows.values_list("office", flat=True), *rows.values_list("participations__office", flat=True)}
    if event.verb == "report" and obstacle.is_of_the_network and (answering := answering_office(obstacle)):
        told.add(answering.pk)
    return told - {None}


def _offices_of_activity(activity):
    """Who registered it, and the ICT office that answers there."""
    answering = answering_offices([activity.region.path]).values()
    return [activity.office_id, *(office.pk for office in answering)]


def _offices_of_outage(outage, event):
    """Who has planned something there and then, and the ICT offices of those places; of one that moved also where it
    was before. Where nothing is planned, nobody needs to know."""
    told, paths = set(), set()
    for window in windows_of(outage, event):
        for office, path in within(window).order_by().values_list("office", "region__path").distinct():
            told.add(office)
            paths.add(regency_path(path))
    return told | {office.pk for office in answering_offices(paths).values()}


def mark_read(subject, user, last):
    """What was told of `subject` up to the event `last` is read by `user`, who has it on screen."""
    told = Event.objects.about(subject).filter(sequence__lte=last.sequence)
    Notification.objects.of(user).filter(event__in=told.order_by()).mark_read()


def mail_event(event_id):
    """Mail what is not yet mailed of one event to those who may still read it. Safe to repeat: each mail keeps its
    Message-ID, and it is noted for whom there is none.

    An address that takes no mail does not keep the others from theirs; what failed is raised at the end, so that the
    job is tried again for those alone.
    """
    event = Event.objects.get(pk=event_id)
    pending = Notification.objects.filter(event=event).to_be_mailed()
    failures = []
    for pk in pending.values_list("pk", flat=True):
        try:
            _mail(pk, event)
        except OSError as failure:  # which those of smtplib are
            failures.append(failure)
    if failures:
        raise failures[0]


@transaction.atomic
def _mail(pk, event):
    notification = (
        Notification.objects.select_for_update(of=("self",), skip_locked=True)
        .select_related("addressee__office__region")
        .to_be_mailed()
        .filter(pk=pk)
        .first()
    )
    if notification is None:
        return
    if _may_read(notification.addressee, event):
        _send(notification, event)
        notification.mailed_at = timezone.now()
    else:
        notification.withheld_at = timezone.now()
    notification.save(update_fields=["mailed_at", "withheld_at"])


def _may_read(person, event):
    """Whether the person may still know of what the event tells: the mail leaves long after the change."""
    subject = type(event.subject).objects.visible_to(person).filter(pk=event.subject_id)
    return person.is_active and Event.objects.filter(pk=event.pk).readable_by(person).exists() and subject.exists()


def _send(notification, event):
    with translation.override(settings.LANGUAGE_CODE):
        subject = _("%(subject)s: %(what)s") % {"subject": event.subject, "what": event.words}
        body = _("%(office)s: %(what)s\n\nOpen the portal to read and answer: %(path)s") % {
            "office": event.office or "",
            "what": event.words,
            "path": settings.PORTAL_URL + event.subject.get_absolute_url(),
        }
    EmailMessage(
        subject,
        body,
        to=[notification.addressee.email],
        headers={"Message-ID": f"<{notification.message_id}@{settings.MAIL_DOMAIN}>"},
    ).send()
