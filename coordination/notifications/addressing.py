"""Who is told of an event, and why."""

from coordination.campaigns.models import CampaignActivity
from coordination.campaigns.queries import within
from coordination.networks.maintaining import windows_of
from coordination.networks.models import PlannedOutage
from coordination.notifications.choices import Kind, Reason
from coordination.obstacles.models import Obstacle
from coordination.obstacles.queries import answering_office
from coordination.offices.choices import Role
from coordination.offices.models import Absence, Office, Official
from coordination.offices.routing import answering_offices, next_above
from coordination.regions.models import regency_path
from coordination.requests.models import CoordinationRequest

# What an office does with its own papers is nobody's news.
UNTOLD = {"draft", "edit", "attach"}
REMARKS = {"comment", "note"}
OF_ABSENCES = {"substitute", "end_absence"}
OF_DEADLINES = {"escalate", "start_higher", "alarm", "reschedule", "close_unconfirmed"}


def kind_of(event):
    """What the news of this event are about; "" of absences, of which nobody is mailed."""
    if event.verb in OF_ABSENCES:
        return ""
    if isinstance(event.subject, Obstacle):
        return Kind.OBSTACLES
    if isinstance(event.subject, CampaignActivity):
        return Kind.ACTIVITIES
    if isinstance(event.subject, PlannedOutage):
        return Kind.OUTAGES
    if event.verb in REMARKS:
        return Kind.COMMENTS
    return Kind.DEADLINES if event.verb in OF_DEADLINES else Kind.STEPS


def addressees(event):
    """{person: Reason}: the acting people of the offices involved, each for the first reason that holds, without the
    one who did it."""
    if event.verb in UNTOLD:
        return {}
    told = _of_absence(event) if event.verb in OF_ABSENCES else _in_offices(_offices(event))
    if isinstance(event.subject, CoordinationRequest):
        told = _of_request(event, told)
    return {person: reason for person, reason in told.items() if person.pk != event.actor_id}


def _in_offices(reasons):
    """{person: Reason} from {key of an office: Reason}; an office that ended is followed by the one in its place."""
    offices, serving = Office.objects.in_bulk(reasons), {}
    for key, reason in reasons.items():
        serving.setdefault(offices[key].in_service.pk, reason)
    people = Official.objects.acting().filter(office__in=serving).select_related("office__region")
    return {person: serving[person.office_id] for person in people}


def _of_request(event, told):
    """Beside the people of the offices: who is in charge is told as such, who stands in too, and of an alarm who is
    left to help."""
    in_charge = event.subject.person_in_charge_id
    stands_in = Absence.objects.substitutes_of([in_charge]).get(in_charge) if in_charge else None
    own = {in_charge: Reason.IN_CHARGE} | ({stands_in.pk: Reason.STANDS_IN} if stands_in else {})
    told = {person: own.get(person.pk, reason) for person, reason in told.items()}
    return {person: Reason.NOBODY_ABOVE for person in _left_to_help(event)} | told


def _of_absence(event):
    """Who is away, who stands in or did so before it changed; with nobody named, it is for the leads to settle."""
    reasons = {event.subject_id: Reason.IS_AWAY, event.data.get("before"): Reason.STANDS_IN}
    reasons[event.data["substitute"]] = Reason.STANDS_IN
    people = Official.objects.acting().filter(office=event.subject.office_id).select_related("office__region")
    if event.data["substitute"] is None:
        reasons |= dict.fromkeys(people.filter(role=Role.LEAD).values_list("pk", flat=True), Reason.LEADS)
    return {person: reasons[person.pk] for person in people.filter(pk__in=reasons.keys() - {None})}


def _left_to_help(event):
    """With no office above the handling one: the leads of the office above the filing one, and superusers."""
    if event.verb != "alarm":
        return []
    above = next_above(event.subject.filing_office.in_service)
    leads = Official.objects.acting().filter(office=above, role=Role.LEAD) if above else Official.objects.none()
    superusers = Official.objects.active().filter(is_superuser=True)
    return (leads | superusers).select_related("office__region")


def _offices(event):
    """{key of an office: Reason}, the strongest reason first."""
    if event.only_for_id:
        return {event.only_for_id: Reason.OWN_NOTE}
    subject = event.subject
    if isinstance(subject, CoordinationRequest):
        return _offices_of_request(subject, event)
    if isinstance(subject, Obstacle):
        return _offices_of_obstacle(subject, event)
    if isinstance(subject, CampaignActivity) and event.verb == "warn":
        return _offices_of_activity(subject)
    if isinstance(subject, PlannedOutage):
        return _offices_of_outage(subject, event)
    return {}


def _offices_of_request(request, event):
    return _by_reason(
        {
            Reason.FILES: [request.filing_office_id],
            Reason.HANDLES: [request.handling_office_id],
            Reason.SUPERIOR: [event.data.get("raised_to")],
            Reason.WATCHES: request.watching.values_list("office", flat=True),
        }
    )


def _offices_of_obstacle(obstacle, event):
    """Who reported it, joined it or reported a duplicate of it; of a new one also the ICT office that answers."""
    rows = obstacle.with_duplicates().exclude(number=event.data.get("from"))  # who is told of its own merging
    is_new = event.verb == "report" and obstacle.is_of_the_network
    answering = answering_office(obstacle) if is_new else None
    return _by_reason(
        {
            Reason.REPORTED: rows.values_list("office", flat=True),
            Reason.JOINED: rows.values_list("participations__office", flat=True),
            Reason.ANSWERS: [answering and answering.pk],
        }
    )


def _offices_of_activity(activity):
    """Who registered it, and the ICT office that answers there."""
    answering = answering_offices([activity.region.path]).values()
    return _by_reason({Reason.REGISTERED: [activity.office_id], Reason.ANSWERS: [office.pk for office in answering]})


def _offices_of_outage(outage, event):
    """Who has planned something there and then, and the ICT offices of those places; of one that moved also where it
    was before. Where nothing is planned, nobody needs to know."""
    told, paths = set(), set()
    for window in windows_of(outage, event):
        for office, path in within(window).order_by().values_list("office", "region__path").distinct():
            told.add(office)
            paths.add(regency_path(path))
    answering = answering_offices(paths).values()
    return _by_reason({Reason.PLANS_THERE: told, Reason.ANSWERS: [office.pk for office in answering]})


def _by_reason(offices):
    """{key of an office: Reason} from {Reason: keys}; the first reason counts."""
    found = {}
    for reason, keys in offices.items():
        for key in keys:
            if key is not None:
                found.setdefault(key, reason)
    return found
