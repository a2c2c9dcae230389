"""Inviting people into an office: a link for one use within 72 hours."""

import base64
import hashlib

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app

from coordination.common.errors import DomainError, NotPermitted
from coordination.common.idempotency import create_once
from coordination.history.recording import record
from coordination.offices.models import INVITATION_LIFETIME, Invitation, Official
from coordination.people.powers import may_manage


def invite(office, values, *, actor, client_id, body_sha256):
    """Invite a person. Returns (invitation, token); the token is None when the invitation holds no longer.

    The token opens the invitation and is not stored, so it can be shown only to who sends this form, and again when
    the same form is sent twice; where an address is given it is mailed as well. Raises NotPermitted.
    """
    token = _token(client_id)

    def make():
        if not may_manage(actor, office):
            raise NotPermitted(_("Only the lead of this office or an admin invites people into it."))
        invitation = Invitation.objects.create(
            office=office,
            **values,
            client_id=client_id,
            body_sha256=body_sha256,
            invited_by=actor,
            token_sha256=hashlib.sha256(token.encode()).hexdigest(),
            expires_at=timezone.now() + INVITATION_LIFETIME,
        )
        record(office, "invite", actor=actor, data={"invitation": invitation.pk, "role": invitation.role})
        if invitation.email:
            app.configure_task("people.mail_invitation").defer(invitation_id=invitation.pk)
        return invitation

    invitation, _new = create_once(Invitation, client_id, body_sha256, owner={"invited_by_id": actor.pk}, make=make)
    return invitation, token if Invitation.objects.open().filter(pk=invitation.pk).exists() else None


def _token(client_id):
    """The token of the invitation with this form id: whoever reads the database alone can neither find nor make it.

    It is derived from the SECRET_KEY, so that the job which mails it need not hold it either.
    """
    digest = salted_hmac("coordination.people.invitation", str(client_id), algorithm="sha256").digest()
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")


def mail(invitation_id):
    """Mail the link of an invitation that still holds. A mail sent twice after a crash keeps its Message-ID."""
    invitation = Invitation.objects.open().select_related("office").filter(pk=invitation_id).first()
    if invitation is None:
        return
    link = settings.PORTAL_URL + reverse("accept_invitation", args=[_token(invitation.client_id)])
    with translation.override(settings.LANGUAGE_CODE):
        subject = _("Invitation to the Coordination Portal")
        body = _(
            "%(office)s invites you to the Coordination Portal.\n\n"
            "Open this link within 72 hours and choose your user name and password. It works once:\n%(link)s\n\n"
            "If you do not know this office, do nothing."
        ) % {"office": invitation.office, "link": link}
    message_id = f"<undangan-{invitation.token_sha256[:32]}@{settings.MAIL_DOMAIN}>"
    EmailMessage(subject, body, to=[invitation.email], headers={"Message-ID": message_id}).send()


def find_open(token, *, lock=False):
    """The invitation of this link. Raises DomainError with what to do if it was used, revoked or is too old."""
    rows = Invitation.objects.by_token(token).select_related("office")
    invitation = (rows.select_for_update(of=("self",), no_key=True) if lock else rows).first()
    if invitation is None:
        raise DomainError(_("This invitation link is not complete. Copy it again as a whole."))
    if invitation.used_at:
        raise DomainError(_("This invitation was used already. Sign in, or ask for a new one."))
    if invitation.revoked_at or invitation.expires_at <= timezone.now():
        raise DomainError(_("This invitation no longer holds. Ask the lead of your office for a new one."))
    return invitation


@transaction.atomic
def accept(token, *, username, password):
    """Make the official whom the invitation names. Returns the official.

    Raises what find_open raises, or DomainError if the user name or the address belongs to somebody else.
    """
    invitation = find_open(token, lock=True)
    if Official.objects.filter(username__iexact=username).exists():
        raise DomainError(_("This user name is taken."))
    if invitation.email and Official.objects.filter(email__iexact=invitation.email).exists():
        raise DomainError(_("Your e-mail address belongs to another account by now. Ask for a new invitation."))
    official = Official(
        username=username, name=invitation.name, office=invitation.office, role=invitation.role,
        position=invitation.position, email=invitation.email,
    )  # fmt: skip
    official.set_password(password)
    try:
        with transaction.atomic():
            official.save()
    except IntegrityError as error:  # somebody took the name between the question above and now
        raise DomainError(_("This user name is taken.")) from error
    invitation.used_at, invitation.official = timezone.now(), official
    invitation.save(update_fields=["used_at", "official", "updated_at"])
    record(invitation.office, "join_office", actor=official, data={"official": official.pk})
    return official


@transaction.atomic
def revoke(invitation, *, actor):
    """Make the link useless. Raises NotPermitted, or DomainError if it was used already."""
    locked = Invitation.objects.select_for_update(of=("self",), no_key=True).get(pk=invitation.pk)
    if not may_manage(actor, locked.office):
        raise NotPermitted(_("Only the lead of this office or an admin revokes its invitations."))
    if locked.used_at:
        raise DomainError(_("This invitation was used already; deactivate the account instead."))
    if locked.revoked_at is None:
        locked.revoked_at = timezone.now()
        locked.save(update_fields=["revoked_at", "updated_at"])
        record(locked.office, "revoke", actor=actor, data={"invitation": locked.pk})
    return locked
