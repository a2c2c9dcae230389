"""Who gets which answer in the admin. Every address has its row, by what follows the model's own part of it.

Strangers and people who administer nothing are sent to sign in everywhere. An answer is given for superusers, for the
province in which the row lies and for another province: as (GET, POST), or one number for both.
"""

from dataclasses import dataclass

SIGN_IN = 302
SHOWN, REFUSED, NO_SUCH_ROW, NOT_ALLOWED = 200, 403, 302, 405


@dataclass(frozen=True)
class Answers:
    superuser: tuple | int
    province: tuple | int
    elsewhere: tuple | int


EVERYBODY = Answers(SHOWN, SHOWN, SHOWN)
NOBODY = Answers(REFUSED, REFUSED, REFUSED)
SUPERUSERS = Answers(SHOWN, REFUSED, REFUSED)
READ = (SHOWN, REFUSED)
GONE = (NO_SUCH_ROW, REFUSED)
OLD_ADDRESS = Answers(302, 302, 302)

# The kinds of models, by what may be done with their rows.
KEPT = {"offices.Office", "offices.Official"}
KEPT_BY_SUPERUSERS = {
    "campaigns.Election", "campaigns.Contest", "campaigns.Stage", "campaigns.CampaignMethod",
    "campaigns.ElectionMethod",
    "campaigns.CandidatePair",  # of whom staff of the admin, who sit in offices of every kind, must not know
}  # fmt: skip
SET_BY_SUPERUSERS = {
    "forecast.Rule", "forecast.Requirement", "requests.DeadlineRule", "workdays.DayOff", "workdays.CalendarYear",
    "workdays.Ramadan",
}  # fmt: skip
READ_IN_PROVINCE = {
    "offices.Invitation", "obstacles.Obstacle", "requests.CoordinationRequest", "networks.Assessment",
    "networks.PlannedOutage", "campaigns.CampaignActivity", "forecast.Forecast", "forecast.Experience",
    "networks.ImportBatch", "networks.OutageBatch", "campaigns.ScheduleBatch", "requests.MissedDeadline",
    "requests.StageTime", "offices.Absence",
}  # fmt: skip
READ_BY_SENDER = {"uploads.Upload", "requests.AnswerTemplate"}
READ_BY_ALL = {"regions.Region"}

# {what follows the model's part of the address: {kind of model: answers}}; "*" are the models of no kind above.
PAGES = {
    "": {"*": SUPERUSERS} | dict.fromkeys(KEPT | READ_IN_PROVINCE | READ_BY_SENDER | READ_BY_ALL, EVERYBODY),
    "add/": {"*": NOBODY}
    | dict.fromkeys(KEPT, EVERYBODY)
    | dict.fromkeys(KEPT_BY_SUPERUSERS | SET_BY_SUPERUSERS, SUPERUSERS),
    "<path:object_id>/change/": {
        "*": Answers(READ, REFUSED, REFUSED),
        **dict.fromkeys(KEPT_BY_SUPERUSERS | SET_BY_SUPERUSERS, SUPERUSERS),
        **dict.fromkeys(KEPT, Answers(SHOWN, SHOWN, NO_SUCH_ROW)),
        **dict.fromkeys(READ_IN_PROVINCE, Answers(READ, READ, GONE)),
        **dict.fromkeys(READ_BY_SENDER, Answers(READ, GONE, GONE)),
        **dict.fromkeys(READ_BY_ALL, Answers(READ, READ, READ)),
    },
    "<path:object_id>/history/": {
        "*": Answers(SHOWN, NO_SUCH_ROW, NO_SUCH_ROW),
        **dict.fromkeys(KEPT | READ_IN_PROVINCE, Answers(SHOWN, SHOWN, NO_SUCH_ROW)),
        **dict.fromkeys(READ_BY_ALL, EVERYBODY),
    },
    "<path:object_id>/delete/": {"*": NOBODY},
    "<path:object_id>/": {"*": OLD_ADDRESS},
    "import/": dict.fromkeys(KEPT, EVERYBODY) | dict.fromkeys(KEPT_BY_SUPERUSERS, SUPERUSERS),
    "process_import/": {
        **dict.fromkeys(KEPT, Answers((405, 302), (405, 302), (405, 302))),
        **dict.fromkeys(KEPT_BY_SUPERUSERS, Answers((405, 302), (405, 403), (405, 403))),
    },
    "export/": dict.fromkeys(KEPT, EVERYBODY) | dict.fromkeys(KEPT_BY_SUPERUSERS, SUPERUSERS),
}
# The addresses of no model: those of apps by their label, all others by what stands in the URLconf.
SITE = {
    "": EVERYBODY,
    "login/": Answers((302, 200), (302, 200), (302, 200)),
    "logout/": Answers(302, 302, 302),
    "password_change/": Answers(302, 302, 302),
    "password_change/done/": Answers((200, 405), (200, 405), (200, 405)),
    "autocomplete/": Answers((403, 405), (403, 405), (403, 405)),  # asked with a question below
    "jsi18n/": Answers((200, 405), (200, 405), (200, 405)),
    "(?P<url>.*)$": Answers(404, 404, 404),
}
APPS = {"*": Answers(200, 404, 404)} | dict.fromkeys(
    ("regions", "offices", "obstacles", "requests", "uploads", "networks", "campaigns", "forecast"), EVERYBODY
)
