"""Elections as data, and what is planned in them."""

from coordination.campaigns.models.activities import (
    LONGEST,
    CalendarAddress,
    CampaignActivity,
    CandidatePair,
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
    "LONGEST",
    "ScheduleBatch",
    "ScheduleFault",
    "Stage",
    "StagedActivity",
    "sees_pairs",
]
