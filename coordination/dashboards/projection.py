"""From degrees to the plane of the map: both run evenly, as Indonesia lies along the equator."""

# A unit of the map in degrees, about 2.2 km.
UNIT = 0.02
WEST, EAST, SOUTH, NORTH = 94.8, 141.3, -11.2, 6.3
WIDTH, HEIGHT = round((EAST - WEST) / UNIT), round((NORTH - SOUTH) / UNIT)


def project(latitude, longitude):
    """(x, y) of a place in whole units, from the north-west corner."""
    return round((longitude - WEST) / UNIT), round((NORTH - latitude) / UNIT)
