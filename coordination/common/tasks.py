"""Housekeeping of the background worker."""

from django.core.management import call_command
from procrastinate import builtin_tasks
from procrastinate.contrib.django import app

KEEP_JOBS_HOURS = 14 * 24
# A living worker gives a sign every ten seconds.
SILENT_SECONDS = 60


@app.periodic(cron="* * * * *")
@app.task(name="common.retry_stalled", queueing_lock="common.retry_stalled", pass_context=True)
async def retry_stalled(context, timestamp):
    """Take up the jobs of workers that were killed."""
    jobs = context.app.job_manager
    for job in await jobs.get_stalled_jobs(seconds_since_heartbeat=SILENT_SECONDS):
        await jobs.retry_job(job)


@app.periodic(cron="17 19 * * *")
@app.task(name="common.remove_old_jobs", queueing_lock="common.remove_old_jobs", pass_context=True)
async def remove_old_jobs(context, timestamp):
    await builtin_tasks.remove_old_jobs(context, max_hours=KEEP_JOBS_HOURS)


@app.periodic(cron="27 19 * * *")
@app.task(name="common.clear_sessions", queueing_lock="common.clear_sessions")
def clear_sessions(timestamp):
    call_command("clearsessions")
