"""How many notifications wait, for the frame of every page."""

from django import template

from coordination.notifications.models import Notification

register = template.Library()
MOST = 99


@register.simple_tag
def unread_count(user):
    """The number of this person's unread notifications as text: "" for none, "99+" for very many."""
    unread = Notification.objects.of(user).unread()[: MOST + 1].count()
    return f"{MOST}+" if unread > MOST else str(unread or "")
