"""States, urgencies, outcomes and reasons of a coordination request (product rule 4)."""

from enum import nonmember

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class State(models.TextChoices):
    DRAFT = "draft", pgettext_lazy("request", "Draft")
    SUBMITTED = "submitted", pgettext_lazy("request", "Submitted")
    RETURNED = "returned", pgettext_lazy("request", "To be completed")
    ACCEPTED = "accepted", pgettext_lazy("request", "Verified")
    IN_PROGRESS = "in_progress", pgettext_lazy("request", "In progress")
    WAITING = "waiting", pgettext_lazy("request", "Waiting for a third party")
    RESOLVED = "resolved", pgettext_lazy("request", "Resolved")
    CLOSED = "closed", pgettext_lazy("request", "Closed")
    DECLINED = "declined", pgettext_lazy("request", "Declined")
    WITHDRAWN = "withdrawn", pgettext_lazy("request", "Withdrawn")

    WITH_HANDLER = nonmember(("submitted", "accepted", "in_progress", "waiting"))
    WITH_FILER = nonmember(("draft", "returned", "resolved"))
    CLOCK_RUNS = nonmember(("submitted", "accepted", "in_progress"))
    CLOCK_STOPPED = nonmember(("returned", "waiting"))
    ENDED = nonmember(("closed", "declined", "withdrawn"))
    OPEN = nonmember(("submitted", "returned", "accepted", "in_progress", "waiting", "resolved"))


# So many days before an activity at risk both offices are warned.
DAYS_BEFORE = (14, 7, 3)

# The steps in which something is written that an office may keep a text for.
ANSWERED = (
    "accept", "start", "resolve", "confirm", "assign", "wait", "resume", "return", "forward", "decline", "reopen",
    "withdraw",
)  # fmt: skip

NEXT_ACTS = {
    State.DRAFT: _("Complete and submit"),
    State.SUBMITTED: _("Verify and give a first answer"),
    State.RETURNED: _("Complete and submit again"),
    State.ACCEPTED: _("Plan a measure"),
    State.IN_PROGRESS: _("Carry out and report the result"),
    State.WAITING: _("Resume when the third party answers"),
    State.RESOLVED: _("Confirm the result"),
}


class Urgency(models.TextChoices):
    NORMAL = "normal", pgettext_lazy("urgency", "Normal")
    URGENT = "urgent", pgettext_lazy("urgency", "Urgent")
    CRITICAL = "critical", pgettext_lazy("urgency", "Very urgent")


class Stage(models.TextChoices):
    """What has a deadline of its own (product rule 5)."""

    VERIFY = "verify", pgettext_lazy("deadline", "Verification")
    ANSWER = "answer", pgettext_lazy("deadline", "First answer and person in charge")
    FOLLOW_UP = "follow_up", pgettext_lazy("deadline", "Follow-up")
    END = "end", pgettext_lazy("deadline", "Result")
    CONFIRM = "confirm", pgettext_lazy("deadline", "Confirmation")


# Those of which it is kept how long they took, in the order in which they end.
TIMED = (Stage.VERIFY, Stage.ANSWER, Stage.END)


class Unit(models.TextChoices):
    WORKING_DAYS = "working_days", _("working days")
    WORKING_HOURS = "working_hours", _("working hours")
    CALENDAR_DAYS = "calendar_days", _("calendar days")


class Outcome(models.TextChoices):
    PERMANENT = "permanent", _("Permanent fix")
    INTERIM = "interim", _("Interim fix")
    OTHER_PLACE = "other_place", _("Another place")
    OTHER_METHOD = "other_method", _("Another method")
    PASSED_ON = "passed_on", _("Passed on")
    TOO_LATE = "too_late", _("Not possible in time")


class DeclineReason(models.TextChoices):
    NOT_OURS = "not_ours", _("Not our authority")
    OUT_OF_SCOPE = "out_of_scope", _("Out of scope")
    DUPLICATE = "duplicate", _("Duplicate")


class Measure(models.TextChoices):
    """What ICT offices really did (domain facts 0.6 and 3.2)."""

    SURVEY = "survey", _("Field survey and measurement")
    BANDWIDTH = "bandwidth", _("More bandwidth")
    ACCESS_POINT = "access_point", _("More access points")
    VSAT = "vsat", _("Satellite link (VSAT)")
    MOBILE_TOWER = "mobile_tower", _("Mobile base station")
    TOWER_ON = "tower_on", _("Idle tower switched on")
    REPAIR = "repair", _("Repair of device or cable")
    POWER = "power", _("Power supply or generator")
    MOVE = "move", _("Moved to a served place")
    RADIO = "radio", _("Radio communication (ORARI/RAPI)")
    LATER = "later", _("Record offline, send later")
    OPERATOR = "operator", _("Letter or report to the operator")
    OTHER = "other", _("Other")
