"""What is measured, what is stated, and the level that follows."""

from coordination.networks.models.measuring import OLD_AFTER, Assessment, Operator, Screenshot, Threshold
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
    "NameMatch",
    "OLD_AFTER",
    "Operator",
    "RegionLevel",
    "Screenshot",
    "StagedLevel",
    "StatedLevel",
    "Statement",
    "Threshold",
]
