"""Whether a point can lie in a region, by its distance to the known villages around."""

from math import asin, cos, radians, sin, sqrt

from coordination.regions.models import Region

EARTH_RADIUS_KM = 6371.0
# Farther than this from every known village of the regency, a point lies in another one or in the sea.
REACH_KM = 50


def distance_km(latitude, longitude, other_latitude, other_longitude):
    """The great-circle distance between two points given in degrees, in kilometres."""
    a, b = radians(latitude), radians(other_latitude)
    half_chord = sin((b - a) / 2) ** 2 + cos(a) * cos(b) * sin(radians(other_longitude - longitude) / 2) ** 2
    return 2 * EARTH_RADIUS_KM * asin(sqrt(half_chord))


def is_plausible_point(region, latitude, longitude):
    """Whether the point can lie in the region's regency: within reach of one of its places with coordinates.

    Never by the nearest regency centre, which is wrong for more than a quarter of all districts. A regency without
    any coordinates accepts every point.
    """
    places = Region.objects.filter(path__startswith=region.regency_path, latitude__isnull=False)
    points = list(places.values_list("latitude", "longitude"))
    return not points or any(distance_km(latitude, longitude, *point) <= REACH_KM for point in points)
