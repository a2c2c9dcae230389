"""Background work on schedules: thin entrances to the rules."""

from coordination.batches.working import add_tasks
from coordination.campaigns.importing import SCHEDULES

add_tasks(SCHEDULES)
