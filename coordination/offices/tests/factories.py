"""Offices and officials for tests: `official("kpu", "32.73")` is somebody seated in that office."""

import datetime
from itertools import count

from django.utils import timezone

from coordination.offices.choices import Kind, Role
from coordination.offices.models import Absence, Office, Official
from coordination.regions.tests.factories import region

_numbers = count(1)
PASSWORD = "sandi-untuk-pengujian-1"


def office(kind, code=None, **fields):
    """The office of this kind in the region of this code (None: the national one), made once a test."""
    place = region(code) if code else None
    found = Office.objects.filter(kind=kind, region=place, valid_to=None).first()
    if found and not fields:
        return found
    names = {Kind.KPU: "KPU", Kind.KOMINFO: "Diskominfo", Kind.BAWASLU: "Bawaslu"}
    fields.setdefault("name", f"{names[kind]} {place or 'Nasional'}")
    fields.setdefault("valid_from", datetime.date(2020, 1, 1))
    return Office.objects.create(kind=kind, region=place, **fields)


def replace(ended):
    """End this office yesterday and open another in its place, which `official` fills from now on."""
    today = timezone.localdate()
    Office.objects.filter(pk=ended.pk).update(valid_to=today - datetime.timedelta(days=1))
    return Office.objects.create(kind=ended.kind, region=ended.region, name=f"{ended.name} (baru)", valid_from=today)


def official(kind, code=None, role=Role.OFFICER, **fields):
    """An active official in that office; another one on each call."""
    username = fields.pop("username", f"{kind}-{code or 'ri'}-{role}-{next(_numbers)}")
    fields.setdefault("name", f"Pejabat {username}")
    person = Official(username=username, office=office(kind, code), role=role, **fields)
    person.set_password(PASSWORD)
    person.save()
    return person


def lead(kind, code=None, **fields):
    return official(kind, code, Role.LEAD, **fields)


def absence(person, substitute=None, *, first=0, last=3, **fields):
    """This person is away from `first` to `last`, in days from today where the office sits."""
    today = person.office.today
    days = {"first_day": today + datetime.timedelta(first), "last_day": today + datetime.timedelta(last)}
    return Absence.objects.create(official=person, substitute=substitute, named_by=person, **days, **fields)


def admin(**fields):
    """A superuser, who sees everything and sits in no office."""
    fields.setdefault("username", f"admin-{next(_numbers)}")
    return Official.objects.create_superuser(password=PASSWORD, name="Admin", email="", **fields)
