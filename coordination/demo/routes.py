"""The ways that requests take in the demonstration, as steps with the working days between them."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Route:
    """`steps` are (working days since the step before, verb); `idle` says how long ago the last one may be."""

    steps: tuple
    idle: tuple = (0, 2)
    weight: int = 0  # how often an ordinary regency has it
    calm: bool = False  # always of normal urgency, so that it stays within its deadlines
    activity_in: int | None = None  # days from now until the activity it serves

    @property
    def length(self):
        return sum(days for days, _verb in self.steps)

    @property
    def verbs(self):
        return [verb for _days, verb in self.steps]


TO_WORK = ((0, "submit"), (1, "accept"), (0, "assign"), (1, "start"))

ROUTES = {
    "draft": Route((), (0, 4), 3),
    "submitted": Route(((0, "submit"),), (0, 0), 9),
    "submitted, late": Route(((0, "submit"),), (3, 6), 3),
    "returned": Route(((0, "submit"), (1, "return")), (0, 4), 5),
    "submitted again": Route(((0, "submit"), (1, "return"), (2, "submit")), (0, 0), 2),
    "accepted": Route(((0, "submit"), (1, "accept"), (0, "assign")), (0, 3), 8, calm=True),
    "accepted, late": Route(((0, "submit"), (1, "accept")), (7, 10), 2),
    "in progress": Route(TO_WORK, (0, 8), 15, calm=True),
    "in progress, near": Route(TO_WORK, (8, 9), 2, calm=True, activity_in=2),
    "in progress, late": Route(TO_WORK, (15, 18), 3),
    "waiting": Route((*TO_WORK, (2, "wait")), (1, 7), 7),
    "resumed": Route((*TO_WORK, (1, "wait"), (4, "resume")), (0, 3), 4, calm=True),
    "resolved": Route((*TO_WORK, (3, "resolve")), (0, 6), 9),
    "resolved from waiting": Route((*TO_WORK, (1, "wait"), (3, "resolve")), (0, 5), 2),
    "closed": Route((*TO_WORK, (3, "resolve"), (2, "confirm")), (0, 18), 17),
    "closed by itself": Route((*TO_WORK, (2, "resolve")), (13, 20), 3),
    "reopened": Route((*TO_WORK, (2, "resolve"), (1, "confirm"), (3, "reopen")), (0, 3), 3, calm=True),
    "declined": Route(((0, "submit"), (1, "decline")), (0, 15), 4),
    "withdrawn": Route(((0, "submit"), (1, "accept"), (2, "withdraw")), (0, 15), 3),
    "forwarded": Route(((0, "submit"), (1, "accept"), (1, "forward")), (0, 0), 2),
    "taken up above": Route(
        ((0, "submit"), (1, "accept"), (1, "forward"), (1, "accept"), (0, "assign"), (1, "start")), (0, 4), 4, calm=True
    ),
    "forwarded to the nation": Route(((0, "submit"), (1, "forward"), (1, "accept"), (1, "forward")), (0, 0)),
    # With the highest office there is, which nobody above can be told of.
    "with the nation, late": Route(((0, "submit"), (1, "forward"), (1, "accept"), (1, "forward")), (3, 5)),
    "worked on by the nation": Route(
        ((0, "submit"), (1, "forward"), (1, "forward"), (1, "accept"), (0, "assign"), (1, "start")), (1, 4), calm=True
    ),
}  # fmt: skip

# What happens to an obstacle that no request names.
OBSTACLE_ROUTES = {
    "open": Route((), (0, 12), 6),
    "confirmed": Route(((1, "confirm"),), (0, 12), 4),
    "mitigated": Route(((1, "confirm"), (3, "mitigate")), (0, 10), 3),
    "cleared": Route(((1, "confirm"), (2, "mitigate"), (2, "clear")), (0, 15), 3),
    "cleared at once": Route(((1, "clear"),), (2, 15), 2),
    "joined": Route(((1, "confirm"), (1, "join")), (0, 8), 2),
    "merged": Route(((1, "report_again"), (1, "merge")), (0, 8), 1),
}
