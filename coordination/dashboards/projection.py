"""From degrees to the plane of the map: both run evenly, as Indonesia lies along the equator."""

# A unit of the map in degrees, about 2.2 km.
UNIT = 0.02
WEST, EAST, SOUTH, NORTH = 94.8, 141.3, -11.2, 6.3
WIDTH, HEIGHT = round((EAST - WEST) / UNIT), round((NORTH - SOUTH) / UNIT)


def project(latitude, longitude, digits=None):
    """(x, y) of a place from the north-west corner, in whole units or with so many digits after the point."""
    return round((longitude - WEST) / UNIT, digits), round((NORTH - latitude) / UNIT, digits)
