"""What is counted of a region and all that lies below it, by `path`: "" is the country.

Counts know no reader: whoever may see a region may see its figures. What only some may know (candidate pairs) is left
out where figures are shown.
"""

from coordination.dashboards.figures import activities, below, obstacles, requests

# The shape of what is counted; figures kept in another shape are counted anew.
EDITION = 2


def count(path, now):
    """Every figure of the region, such as JSON holds: texts, numbers, lists and dicts by texts."""
    return {
        "below": below.figures(path, now),
        "requests": requests.figures(path, now),
        "obstacles": obstacles.figures(path, now),
        "activities": activities.figures(path, now),
    }
