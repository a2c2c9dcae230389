"""Elections as data, and what is planned in them."""

from coordination.campaigns.models.activities import (
    FACE_TO_FACE,
    LONGEST,
    ONLINE,
    CalendarAddress,
    CampaignActivity,
    CandidatePair,
    campaigns,
    sees_pairs,
)
from coordination.campaigns.models.elections import CampaignMethod, Contest, Election, ElectionMethod, Stage
from coordination.campaigns.models.schedules import ScheduleBatch, ScheduleFault, StagedActivity

__all__ = [
    "CalendarAddress",
    "CampaignActivity",
    "CampaignMethod",
    "CandidatePair",
    "Contest",
    "Election",
    "ElectionMethod",
    "FACE_TO_FACE",
    "LONGEST",
    "ONLINE",
    "ScheduleBatch",
    "ScheduleFault",
    "Stage",
    "StagedActivity",
    "campaigns",
    "sees_pairs",
]
