"""Which requests wait for a person, those of colleagues who are away and for whom the person stands in included.

Steps are the office's (workflow.may): whoever stands in may take what the person in charge may, by the own role.
"""

from dataclasses import dataclass
from datetime import date

from django.db.models import Case, F, OuterRef, Subquery, When
from django.db.models.functions import JSONObject

from coordination.offices.models import Absence
from coordination.requests.choices import State
from coordination.requests.models import CoordinationRequest

SHOWN = 8


@dataclass(frozen=True)
class Away:
    """What a page tells of somebody's absence of today."""

    key: int
    official: str
    last_day: date
    substitute_key: int | None
    present_substitute: str | None

    @classmethod
    def read(cls, column):
        """Of a column of `_absence_of`; None where nobody is away."""
        return cls(**column | {"last_day": date.fromisoformat(column["last_day"])}) if column else None


def _absence_of(person, absences):
    """Today's absence of the person of a request, as a column, which spares its page a query of their own."""
    fields = JSONObject(
        key="pk",
        official="official__name",
        last_day="last_day",
        substitute_key="substitute",
        present_substitute=Case(When(stands_in=True, then=F("substitute__name"))),
    )
    return Subquery(absences.filter(official=OuterRef(person)).in_force().values_list(fields)[:1])


def absence_of_person_in_charge():
    """Today's absence of the person in charge, as a column; `Away.read` reads it."""
    return _absence_of("person_in_charge", Absence.objects.all())


def waiting_for_person(requests, user):
    """Those of `requests` that wait for this person, or for somebody for whom the person stands in today."""
    own = requests.waiting_for(user).in_hands_of([user.pk])
    return own | _covered(requests, user)


def _covered(requests, user):
    absent = Absence.objects.covered_by(user).values("official")
    return requests.waiting_for(user).in_hands_of(absent)


def standing_in(user):
    """[(Away, requests)]: the colleagues for whom something waits that is this person's today, most pressing first.

    For a lead those are all who are away, with whoever stands in for them.
    """
    rows = _covered(CoordinationRequest.objects.visible_to(user), user)
    absences = Absence.objects.covered_by(user)
    whose = {name: _absence_of(name, absences) for name in ("filed_by", "person_in_charge")}
    rows = rows.annotate(
        away=Case(When(state__in=State.WITH_FILER, then=whose["filed_by"]), default=whose["person_in_charge"])
    )
    rows = rows.select_related("region", "filing_office", "handling_office", "person_in_charge")
    found = {}
    for row in rows.order_by("due_at", "pk")[:SHOWN]:
        found.setdefault(Away.read(row.away), []).append(row)
    return list(found.items())
