"""Distances on the globe and Indonesia's frame, without a database."""

from math import asin, cos, radians, sin, sqrt

EARTH_RADIUS_KM = 6371.0
# Rondo in the north to Ndana in the south, Benggala in the west to the border of Papua New Guinea, and a little sea.
LATITUDES, LONGITUDES = (-11.3, 6.4), (94.7, 141.3)


def distance_km(latitude, longitude, other_latitude, other_longitude):
    """The great-circle distance between two points given in degrees, in kilometres."""
    a, b = radians(latitude), radians(other_latitude)
    half_chord = sin((b - a) / 2) ** 2 + cos(a) * cos(b) * sin(radians(other_longitude - longitude) / 2) ** 2
    return 2 * EARTH_RADIUS_KM * asin(sqrt(half_chord))


def is_in_indonesia(latitude, longitude):
    """Whether a point given in degrees lies in the frame around Indonesia; False for what is not a number."""
    return LATITUDES[0] <= latitude <= LATITUDES[1] and LONGITUDES[0] <= longitude <= LONGITUDES[1]
