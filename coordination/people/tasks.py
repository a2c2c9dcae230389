"""Background tasks: thin entrances to the rules."""

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from coordination.people import invitations


@app.task(name="people.mail_invitation", retry=RetryStrategy(max_attempts=10, exponential_wait=4))
def mail_invitation(invitation_id):
    invitations.mail(invitation_id)
