"""What a row of the table of rights says, and the roles that many rows name (tests/rights/table.py).

A row gives the answer to GET and to POST for readers inside (own region or one below), for those outside (sister
region, none in common, or the thing lies above them), by role where roles differ ("*" is everybody else). Strangers
are sent to sign in (302) unless the row says that it is open. `args` names the thing, `body` is a valid form, so that
a POST is refused for want of rights and not for want of a field. Where the allowed and the refused are answered alike,
`effect` reads what the POST would change, and `done_by` names the roles for whom it does.
"""

from dataclasses import dataclass, field

ANYONE = {"*": 200}
NOT_ALLOWED = {"*": 405}
HIDDEN = {"*": 404}
KPU = ("kpu", "kpu_lead")
KOMINFO = ("kominfo", "kominfo_lead")


def _nothing(things):
    return []


def _empty(things):
    return {}


@dataclass(frozen=True)
class Row:
    get: dict = field(default_factory=lambda: dict(ANYONE))
    post: dict = field(default_factory=lambda: dict(NOT_ALLOWED))
    outside: dict | None = None  # None: the address names no thing, so everybody is inside
    args: object = _nothing
    body: object = _empty
    open_to_all: bool = False
    shows: bool = False  # the address itself is the right to what it shows
    own_only: tuple = ()  # roles whose entry counts in the own region alone; elsewhere they are "*"
    effect: object = None
    done_by: tuple = ()


def only(roles, answer, other):
    return dict.fromkeys(roles, answer) | {"*": other}
