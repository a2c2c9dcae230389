"""Reads about obstacles that span models."""

from django.db.models import Q
from django.db.models.functions import Length

from coordination.obstacles.models import Obstacle
from coordination.offices.choices import Kind
from coordination.offices.models import Office


def answering_office(obstacle):
    """The nearest ICT office, from the regency upwards, in which somebody can act; None where there is nobody."""
    path = obstacle.region.regency_path
    province = path.split(".")[0] + "."
    above = Office.objects.serving().staffed().filter(Q(region__path__in={path, province}) | Q(region=None))
    return above.filter(kind=Kind.KOMINFO).order_by(Length("region__path").desc(nulls_last=True)).first()


def similar(obstacle, user):
    """Obstacles that this one may be a duplicate of, as far as the user may know of them."""
    fields = {name: getattr(obstacle, name) for name in ("region", "kind", "since", "until")}
    return Obstacle.objects.visible_to(user).likely_duplicates(**fields).exclude(pk=obstacle.pk)
