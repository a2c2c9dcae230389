"""Which requests wait for a person, those of colleagues who are away and for whom the person stands in included.

Steps are the office's (workflow.may): whoever stands in may take what the person in charge may, by the own role.
"""

from dataclasses import dataclass
from datetime import date

from django.contrib.postgres.expressions import ArraySubquery
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
        """Of a column made of FIELDS; None where nobody is away."""
        return cls(**column | {"last_day": date.fromisoformat(column["last_day"])}) if column else None


FIELDS = {
    "key": "pk",
    "official": "official__name",
    "last_day": "last_day",
    "substitute_key": "substitute",
    "present_substitute": Case(When(stands_in=True, then=F("substitute__name"))),
}


def absence_of_person_in_charge():
    """Today's absence of the person in charge, as a column, which spares the page a query; `Away.read` reads it."""
    away = Absence.objects.filter(official=OuterRef("person_in_charge")).in_force()
    return Subquery(away.values_list(JSONObject(**FIELDS))[:1])


def covered_absences(user):
    """Those of today for which this person stands in, as a column, which spares the page a query; `standing_in` reads
    it."""
    rows = Absence.objects.covered_by(user).order_by("pk")
    return ArraySubquery(rows.values_list(JSONObject(person="official", away=JSONObject(**FIELDS))))


def waiting_for_person(requests, user):
    """Those of `requests` that wait for this person, or for somebody for whom the person stands in today."""
    own = requests.waiting_for(user).in_hands_of([user.pk])
    return own | _covered(requests, user)


def _covered(requests, user):
    absent = Absence.objects.covered_by(user).values("official")
    return requests.waiting_for(user).in_hands_of(absent)


def standing_in(user, covered):
    """[(Away, requests)]: the colleagues for whom something waits that is this person's today, most pressing first.

    `covered` is the column of `covered_absences`: for a lead of all who are away, with whoever stands in for them.
    """
    absences = {absence["person"]: Away.read(absence["away"]) for absence in covered}
    if not absences:
        return []
    rows = CoordinationRequest.objects.visible_to(user).waiting_for(user).in_hands_of(list(absences))
    rows = rows.select_related("region", "filing_office", "handling_office", "person_in_charge")
    found = {}
    for row in rows.order_by("due_at", "pk")[:SHOWN]:
        person = row.filed_by_id if row.state in State.WITH_FILER else row.person_in_charge_id
        found.setdefault(absences[person], []).append(row)
    return list(found.items())
