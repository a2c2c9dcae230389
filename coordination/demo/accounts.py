"""The offices and accounts of the demonstration (the list that `make serve` prints)."""

import uuid
from dataclasses import dataclass
from datetime import date

from django.contrib.auth.hashers import make_password
from django.db.models import Q

from coordination.campaigns.queries import voting_regencies
from coordination.demo import people
from coordination.offices.choices import Kind, Role
from coordination.offices.models import Office, Official
from coordination.regions.models import Level, Region

PASSWORD = "Koordinasi-2020"
# The office of KPU RI bears this id in every demonstration: it tells a later run that there is nothing to do.
MARK = uuid.UUID("6b1f3a50-2020-4d0a-9c27-0d9e5a2f2020")
SINCE = date(2020, 1, 1)
# The city of the guided tour did not vote in 2020.
ALSO = ("32.73",)
# Regencies that did not vote: their election offices are there, but nobody sits in their ICT office.
RED_LIST = ("32.05", "32.08", "32.11", "32.14", "36.02", "73.16")
ACEH = "11"

ICT_OFFICES = (
    "Dinas Komunikasi dan Informatika", "Dinas Komunikasi dan Informatika", "Dinas Komunikasi dan Informatika",
    "Dinas Kominfo, Statistik dan Persandian", "Dinas Komunikasi, Informatika, Statistik dan Persandian",
    "Dinas Komunikasi, Informatika dan Persandian",
)  # fmt: skip
NATIONAL = {
    Kind.KPU: ("KPU RI", "kpu-ri"),
    Kind.KOMINFO: ("Kementerian Komunikasi dan Digital (Komdigi)", "komdigi"),
    Kind.BAWASLU: ("Bawaslu RI", "bawaslu-ri"),
}
USERNAMES = {Kind.KPU: "kpu", Kind.KOMINFO: "diskominfo", Kind.BAWASLU: "bawaslu"}


@dataclass
class Cast:
    """Who sits where: found by office, since requests wander between offices."""

    offices: dict  # (kind, region code or None) → Office
    seats: dict  # (office key, role) → Official

    def officer(self, office_id):
        return self.seats[office_id, Role.OFFICER]

    def lead(self, office_id):
        return self.seats[office_id, Role.LEAD]

    def office(self, kind, code):
        return self.offices[kind, code]


def regencies_with_offices(election):
    """The regencies and cities of the demonstration: all that voted, and a few more."""
    wanted = Q(pk__in=voting_regencies(election).values("pk")) | Q(code__in=ALSO + RED_LIST)
    return Region.objects.current().filter(wanted, level=Level.REGENCY)


def make(election, rng):
    """Make all offices and accounts in bulk. Returns the Cast.

    They enter no history: nobody did anything yet when the demonstration begins.
    """
    offices = _make_tier([None], {}, rng)
    offices |= _make_tier(Region.objects.current().filter(level=Level.PROVINCE), offices, rng)
    regencies = regencies_with_offices(election).select_related("parent").order_by("path")
    offices |= _make_tier(regencies, offices, rng)
    # One hash for all: a slow hash for each of 1,700 accounts would take minutes, and protect a password that is
    # printed on the screen. Accounts of people always get their own.
    password = make_password(PASSWORD)
    seats = [person for office in offices.values() for person in _people(office, password, rng)]
    seats.append(Official(username="admin", name="Admin Portal", password=password, is_staff=True, is_superuser=True))
    Official.objects.bulk_create(seats, batch_size=500)
    return Cast(offices, {(person.office_id, person.role): person for person in seats if person.office_id})


def _make_tier(regions, above, rng):
    """The three offices of each region (None: the country), below those made `above`."""
    made = {}
    for region in regions:
        for kind in Kind:
            office = Office(kind=kind, region=region, name=_name(kind, region, rng), valid_from=SINCE)
            code = region.parent.code if region and region.parent else None
            office.superior = above.get((kind, code))
            if region:
                office.address = f"Jalan Contoh No. {rng.randint(1, 200)}, {region.name}"
                # No exchange has this area code.
                office.phone = f"(000) {region.digits}-{list(Kind).index(kind) + 1}"
            made[kind, region.code if region else None] = office
    if (Kind.KPU, None) in made:
        made[Kind.KPU, None].client_id = MARK
    Office.objects.bulk_create(made.values(), batch_size=500)
    return made


def _name(kind, region, rng):
    if region is None:
        return NATIONAL[kind][0]
    place = region.name
    if region.level == Level.PROVINCE and region.code != ACEH and not place.startswith("Daerah"):
        place = f"Provinsi {place}"
    if kind == Kind.KOMINFO:
        return f"{rng.choice(ICT_OFFICES)} {place}"
    in_aceh = region.code.startswith(ACEH)
    if kind == Kind.KPU:
        return f"{'KIP' if in_aceh else 'KPU'} {place}"
    return f"{'Panwaslih' if in_aceh else 'Bawaslu'} {place}"


def _people(office, password, rng):
    """An officer and a lead; one reader in Bawaslu; nobody in the ICT offices of the red list."""
    if office.kind == Kind.KOMINFO and office.region and office.region.code in RED_LIST:
        return
    username = f"{USERNAMES[office.kind]}-{office.region.digits}" if office.region else NATIONAL[office.kind][1]
    seats = {username: Role.OFFICER, f"{username}-lead": Role.LEAD}
    if office.kind == Kind.BAWASLU:
        seats = {username: Role.VIEWER}
    for login, role in seats.items():
        yield Official(
            username=login,
            name=people.name(rng, role),
            password=password,
            office=office,
            role=role,
            position=people.position(rng, office.kind, role),
        )
