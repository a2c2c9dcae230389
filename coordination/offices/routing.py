"""Which ICT office handles what concerns a region, and which office is next above."""

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _

from coordination.common.errors import DomainError
from coordination.offices.choices import Kind
from coordination.offices.jurisdiction import Jurisdiction
from coordination.offices.models import Office
from coordination.regions.models import Region, regency_path


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
    from_here_up = {region.regency_path, _province(region.path)}
    staffed = Office.objects.staffed()
    offices = Office.objects.serving().filter(kind=Kind.KOMINFO).select_related("region")
    found = [o for o in offices.filter(region__path__in=from_here_up)] + list(offices.filter(region=None))
    acting = set(staffed.filter(pk__in=[o.pk for o in found]).values_list("pk", flat=True))
    for office in found:
        office.is_staffed = office.pk in acting
    return sorted(found, key=lambda office: -len(office.region_path))


def answering_offices(paths):
    """{path: the ICT office that answers there} for regions of these paths, in one query.

    It is the nearest, from the regency upwards, in which somebody can act; a region without any is left out.
    """
    steps = {path: (regency_path(path), _province(path), "") for path in paths}
    above = {step for each in steps.values() for step in each}
    staffed = Office.objects.serving().staffed().filter(Q(region__path__in=above) | Q(region=None), kind=Kind.KOMINFO)
    by_path = {office.region_path: office for office in staffed.select_related("region")}
    found = {path: next((by_path[step] for step in each if step in by_path), None) for path, each in steps.items()}
    return {path: office for path, office in found.items() if office}


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
    province = _province(office.region_path)
    above = staffed.filter(region__path=province).first() if office.region_path != province else None
    return above or staffed.filter(region=None).first()


def red_list(user):
    """The provinces, regencies and cities of the user's jurisdiction in whose own ICT office nobody can act.

    Those that have no such office at all are the first to miss one.
    """
    # By their parents and not by their level, which no index knows: there are 90,000 districts and villages below.
    provinces = list(Region.objects.filter(parent=None).order_by().values_list("pk", flat=True))
    tiers = Region.objects.current().filter(Q(parent=None) | Q(parent__in=provinces))
    own = Office.objects.serving().staffed().filter(kind=Kind.KOMINFO, region=OuterRef("pk"))
    return Jurisdiction.of(user).regions(tiers).filter(~Exists(own))


def tell_who_answers(regions):
    """Set on each region of the red list `own_office`, which may be missing, and `answering`: who answers instead."""
    offices = Office.objects.serving().filter(kind=Kind.KOMINFO)
    own = {office.region_id: office for office in offices.filter(region__in=regions)}
    provinces = {_province(region.path) for region in regions}
    above = offices.staffed().filter(Q(region__path__in=provinces) | Q(region=None)).select_related("region")
    by_path = {office.region_path: office for office in above}
    for region in regions:
        region.own_office = own.get(region.pk)
        region.answering = by_path.get(_province(region.path)) or by_path.get("")


def _province(path):
    return path.split(".")[0] + "."


def may_have_one_above(office):
    """Whether forwarding is worth offering: always in a region, where the nation at least is above, without asking the
    database whether anybody sits there; from the national office only to one that it names.
    """
    return office.region_id is not None or next_above(office) is not None
