"""Every address of the URLconf has its row; one without fails the build. What a row says, answers.py tells."""

import uuid
from datetime import timedelta

from coordination.offices.models import Absence, Invitation, Official
from tests.rights import rows_of_campaigns, rows_of_networks, rows_of_work
from tests.rights.answers import HIDDEN, NOT_ALLOWED, Row, only
from tests.rights.rows_of_campaigns import SEES_PAIRS


def _office(things):
    return [things.filer.office.pk]


def _days(things, ahead):
    day = things.filer.office.today + timedelta(ahead)
    return {"client_id": uuid.uuid4(), "first_day": day, "last_day": day, "substitute": ""}


OTHERS = {
    "offices:list": Row(),
    "offices:detail": Row(args=_office, outside=HIDDEN),
    "offices:invite": Row(
        args=_office,
        get=only(("kpu_lead",), 200, 302),
        post=only(("kpu_lead",), 200, 302),
        own_only=("kpu_lead",),
        body=lambda things: {"client_id": uuid.uuid4(), "name": "Uji", "role": "officer"},
        outside=HIDDEN,
    ),
    # Who may not is told so by a message on the page that the redirect leads to; see coordination/people/tests.
    "offices:revoke": Row(
        args=lambda things: [things.invitation.pk],
        get=NOT_ALLOWED,
        post={"*": 302},
        outside=HIDDEN,
        effect=lambda things: Invitation.objects.get(pk=things.invitation.pk).revoked_at,
        done_by=("kpu_lead",),
        own_only=("kpu_lead",),
    ),
    "offices:edit": Row(
        args=lambda things: [things.filer.pk],
        get=only(("kpu_lead",), 200, 302),
        post={"*": 302},
        body=lambda things: {"version": things.filer.version, "name": "Uji", "role": "lead"},
        own_only=("kpu_lead",),
        effect=lambda things: Official.objects.get(pk=things.filer.pk).name,
        done_by=("kpu_lead",),
        outside=HIDDEN,
    ),
    "offices:switch": Row(
        args=lambda things: [things.filer.pk, "nonaktif"],
        get=NOT_ALLOWED,
        post={"*": 302},
        body=lambda things: {"version": things.filer.version},
        effect=lambda things: Official.objects.get(pk=things.filer.pk).is_active,
        done_by=("kpu_lead",),
        own_only=("kpu_lead",),
        outside=HIDDEN,
    ),
    "offices:absences": Row(
        args=lambda things: [things.filer.pk],
        post={"*": 302},
        body=lambda things: _days(things, 50),
        effect=lambda things: Absence.objects.filter(official=things.filer).count(),
        done_by=("kpu_lead",),
        own_only=("kpu_lead",),
        outside=HIDDEN,
    ),
    "offices:absence": Row(
        args=lambda things: [things.absence.pk],
        get=only(("kpu_lead",), 200, 302),
        post={"*": 302},
        body=lambda things: _days(things, 60) | {"version": things.absence.version},
        effect=lambda things: Absence.objects.get(pk=things.absence.pk).first_day,
        done_by=("kpu_lead",),
        own_only=("kpu_lead",),
        outside=HIDDEN,
    ),
    "offices:end_absence": Row(
        args=lambda things: [things.absence.pk],
        get=NOT_ALLOWED,
        post={"*": 302},
        body=lambda things: {"version": things.absence.version},
        effect=lambda things: Absence.objects.get(pk=things.absence.pk).ended_at,
        done_by=("kpu_lead",),
        own_only=("kpu_lead",),
        outside=HIDDEN,
    ),
    "accept_invitation": Row(args=lambda things: [things.token], post={"*": 422}, open_to_all=True, shows=True),
    "regions": Row(),
    "region_search": Row(),
    "region": Row(args=lambda things: [things.obstacle.region.code], outside=HIDDEN),
    "map": Row(),
    "region_map": Row(args=lambda things: [things.obstacle.region.code[:5]], outside=HIDDEN),
    "dashboard": Row(),
    "region_dashboard": Row(args=lambda things: [things.obstacle.region.code[:5]], outside=HIDDEN),
    "dashboard_regencies": Row(),
    "region_dashboard_regencies": Row(args=lambda things: [things.obstacle.region.code[:5]], outside=HIDDEN),
    # Who must not know the candidates is not told that there is such a list.
    "dashboard_pairs": Row(get=only(SEES_PAIRS, 200, 404)),
    "region_dashboard_pairs": Row(
        args=lambda things: [things.obstacle.region.code[:5]], get=only(SEES_PAIRS, 200, 404), outside=HIDDEN
    ),
    "public:status": Row(open_to_all=True),
    "public:region": Row(args=lambda things: [things.obstacle.region.code[:5]], open_to_all=True),
    "public:online": Row(args=lambda things: [things.obstacle.region.code[:5]], open_to_all=True),
    "public:data": Row(open_to_all=True),
    "public:country_csv": Row(open_to_all=True),
    "public:regencies_geojson": Row(open_to_all=True),
    # The name of the marked village, which everybody may know, stands in this file.
    "public:province_csv": Row(args=lambda things: [things.obstacle.region.code[:2]], open_to_all=True, shows=True),
    "account_inactive": Row(open_to_all=True),
    "account_login": Row(get={"*": 302}, post={"*": 302}, open_to_all=True),
    "account_logout": Row(post={"*": 302}),
    "account_change_password": Row(post={"*": 200}),
    "account_reset_password": Row(post={"*": 200}, open_to_all=True),
    "account_reset_password_done": Row(open_to_all=True, post={"*": 405}),
    "account_reset_password_from_key": Row(args=lambda things: ["x", "y"], post={"*": 200}, open_to_all=True),
    "account_reset_password_from_key_done": Row(open_to_all=True, post={"*": 405}),
    "usersessions_list": Row(post={"*": 302}),
    "service_worker": Row(open_to_all=True, post={"*": 405}),
    "manifest": Row(open_to_all=True, post={"*": 405}),
    "offline": Row(open_to_all=True, post={"*": 405}),
    "set_language": Row(get={"*": 302}, post={"*": 302}, open_to_all=True),
    "favicon": Row(get={"*": 301}, post={"*": 301}, open_to_all=True),
    "healthz": Row(open_to_all=True, post={"*": 405}),
    "readyz": Row(open_to_all=True, post={"*": 405}),
}
TABLE = rows_of_work.ROWS | rows_of_networks.ROWS | rows_of_campaigns.ROWS | OTHERS
