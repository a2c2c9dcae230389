"""The files of a request: each kept once, and no more than ten in all."""

from django.utils.translation import gettext as _

from coordination.common.errors import TransitionNotAllowed
from coordination.requests.models import Attachment
from coordination.uploads import resuming

MAX_ATTACHMENTS = 10


def unknown(request, files, announced=()):
    """The files that the request does not have: sending the same one twice, as a double click does, adds nothing.

    Raises TransitionNotAllowed when there are more than ten with them and those `announced`.
    """
    known = set(request.attachments.values_list("sha256", flat=True))
    found = list({file.sha256: file for file in files if file.sha256 not in known}.values())
    if len(known) + len(found) + len(announced) > MAX_ATTACHMENTS:
        raise TransitionNotAllowed(_("A request can have at most %(most)s files.") % {"most": MAX_ATTACHMENTS})
    return found


def keep(request, files, announced, *, actor):
    """Store the files that the request does not have and note those that follow in pieces. Returns how many it stored.

    Call inside the transaction of the change, with the request locked. Raises what `unknown` raises.
    """
    if not files and not announced:
        return 0
    added = unknown(request, files, announced)
    for file in added:
        Attachment.of(file, request=request, added_by=actor, office=actor.office).save()
    resuming.expect(request, announced, owner=actor)
    return len(added)
