"""Somebody who is away in each regency of the guided tour, and the texts that its offices keep."""

import uuid
from datetime import timedelta
from zoneinfo import ZoneInfo

from coordination.demo.texts import ANSWER_TEMPLATES
from coordination.offices.choices import Kind
from coordination.people import absences
from coordination.requests import answer_templates

DAY = timedelta(days=1)
# kind of office: (first and last day from today, whether the lead stands in by name)
AWAY = {Kind.KOMINFO: (-1, 6, True), Kind.KPU: (9, 12, False)}


def show_absences(stage, regency):
    """In the ICT office the officer is away now, in the election office soon."""
    for kind, (first, last, named) in AWAY.items():
        office = stage.cast.office(kind, regency.code)
        lead, today = stage.cast.lead(office.pk), stage.diary.now.astimezone(ZoneInfo(regency.time_zone)).date()
        values = {"first_day": today + first * DAY, "last_day": today + last * DAY}
        values["substitute"] = lead if named else None
        absences.name(
            stage.cast.officer(office.pk),
            values,
            actor=lead,
            client_id=uuid.uuid4(),
            body_sha256=uuid.uuid4().hex,
            at=stage.diary.now,
        )


def show_templates(stage, regency):
    """A text for several steps of either office."""
    for kind, texts in ANSWER_TEMPLATES.items():
        lead = stage.cast.lead(stage.cast.office(kind, regency.code).pk)
        for verb, title, text in texts:
            values = {"verb": verb, "title": title, "text": text}
            form = {"client_id": uuid.uuid4(), "body_sha256": uuid.uuid4().hex}
            answer_templates.keep(values, actor=lead, at=stage.diary.now, **form)
