"""What is to be minded about a planned activity."""

from django.utils import timezone
from django.utils.translation import gettext as _

from coordination.campaigns.choices import ActivityState, Platform
from coordination.campaigns.stages import findings_on

# The police ask for the notice of an activity a week ahead, three days at the latest (domain facts 2.3).
NOTICE_DAYS, LATEST_NOTICE_DAYS = 7, 3


def sttp_notice(activity, now=None):
    """The sentence about a missing STTP once an activity is near, or "". The police decide; the portal only reminds."""
    if activity.sttp_number or activity.state != ActivityState.PLANNED:
        return ""
    today = (now or timezone.now()).astimezone(activity.starts_there.tzinfo).date()
    left = (activity.starts_there.date() - today).days
    if not 0 <= left < NOTICE_DAYS:
        return ""
    if left < LATEST_NOTICE_DAYS:
        sentence = _("No STTP number, and only %(left)s days left (D-%(left)s): the police expect the notice by D-3.")
    else:
        sentence = _("No STTP number yet, and %(left)s days left (D-%(left)s): the police expect the notice by D-7.")
    return sentence % {"left": left}


def notices(activity, now=None):
    """All sentences to be minded about a planned activity: the notice to the police, and the rules of the election."""
    if activity.state != ActivityState.PLANNED:
        return []
    found = findings_against(activity)
    return list(filter(None, [sttp_notice(activity, now), *(finding.sentence for finding in found)]))


def findings_against(activity):
    """What the rules of its election say against an activity, as stages.findings_on has it."""
    days = activity.starts_there.date(), activity.ends_there.date()
    people = people_there(activity.platform, activity.participants)
    return findings_on(activity.election, activity.method, *days, people=people)


def people_there(platform, participants):
    """How many come together at one place, at least one; None for what is held online."""
    return (participants or 1) if platform == Platform.NONE else None
