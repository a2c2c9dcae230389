"""Reads about obstacles that span models."""

from django.db.models import Q
from django.db.models.functions import Length

from coordination.offices.choices import Kind
from coordination.offices.models import Office


def answering_office(obstacle):
    """The nearest ICT office, from the regency upwards, in which somebody can act; None where there is nobody."""
    path = obstacle.region.regency_path
    province = path.split(".")[0] + "."
    above = Office.objects.serving().staffed().filter(Q(region__path__in={path, province}) | Q(region=None))
    return above.filter(kind=Kind.KOMINFO).order_by(Length("region__path").desc(nulls_last=True)).first()
