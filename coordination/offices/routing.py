"""Which ICT office handles what concerns a region, and which office is next above."""

from django.utils.translation import gettext as _

from coordination.common.errors import DomainError
from coordination.offices.choices import Kind
from coordination.offices.models import Office


class NoOffice(DomainError):
    """No ICT office up to the ministry has anybody active."""


def handling_office(region):
    """(office, passed over): the nearest serving ICT office with somebody active, and those skipped on the way.

    Climbs regency → province → ministry (product: a region whose office has nobody active is on the red list and
    its requests go to the superior office). Raises NoOffice when nobody at all could answer.
    """
    passed_over = []
    for office in _ladder(region):
        if office.is_staffed:
            return office, passed_over
        passed_over.append(office)
    raise NoOffice(_("No ICT office for this region has anybody active. The admin has to name somebody first."))


def _ladder(region):
    """Serving ICT offices from the region's regency upwards, the nearest first."""
    from_here_up = {region.regency_path, region.path.split(".")[0] + "."}
    staffed = Office.objects.staffed()
    offices = Office.objects.serving().filter(kind=Kind.KOMINFO).select_related("region")
    found = [o for o in offices.filter(region__path__in=from_here_up)] + list(offices.filter(region=None))
    acting = set(staffed.filter(pk__in=[o.pk for o in found]).values_list("pk", flat=True))
    for office in found:
        office.is_staffed = office.pk in acting
    return sorted(found, key=lambda office: -len(office.region_path))


def next_above(office):
    """The nearest office above that serves and has somebody active; None if there is none.

    Above are the superior that the office names and the one above that, as long as somebody named them, and then the
    serving offices of the same kind in the province and the nation.
    """
    staffed = Office.objects.serving().staffed().filter(kind=office.kind).exclude(pk=office.pk)
    seen, superior = {office.pk}, office.superior
    while superior and superior.pk not in seen:
        if staffed.filter(pk=superior.pk).exists():
            return superior
        seen.add(superior.pk)
        superior = superior.superior
    if not office.region_path:
        return None
    province = office.region_path.split(".")[0] + "."
    above = staffed.filter(region__path=province).first() if office.region_path != province else None
    return above or staffed.filter(region=None).first()
