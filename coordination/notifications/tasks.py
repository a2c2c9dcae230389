"""Background work on mails: thin entrances to the rules."""

from procrastinate.contrib.django import app

from coordination.notifications import delivering, posting


@app.task(name=posting.DELIVER)
def deliver(mail_id):
    delivering.deliver(mail_id)


# Before the mails that wait: they are in time or are caught up with by this.
@app.periodic(cron="* * * * *")
@app.task(name="notifications.catch_up", queueing_lock="notifications.catch_up", priority=1)
def catch_up(timestamp):
    delivering.catch_up()


@app.periodic(cron="* * * * *")
@app.task(name="notifications.collect", queueing_lock="notifications.collect", priority=1)
def collect(timestamp):
    posting.collect()
