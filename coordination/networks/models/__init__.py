"""What is measured, what is stated, the level that follows, and what is announced to go out."""

from coordination.networks.models.measuring import OLD_AFTER, Assessment, Operator, Screenshot, Threshold
from coordination.networks.models.outages import LONGEST_OUTAGE, OutageBatch, OutageFault, PlannedOutage, StagedOutage
from coordination.networks.models.stating import (
    ImportBatch,
    ImportFault,
    NameMatch,
    RegionLevel,
    StagedLevel,
    StatedLevel,
    Statement,
)

__all__ = [
    "Assessment",
    "ImportBatch",
    "ImportFault",
    "LONGEST_OUTAGE",
    "NameMatch",
    "OLD_AFTER",
    "Operator",
    "OutageBatch",
    "OutageFault",
    "PlannedOutage",
    "RegionLevel",
    "Screenshot",
    "StagedLevel",
    "StagedOutage",
    "StatedLevel",
    "Statement",
    "Threshold",
]
