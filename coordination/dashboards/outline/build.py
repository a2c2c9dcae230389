"""Builds indonesia.txt, the coasts of Indonesia as one SVG path, from a published package. Run by hand:

    python -m coordination.dashboards.outline.build WORLD_ATLAS

WORLD_ATLAS is the unpacked npm package world-atlas (ISC) with Natural Earth's coasts (public domain). Each line of the
file is one island: the numbers of an SVG path in the units of `projection`, begun by M and told relative after that.
"""

import json
import sys
from itertools import accumulate
from pathlib import Path

from coordination.dashboards.projection import UNIT, project

HERE = Path(__file__).parent
INDONESIA = "360"
# Points nearer than this to the line between their neighbours, and islands smaller than this on either side, are left
# out: in degrees, about 4 km.
TOLERANCE, SMALLEST = 0.07, 0.12


def coasts(folder):
    """[[(longitude, latitude), …], …]: the outer rings of all islands."""
    with open(folder / "countries-10m.json", encoding="utf-8") as file:
        atlas = json.load(file)
    country = next(each for each in atlas["objects"]["countries"]["geometries"] if each.get("id") == INDONESIA)
    arcs = [_arc(arc, atlas["transform"]) for arc in atlas["arcs"]]
    return [_ring(polygon[0], arcs) for polygon in country["arcs"]]


def _arc(steps, transform):
    """The points of an arc, which the file tells by steps from each to the next."""
    (width, height), (left, bottom) = transform["scale"], transform["translate"]
    across, up = accumulate(step[0] for step in steps), accumulate(step[1] for step in steps)
    return [(x * width + left, y * height + bottom) for x, y in zip(across, up, strict=True)]


def _ring(numbers, arcs):
    """The points of the arcs of a ring; ~n is the arc n backwards."""
    points = []
    for number in numbers:
        arc = arcs[number] if number >= 0 else arcs[~number][::-1]
        points += arc[1:] if points else arc
    return points


def simplified(points, tolerance=TOLERANCE):
    """The points without those that lie nearer than the tolerance to the line between others (Douglas and Peucker).

    A ring ends where it begins: it is parted at the point farthest from there.
    """
    middle = max(range(len(points)), key=lambda place: _squared(points[0], points[place]))
    return _between(points[: middle + 1], tolerance)[:-1] + _between(points[middle:], tolerance)


def _between(points, tolerance):
    first, last = points[0], points[-1]
    far, place = max(((_off(point, first, last), place) for place, point in enumerate(points)), default=(0, 0))
    if far <= tolerance:
        return [first, last]
    return _between(points[: place + 1], tolerance)[:-1] + _between(points[place:], tolerance)


def _squared(a, b):
    return (a[0] - b[0]) ** 2 + (a[1] - b[1]) ** 2


def _off(point, first, last):
    """How far a point lies from the line through two others."""
    length = _squared(first, last) ** 0.5
    if not length:
        return _squared(point, first) ** 0.5
    (x, y), (x1, y1), (x2, y2) = point, first, last
    return abs((x2 - x1) * (y1 - y) - (x1 - x) * (y2 - y1)) / length


def is_seen(points):
    """Whether an island is large enough to be drawn."""
    across, up = [x for x, _y in points], [y for _x, y in points]
    return max(max(across) - min(across), max(up) - min(up)) >= SMALLEST


def path(points):
    """An island as part of an SVG path, in whole units."""
    drawn = [project(latitude, longitude) for longitude, latitude in points]
    steps = [(x - x0, y - y0) for (x0, y0), (x, y) in zip(drawn, drawn[1:], strict=False) if (x, y) != (x0, y0)]
    return f"M{drawn[0][0]} {drawn[0][1]}l{' '.join(f'{x} {y}' for x, y in steps[:-1])}z"


def main(folder):
    islands = [simplified(ring) for ring in coasts(Path(folder)) if is_seen(ring)]
    islands = sorted((ring for ring in islands if len(ring) > 3), key=len, reverse=True)
    (HERE / "indonesia.txt").write_text("\n".join(path(ring) for ring in islands) + "\n", encoding="ascii")
    print(f"{len(islands)} islands, {sum(map(len, islands)):,} points, a unit is {UNIT} degrees")


if __name__ == "__main__":
    main(sys.argv[1])
