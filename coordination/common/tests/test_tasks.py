"""What the background worker keeps in order."""

import asyncio
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

pytestmark = pytest.mark.django_db(transaction=True)


def test_the_job_of_a_killed_worker_is_taken_up_again():
    job = app.configure_task("notifications.deliver").defer(mail_id=1)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - interval '5 minutes') RETURNING id"
        )
        (worker,) = cursor.fetchone()
        cursor.execute("UPDATE procrastinate_jobs SET status = 'doing', worker_id = %s WHERE id = %s", [worker, job])

    async def work():
        with app.replace_connector(app.connector.get_worker_connector()) as running:
            async with running.open_async():
                await running.tasks["common.retry_stalled"].defer_async(timestamp=0)
                await running.run_worker_async(
                    wait=False, install_signal_handlers=False, listen_notify=False, queues=["default"], concurrency=1
                )

    # In a thread of its own, since tests of the browser leave a running loop in this one.
    with ThreadPoolExecutor() as pool:
        pool.submit(asyncio.run, work()).result()
    states = dict(ProcrastinateJob.objects.values_list("task_name", "status"))
    assert states["common.retry_stalled"] == "succeeded"
    assert states["notifications.deliver"] != "doing"
