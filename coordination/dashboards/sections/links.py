"""Where the numbers of a dashboard lead."""

from urllib.parse import urlencode


def query(region, /, **chosen):
    """The query of a list, within the region if there is one; a list of values stands for several."""
    within = {"region": region.code} if region else {}
    return f"?{urlencode(within | chosen, doseq=True)}"
