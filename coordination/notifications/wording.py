"""What a mail says, in Indonesian. No names of persons, no texts that somebody typed: those stay in the portal."""

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.html import strip_tags
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from coordination.common.templatetags.portal_tags import local_time
from coordination.networks.models import PlannedOutage
from coordination.notifications import unsubscribing
from coordination.notifications.choices import MailKind
from coordination.notifications.preferences import is_pressing
from coordination.offices.models import Office
from coordination.requests.choices import Stage

# The others are only counted: a mail that nobody reads to its end helps nobody.
MOST_TOLD, MOST_REGIONS = 50, 5


def message(mail, news):
    """The mail that tells of these notifications, of which there is at least one."""
    with translation.override(settings.LANGUAGE_CODE):
        context = _context(mail, news)
        made = EmailMultiAlternatives(
            _subject(mail, news),
            render_to_string("notifications/mail.txt", context),
            to=[mail.addressee.email],
            reply_to=[f"no-reply@{settings.MAIL_DOMAIN}"],
            headers=_headers(mail, context["unsubscribe"]),
        )
        made.attach_alternative(render_to_string("notifications/mail.html", context), "text/html")
        return made


def _context(mail, news):
    return {
        "news": [_told(row) for row in news[:MOST_TOLD]],
        "more": max(len(news) - MOST_TOLD, 0),
        "pressing": any(is_pressing(row.event.subject) for row in news),
        "inbox": settings.PORTAL_URL + reverse("notifications:list"),
        "settings": settings.PORTAL_URL + reverse("notifications:settings"),
        "unsubscribe": unsubscribing.address(mail.addressee, news[0].kind if mail.kind == MailKind.SINGLE else ""),
    }


def _told(notification):
    """What is told of one notification: its sentence, facts about the thing, and where to answer."""
    event = notification.event
    by = f"{event.office}: " if event.office else ""
    url = settings.PORTAL_URL + event.subject.get_absolute_url()
    return {"what": f"{by}{event.words}", "facts": list(_facts(notification, event.subject)), "url": url}


def _facts(notification, subject):
    """(label, value) of what tells the reader which thing it is and how pressing."""
    yield _("Number"), subject.number
    yield _("Region"), "; ".join(region.full_name for region in _regions(subject)[:MOST_REGIONS])
    yield _("State"), subject.get_state_display()
    if begins := getattr(subject, "starts_at", None):
        yield _("Begins"), _there(begins, subject)
    if getattr(subject, "clock_runs", False):
        yield _("Deadline"), _there(subject.due_at, subject)
    yield from _on_the_way_up(notification.event)
    yield _("When"), _there(notification.event.at, subject)
    if notification.reason:
        yield _("Why you"), notification.get_reason_display()


def _on_the_way_up(event):
    """Which deadlines passed, and which office above was told."""
    if missed := event.data.get("missed"):
        yield _("Missed deadline"), ", ".join(str(Stage(stage).label) for stage in missed)
    if above := event.data.get("raised_to"):
        yield _("Informed office"), Office.objects.get(pk=above).name


def _regions(subject):
    return list(subject.regions.all()) if isinstance(subject, PlannedOutage) else [subject.region]


def _there(moment, subject):
    return strip_tags(local_time(moment, subject.region))


def _subject(mail, news):
    if mail.kind == MailKind.DIGEST:
        words = ngettext(
            "Coordination Portal: %(number)s notification", "Coordination Portal: %(number)s notifications", len(news)
        )
        return words % {"number": len(news)}
    event = news[0].event
    words = {"subject": event.subject.number, "what": event.words}
    if is_pressing(event.subject):
        return _("VERY URGENT · %(subject)s: %(what)s") % words
    return _("%(subject)s: %(what)s") % words


def _headers(mail, unsubscribe):
    return {
        "Message-ID": f"<{mail.message_id}@{settings.MAIL_DOMAIN}>",
        "List-Unsubscribe": f"<{unsubscribe}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        # So that nobody's reply of absence answers.
        "Auto-Submitted": "auto-generated",
        "X-Auto-Response-Suppress": "All",
    }
