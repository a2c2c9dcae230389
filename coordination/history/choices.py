"""The words in which the history tells what somebody did."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

# "Submit" on a request that had been returned.
AGAIN = _("submitted the request again")
VERBS = {
    "report": _("reported the obstacle"),
    "join": _("joined: the same obstacle hinders them too"),
    "mitigate": _("took an interim measure"),
    "clear": _("cleared the obstacle"),
    "merge": _("merged it into another as a duplicate"),
    "absorb": _("merged a duplicate into this one"),
    "edit": _("changed the text"),
    "measure": _("recorded the measurement"),
    "draft": _("wrote a draft"),
    "submit": _("submitted the request"),
    "accept": _("verified the request"),
    "return": _("returned it for completion"),
    "decline": _("declined the request"),
    "assign": _("assigned the person in charge"),
    "start": _("began the follow-up"),
    "wait": _("is waiting for a third party"),
    "resume": _("resumed the follow-up"),
    "forward": _("forwarded it to the superior office"),
    "resolve": _("marked it as done"),
    "confirm": pgettext_lazy("history", "confirmed it"),
    "close_unconfirmed": _("closed by itself: no answer within 10 working days"),
    "reopen": _("reopened it"),
    "withdraw": _("withdrew it"),
    "comment": _("wrote a comment"),
    "note": _("wrote an internal note"),
    "attach": _("attached files"),
    "incomplete": _("did not get all announced files within 14 days"),
    "create": _("created it"),
    "import": _("imported it from a list"),
    "send_list": _("sent a list of levels"),
    "apply_list": _("applied a list of levels"),
    "undo_list": _("undid a list of levels"),
    "discard_list": _("discarded a list of levels"),
    "change": _("changed it in the admin"),
    "invite": _("invited a person"),
    "join_office": _("accepted the invitation"),
    "deactivate": _("deactivated the account"),
    "reactivate": _("reactivated the account"),
    "password_link": _("made a link for a new password"),
    "revoke": _("revoked the invitation"),
}
