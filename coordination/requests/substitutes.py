"""Which requests wait for a person, those of colleagues who are away and for whom the person stands in included.

Steps are the office's (workflow.may): whoever stands in may take what the person in charge may, by the own role.
"""

from dataclasses import dataclass

from coordination.offices.models import Absence
from coordination.requests.choices import State
from coordination.requests.models import CoordinationRequest

SHOWN = 8


@dataclass(frozen=True)
class StandIn:
    """Somebody's absence and what waits for them meanwhile."""

    absence: Absence
    requests: list


def waiting_for_person(requests, user):
    """Those of `requests` that wait for this person, or for somebody for whom the person stands in today."""
    covered = Absence.objects.covered_by(user).values_list("official", flat=True)
    return requests.waiting_for(user).in_hands_of([user.pk, *covered])


def standing_in(user):
    """A StandIn for each colleague for whom something waits that is this person's today, the most pressing first.

    For a lead those are all who are away, with whoever stands in for them.
    """
    away = {row.official_id: row for row in Absence.objects.covered_by(user).select_related("official", "substitute")}
    if not away:
        return []
    rows = CoordinationRequest.objects.visible_to(user).waiting_for(user).in_hands_of(list(away))
    rows = rows.select_related("region", "filing_office", "handling_office", "person_in_charge")
    waiting = {}
    for row in rows.order_by("due_at", "pk")[:SHOWN]:
        waiting.setdefault(row.whose_turn, []).append(row)
    return [StandIn(away[key], found) for key, found in waiting.items()]


def absence_of_person_in_charge(request):
    """Today's absence of the person in charge, with who stands in, while the handling office is at work; or None."""
    if request.person_in_charge_id is None or request.state not in State.WITH_HANDLER:
        return None
    rows = Absence.objects.filter(official=request.person_in_charge_id).in_force(request.handling_office.today)
    return rows.select_related("substitute").first()
