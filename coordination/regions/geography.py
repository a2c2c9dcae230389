"""Whether a point can lie in a region, by its distance to the known villages around."""

from coordination.regions.distances import distance_km, is_in_indonesia
from coordination.regions.models import Region

# Farther than this from every known village of the regency, a point lies in another one or in the sea. Measured over
# the reference: 99 % of the villages have another of their regency within 12 km (in Papua 18 km), and within 30 km
# (36 km) when those of their own district are left out, as if its coordinates were wrong. Seven islands lie farther
# than 50 km from any other village of their regency; their own coordinates answer for them.
REACH_KM = 50


def is_plausible_point(region, latitude, longitude):
    """Whether the point can lie in the region's regency: in Indonesia, within reach of a place with coordinates.

    Never by the nearest regency centre, which is wrong for more than a quarter of all districts. A regency without
    any coordinates accepts every point in Indonesia.
    """
    if not is_in_indonesia(latitude, longitude):
        return False
    places = Region.objects.filter(path__startswith=region.regency_path, latitude__isnull=False)
    points = list(places.values_list("latitude", "longitude"))
    return not points or any(distance_km(latitude, longitude, *point) <= REACH_KM for point in points)
