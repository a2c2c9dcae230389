"""Reads about obstacles that span models."""

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Q

from coordination.networks.models import Operator
from coordination.obstacles.models import Obstacle
from coordination.offices.routing import answering_offices


def answering_office(obstacle):
    """The ICT office that answers for the region of the obstacle; None where there is nobody."""
    path = obstacle.region.path
    return answering_offices([path]).get(path)


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
