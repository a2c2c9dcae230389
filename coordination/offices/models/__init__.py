"""Offices with their periods, the officials who sit in them, invitations, and absences."""

from coordination.offices.models.absences import Absence
from coordination.offices.models.officials import (
    INVITATION_LIFETIME,
    DateRange,
    Int8Range,
    Invitation,
    Office,
    Official,
    OfficialManager,
)

__all__ = [
    "INVITATION_LIFETIME",
    "Absence",
    "DateRange",
    "Int8Range",
    "Invitation",
    "Office",
    "Official",
    "OfficialManager",
]
