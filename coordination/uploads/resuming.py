"""Announced files: taken piece by piece, checked when whole, handed to the app that they belong to."""

import contextlib
import hashlib
from datetime import timedelta
from functools import cache
from pathlib import Path

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files import File
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from coordination.common.errors import AlreadyDone, DomainError
from coordination.history.recording import record
from coordination.uploads.models import Upload

KEEP = timedelta(days=14)
# What a device sends at once; the outbox sends 256 KB.
MOST_A_PIECE = 512 * 1024


class WrongOffset(DomainError):
    """The piece does not begin where the file ends; `received` says where it does."""

    def __init__(self, received):
        super().__init__(_("The piece does not fit what has arrived before."))
        self.received = received


class NotAwaited(DomainError):
    """The file was refused, given up, or is larger than announced."""


def expect(target, announced, *, owner):
    """Note the files that will follow `target`, in the transaction that makes it. `announced` is a list of
    (key, name, size, sha256); a file that is known already stays as it is.
    """
    Upload.objects.bulk_create(
        [Upload(key=key, name=name, size=size, sha256=sha256, owner=owner, target=target)
         for key, name, size, sha256 in announced],
        ignore_conflicts=True,
    )  # fmt: skip


def not_yet_expected(announced, *, owner):
    """Those of `announced` that this owner has not announced before: a form that comes again brings nothing new."""
    known = Upload.objects.filter(owner=owner, key__in=[key for key, *_more in announced])
    keys = set(known.values_list("key", flat=True))
    return [file for file in announced if file[0] not in keys]


@transaction.atomic
def append(upload, offset, piece):
    """Add the bytes `piece` at `offset`. Returns the upload as it is now; whole, it was checked and handed on.

    Raises WrongOffset, or NotAwaited when nothing more is taken.
    """
    locked = Upload.objects.select_for_update(of=("self",), no_key=True).get(pk=upload.pk)
    if locked.ended_at:
        raise NotAwaited(locked.refusal)
    if offset != locked.received:
        raise WrongOffset(locked.received)
    if offset + len(piece) > locked.size:
        raise NotAwaited(_("More arrived than was announced."))
    _write(locked, piece)
    locked.received += len(piece)
    if locked.received == locked.size and not locked.finished_at:
        _finish(locked)
    locked.save()
    return locked


def _write(upload, piece):
    """Only what the database has noted counts: a piece whose transaction failed is written over."""
    path = Path(default_storage.path(upload.part))
    path.parent.mkdir(parents=True, exist_ok=True)
    with open(path, "r+b" if upload.received else "wb") as file:
        file.seek(upload.received)
        file.truncate()
        file.write(piece)


def _finish(upload):
    """Check the whole file and hand it on; what is refused is noted with its reason."""
    with open(default_storage.path(upload.part), "rb") as file:
        whole = File(file, name=upload.name)
        try:
            _refuse_damaged(upload, file)
            with transaction.atomic():
                _receiver(upload.target)(upload.target, whole, actor=upload.owner)
        except AlreadyDone:
            pass  # the same file lies there: what was wanted
        except (DomainError, ValidationError) as refusal:
            _give_up(upload, " ".join(getattr(refusal, "messages", [str(refusal)])))
    if not upload.ended_at:
        upload.finished_at = timezone.now()
    transaction.on_commit(lambda: _forget(upload))


def _refuse_damaged(upload, file):
    if upload.sha256 and hashlib.file_digest(file, "sha256").hexdigest() != upload.sha256:
        raise DomainError(_("“%(name)s” was damaged on its way. Attach it again.") % {"name": upload.name})
    file.seek(0)


def _give_up(upload, reason):
    upload.ended_at, upload.refusal = timezone.now(), reason[:300]


def _forget(upload):
    with contextlib.suppress(FileNotFoundError):
        Path(default_storage.path(upload.part)).unlink()


@cache
def _receivers():
    return {label: import_string(path) for label, path in settings.UPLOAD_RECEIVERS.items()}


def _receiver(target):
    return _receivers()[target._meta.label_lower]


def give_up_unfinished(now=None):
    """Give up the files of which nothing whole arrived within 14 days, with a line in the history. Returns how many."""
    late = Upload.objects.unfinished().filter(created_at__lt=(now or timezone.now()) - KEEP)
    return sum(_give_up_late(pk) for pk in late.values_list("pk", flat=True))


@transaction.atomic
def _give_up_late(pk):
    upload = Upload.objects.unfinished().filter(pk=pk).select_for_update(of=("self",), skip_locked=True).first()
    if upload is None:
        return False
    _give_up(upload, _("It did not arrive within 14 days."))
    upload.save()
    target, state = upload.target, getattr(upload.target, "state", "")
    record(target, "incomplete", actor=None, office=upload.owner.office, from_state=state, to_state=state,
           data={"incomplete": 1})  # fmt: skip
    transaction.on_commit(lambda: _forget(upload))
    return True
