"""Background tasks: thin entrances to the rules."""

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from coordination.people import accounts, invitations


@app.task(name="people.mail_invitation", retry=RetryStrategy(max_attempts=10, exponential_wait=4))
def mail_invitation(invitation_id):
    invitations.mail(invitation_id)


@app.task(name="people.mail_password_link", retry=RetryStrategy(max_attempts=10, exponential_wait=4))
def mail_password_link(official_id):
    accounts.mail_password_link(official_id)
