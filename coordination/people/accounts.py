"""Changing, deactivating and reactivating the accounts of officials."""

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.core.mail import EmailMessage
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app

from coordination.common.errors import AlreadyDone, DomainError, NotPermitted
from coordination.history.recording import record
from coordination.history.stepping import lock, refuse_stale
from coordination.offices.models import Invitation, Official
from coordination.people.powers import may_manage_person

EDITABLE = ("name", "role", "position", "email", "phone")


@transaction.atomic
def edit(official, values, *, actor, version):
    """Save the changed fields on the version that was seen.

    Raises NotPermitted, StaleVersion, or AlreadyDone when everything stands as typed (as it does when the form was
    sent twice); nothing is saved then.
    """
    locked = _locked_for(official, actor)
    changed = changes(locked, values)
    if not changed:
        raise AlreadyDone(_("Everything stands as you wrote it; there was nothing to change."))
    refuse_stale(locked, version)
    if locked.pk == actor.pk and "role" in changed:
        raise NotPermitted(_("Nobody changes the own role."))
    for name in changed:
        setattr(locked, name, values[name])
    locked.version += 1
    try:
        with transaction.atomic():
            locked.save()
    except IntegrityError as error:  # somebody took the address between the form's question and now
        raise DomainError(_("This e-mail address belongs to another account.")) from error
    record(locked, "edit", actor=actor, office=locked.office, data={"moves": True, "changed": changed})
    return locked


def changes(official, values):
    """The names of the fields in which the values differ from the account."""
    return [name for name in EDITABLE if name in values and getattr(official, name) != values[name]]


def deactivate(official, *, actor, version):
    """Close the account and end all its sessions at once; what the person did stays in the history."""
    return _switch(official, actor, version, active=False)


def reactivate(official, *, actor, version):
    """Open the account again."""
    return _switch(official, actor, version, active=True)


@transaction.atomic
def _switch(official, actor, version, *, active):
    locked = _locked_for(official, actor)
    if locked.pk == actor.pk:
        raise DomainError(_("Nobody deactivates the own account; ask another lead or an admin."))
    if locked.is_active == active:
        raise AlreadyDone(_("This has been done already."))
    refuse_stale(locked, version)
    locked.is_active = active
    locked.version += 1
    locked.save(update_fields=["is_active", "version"])
    if not active:
        _end_sessions(locked)
        # Whoever is sent away does not come back by a link of their own.
        Invitation.objects.open().filter(invited_by=locked).update(revoked_at=timezone.now())
    record(locked, "reactivate" if active else "deactivate", actor=actor, office=locked.office, data={"moves": True})
    return locked


@transaction.atomic
def password_link(official, *, actor):
    """The address at which this person, and whoever else holds it, sets a password: once, within 72 hours.

    For people without an e-mail address, who cannot ask for it themselves. Raises NotPermitted or DomainError.
    """
    locked = _locked_for(official, actor)
    if not actor.is_staff:
        raise NotPermitted(_("Only an admin makes links for a new password."))
    if locked.pk == actor.pk:
        raise DomainError(_("Change your own password on its page."))
    if not locked.is_active:
        raise DomainError(_("The account is closed; reactivate it first."))
    record(locked, "password_link", actor=actor, office=locked.office)
    return _password_address(locked)


def order_password_mail(official):
    """Have the worker mail the link for a new password."""
    app.configure_task("people.mail_password_link").defer(official_id=official.pk)


def mail_password_link(official_id):
    """Mail the link for a new password to a person who asked for it and whose account is still open."""
    person = Official.objects.active().exclude(email="").filter(pk=official_id).first()
    if person is None:
        return
    with translation.override(settings.LANGUAGE_CODE):
        subject = _("A new password for the Coordination Portal")
        body = _(
            "Somebody asked for a new password for your account %(username)s.\n\n"
            "Open this link within 72 hours and choose it. It works once:\n%(link)s\n\n"
            "If it was not you, do nothing: your password stays as it is."
        ) % {"username": person.username, "link": settings.PORTAL_URL + _password_address(person)}
    EmailMessage(subject, body, to=[person.email]).send()


def _password_address(official):
    key = default_token_generator.make_token(official)
    return reverse("account_reset_password_from_key", args=[user_pk_to_url_str(official), key])


def _end_sessions(official):
    for session in UserSession.objects.filter(user=official):
        session.end()


def _locked_for(official, actor):
    locked = lock(official)
    if not may_manage_person(actor, locked):
        raise NotPermitted(_("Only the lead of this office or an admin manages its people."))
    return locked
