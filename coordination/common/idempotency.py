"""One form sent several times makes one row: the client_id is unique in the database, not only checked here."""

import hashlib
import json
import uuid
from dataclasses import dataclass, field
from datetime import timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from coordination.common.errors import DomainError, ReusedClientId, TooManyAtOnce

# What may differ between two sendings of one form: the keys, the button, and what the sender's device adds.
NOT_CONTENT = {"csrfmiddlewaretoken", "client_id", "decision", "captured_at", "queued"}
MOST_A_MINUTE = 60


def fingerprint(post, files=None):
    """SHA-256 over the posted fields (a QueryDict), without token, id and the button that was pressed.

    Of `files` (a MultiValueDict) the names and sizes count, so that a file added to a form that was sent before is
    not dropped in silence.
    """
    content = {key: post.getlist(key) for key in sorted(post) if key not in NOT_CONTENT}
    for key, sent in files.lists() if files else ():
        content[f"{key} (files)"] = [[file.name, file.size] for file in sent]
    return hashlib.sha256(json.dumps(content, ensure_ascii=False).encode()).hexdigest()


def sent_id(post):
    """The id that a form was sent with, or None."""
    try:
        return uuid.UUID(post.get("client_id", ""))
    except ValueError:
        return None


def sending(post):
    """What a form that takes a step is known by when it comes again; "" for a form without an id."""
    client_id = sent_id(post)
    return f"{client_id}:{fingerprint(post)}" if client_id else ""


def made_before(model, post, files, *, owner, same=None):
    """The row that this very form made when it came before, or None. `owner` and `same` are those of create_once.

    Asked before the form is checked anew: what it names may have changed since, which undoes nothing.
    """
    body_sha256 = fingerprint(post, files)
    by_id = model.objects.filter(client_id=sent_id(post), **owner).first()
    if by_id:
        return by_id if by_id.body_sha256 == body_sha256 else None
    return same.row(model, body_sha256, owner) if same else None


@dataclass(frozen=True)
class Same:
    """When the same content by the same person is the same sending: about the same thing, within some time.

    A browser that goes back may fetch the form anew, with another id, and put in what was typed before.
    """

    within: timedelta = timedelta(days=1)
    about: dict = field(default_factory=dict)
    unless: dict = field(default_factory=dict)  # what has ended may be sent anew

    def row(self, model, body_sha256, owner):
        """The row that was made of this content before, or None."""
        lately = model.objects.filter(created_at__gt=timezone.now() - self.within, **owner, **self.about)
        if self.unless:
            lately = lately.exclude(**self.unless)
        return lately.filter(body_sha256=body_sha256).order_by("pk").first()


def create_once(model, client_id, body_sha256, *, owner, make, same=None):
    """Run `make()` in a transaction unless this form has made its row already. Returns (row, was_created).

    `owner` is a dictionary of fields that the existing row must match, so that an id is never a capability. With
    `same`, a row of the same content counts too.
    Raises ReusedClientId when the same id comes with other content, DomainError when it is somebody else's,
    TooManyAtOnce when the owner has made MOST_A_MINUTE rows within the last minute.
    """
    existing = model.objects.filter(client_id=client_id).first()
    if existing is None and same:
        existing = same.row(model, body_sha256, owner)
    if existing is None:
        last_minute = timezone.now() - timedelta(minutes=1)
        if model.objects.filter(**owner, created_at__gt=last_minute).count() >= MOST_A_MINUTE:
            raise TooManyAtOnce
        try:
            with transaction.atomic():
                return make(), True
        except IntegrityError:
            existing = model.objects.filter(client_id=client_id).first()
            if existing is None:
                raise
    if any(getattr(existing, name) != value for name, value in owner.items()):
        raise DomainError(_("This form belongs to another account. Nothing was saved; please send it again."))
    if existing.body_sha256 != body_sha256:
        raise ReusedClientId(
            _("This form was already sent with other content, as %(existing)s. The new text was not saved yet.")
            % {"existing": existing},
            existing,
        )
    return existing, False
