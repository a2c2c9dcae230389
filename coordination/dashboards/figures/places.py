"""Which rows lie in a region."""


def within(rows, path, region="region"):
    """Those at or below the path; without the table of regions where the whole country is counted."""
    return rows.filter(**{f"{region}__path__startswith": path}) if path else rows
