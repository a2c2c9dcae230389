"""Reads about obstacles that span models."""

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Q
from django.db.models.functions import Length

from coordination.networks.models import Operator
from coordination.obstacles.models import Obstacle
from coordination.offices.choices import Kind
from coordination.offices.models import Office


def answering_office(obstacle):
    """The nearest ICT office, from the regency upwards, in which somebody can act; None where there is nobody."""
    path = obstacle.region.regency_path
    province = path.split(".")[0] + "."
    above = Office.objects.serving().staffed().filter(Q(region__path__in={path, province}) | Q(region=None))
    return above.filter(kind=Kind.KOMINFO).order_by(Length("region__path").desc(nulls_last=True)).first()


def operator_names():
    """The names of an obstacle's operators as a column, which spares its page a query of their own."""
    return ArraySubquery(Operator.objects.filter(obstacles=OuterRef("pk")).values("name"))


def same_elsewhere(obstacle, user, most):
    """(merged into it, perhaps the same) of what the user may know of, the latter at most `most`; one query."""
    fields = {name: getattr(obstacle, name) for name in ("region", "kind", "since", "until")}
    visible = Obstacle.objects.visible_to(user)
    near = visible.likely_duplicates(**fields).exclude(pk=obstacle.pk).values("pk")[:most]
    rows = visible.filter(Q(merged_into=obstacle) | Q(pk__in=near)).select_related("region", "office")
    merged = [row for row in rows if row.merged_into_id == obstacle.pk]
    return merged, [row for row in rows if row not in merged]
