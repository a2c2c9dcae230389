"""A notice fills the form as its sender meant it, whichever way it was written."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from coordination.networks.maintnote import UnreadableNotice, read

ICS = """BEGIN:VCALENDAR
VERSION:2.0
BEGIN:VTIMEZONE
TZID:Asia/Jakarta
BEGIN:STANDARD
DTSTART:19700101T000000
END:STANDARD
END:VTIMEZONE
BEGIN:VEVENT
SUMMARY:Penggantian kartu\\, lintasan Bandung–Ci
 rebon
DTSTART;TZID="Asia/Jakarta":20261201T010000
DTEND;TZID=Asia/Jakarta:20261201T050000
X-MAINTNOTE-PROVIDER:telkom.example
X-MAINTNOTE-ACCOUNT:137.035999173
X-MAINTNOTE-MAINTENANCE-ID:CRQ-2026-118
X-MAINTNOTE-OBJECT-ID;X-MAINTNOTE-OBJECT-IMPACT=OUTAGE:acme-widgets-as-a-service
X-MAINTNOTE-OBJECT-ID:lintasan: 2
X-MAINTNOTE-IMPACT:OUTAGE
X-MAINTNOTE-STATUS:TENTATIVE
END:VEVENT
BEGIN:VEVENT
DTSTART:20270101T010000Z
END:VEVENT
END:VCALENDAR
"""
WIB = timezone(timedelta(hours=7))


@pytest.mark.parametrize("ends", ["\n", "\r\n"])
def test_a_calendar_is_read_by_its_first_event(ends):
    found = read(ICS.replace("\n", ends))
    assert found.summary == "Penggantian kartu, lintasan Bandung–Cirebon"
    assert (found.provider, found.reference) == ("telkom.example", "CRQ-2026-118")
    assert found.objects == ("acme-widgets-as-a-service", "lintasan: 2")
    assert [found.starts_at, found.ends_at] == [datetime(2026, 12, 1, hour, tzinfo=WIB) for hour in (1, 5)]
    assert (found.impact, found.state, found.more) == ("outage", "tentative", 1)
    assert "137.035999173" in found.details


def test_lines_of_a_mail_are_read_like_a_calendar():
    found = read(
        "> x-maintnote-provider: Biznet\n> X-MAINTNOTE-MAINTENANCE-ID : B-7\n> X-MAINTNOTE-IMPACT: no impact\n"
        "> X-MAINTNOTE-STATUS: IN-PROCESS\n> DTSTART: 2026-12-01 01:00 WIT\n> DURATION: PT90M\nSalam hangat"
    )
    assert (found.provider, found.reference, found.impact, found.state) == ("Biznet", "B-7", "none", "confirmed")
    assert found.starts_at == datetime(2026, 11, 30, 16, tzinfo=UTC)
    assert found.ends_at - found.starts_at == timedelta(minutes=90)


@pytest.mark.parametrize(
    "value, moment",
    [("20261201T180000Z", datetime(2026, 12, 1, 18, tzinfo=UTC)), ("20261201T1800", "2026-12-01T18:00:00"),
     ("2026-12-01T18:00:00+09:00", datetime(2026, 12, 1, 9, tzinfo=UTC)), ("20261201", "2026-12-01T00:00:00"),
     ("2026-12-01 18:00 UTC", datetime(2026, 12, 1, 18, tzinfo=UTC)), ("20261341T990000", None), ("besok", None),
     ("99991231T235959Z", None), ("0001-01-01T00:00:00+09:00", None)],
)  # fmt: skip
def test_moments_keep_their_zone_and_nonsense_is_none(value, moment):
    found = read(f"X-MAINTNOTE-PROVIDER: A\nDTSTART: {value}").starts_at
    assert (found.isoformat() if isinstance(moment, str) else found) == moment


@pytest.mark.parametrize("lasts", ["P3660000D", "PT99999999H", "P99999999999D", "lama"])
def test_an_end_that_no_calendar_reaches_is_left_open(lasts):
    found = read(f"X-MAINTNOTE-PROVIDER: A\nDTSTART:20261205T000000\nDURATION:{lasts}")
    assert (found.starts_at is not None, found.ends_at, found.has_unread_times) == (True, None, True)


@pytest.mark.parametrize("zone", ["Bukan/Zona", "../../etc/passwd", "x" * 300, "WIB"])
def test_a_zone_that_nobody_knows_breaks_nothing(zone):
    found = read(f"X-MAINTNOTE-PROVIDER: A\nDTSTART;TZID={zone}:20261201T010000")
    assert found.starts_at == (datetime(2026, 12, 1, 1, tzinfo=WIB) if zone == "WIB" else None)
    assert found.has_unread_times is (zone != "WIB")


@pytest.mark.parametrize("text", ["", "Yth. pelanggan,", "BEGIN:VEVENT", ":" * 5000, "X-MAINTNOTE-PROVIDER:"])
def test_what_is_no_notice_is_said_to_be_none(text):
    with pytest.raises(UnreadableNotice):
        read(text)
