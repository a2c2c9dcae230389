"""A worker that is killed after the mail server took a mail and before that is noted loses nothing; and of periodic
work there is one run a minute, however many workers there are."""

import asyncio
import os
import signal
import socket
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from email import message_from_bytes
from urllib.parse import quote

import pytest
from aiosmtpd.controller import Controller
from django.conf import settings
from django.db import connection
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob
from procrastinate.periodic import PeriodicDeferrer

from coordination.notifications.models import Mail, Notification
from coordination.offices.tests.factories import lead
from coordination.requests.choices import State, Urgency
from coordination.requests.tests.factories import coordination_request

pytestmark = pytest.mark.django_db(transaction=True)
DELIVER = """
import sys, django
django.setup()
from coordination.notifications.delivering import deliver
deliver(int(sys.argv[1]))
"""


class Post:
    """A mail server that kills whoever sends, once, when it has taken the mail."""

    def __init__(self):
        self.arrived, self.victim = [], None

    async def handle_DATA(self, server, session, envelope):
        self.arrived.append(message_from_bytes(envelope.content)["Message-ID"])
        if self.victim:
            os.kill(self.victim.pid, signal.SIGKILL)
            self.victim.wait()
            self.victim = None
        return "250 OK"


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture
def post():
    post = Post()
    post.controller = Controller(post, hostname="127.0.0.1", port=free_port())
    post.controller.start()
    yield post
    post.controller.stop()


def worker(post, mail):
    """A process of its own that delivers the mail by the settings of production."""
    database = connection.settings_dict
    address = f"postgresql://{quote(database['USER'])}@/{database['NAME']}?host={quote(database['HOST'])}"
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "portal.settings", "DATABASE_URL": address, "PORTAL_URL": settings.PORTAL_URL,
        "EMAIL_HOST": "127.0.0.1", "EMAIL_PORT": str(post.controller.port),
    }  # fmt: skip
    return subprocess.Popen([sys.executable, "-c", DELIVER, str(mail.pk)], cwd=settings.BASE_DIR, env=environment)


def test_a_mail_whose_worker_was_killed_goes_out_once_more_under_its_id(post):
    handler = lead("kominfo", "32.73", email="siti@example.id")
    coordination_request(State.SUBMITTED, handler=handler, urgency=Urgency.CRITICAL)
    mail = Notification.objects.get(addressee=handler, event__verb="submit").mail
    post.victim = victim = worker(post, mail)
    assert victim.wait(60) == -signal.SIGKILL
    mail.refresh_from_db()
    assert mail.next_try_at and not mail.sent_at
    for _ in range(2):
        assert worker(post, mail).wait(60) == 0
    mail.refresh_from_db()
    assert mail.sent_at
    assert post.arrived == [f"<{mail.message_id}@example.id>"] * 2
    assert Mail.objects.filter(pk=mail.pk, next_try_at=None).exists()


def test_two_workers_begin_periodic_work_once():
    names = {"notifications.collect", "notifications.catch_up", "common.retry_stalled", "requests.escalate"}

    async def tick():
        with app.replace_connector(app.connector.get_worker_connector()) as running:
            async with running.open_async():
                tasks = [
                    (task, 1_800_000_000)
                    for task in running.periodic_registry.periodic_tasks.values()
                    if task.task.name in names
                ]
                workers = [PeriodicDeferrer(registry=running.periodic_registry) for _ in range(2)]
                await asyncio.gather(*[one.defer_jobs(tasks) for one in workers])

    with ThreadPoolExecutor() as pool:
        pool.submit(asyncio.run, tick()).result()
    made = ProcrastinateJob.objects.filter(task_name__in=names).values_list("task_name", flat=True)
    assert sorted(made) == sorted(names)
