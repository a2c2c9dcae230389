"""Mails under fire: workers killed hard, the database crashed, the mail server away; none may be lost.

    python -m bench.bench_mail              all of it, about ten minutes
    python -m bench.bench_mail --kills 5    a short one

A real mail server (aiosmtpd) counts what arrives by Message-ID, real workers send, and a control worker that notes a
mail as sent before it sends it (the order of Healthchecks) must lose some, or the test would prove nothing.
"""

import argparse
import logging
import os
import random
import signal
import sys
import threading
import time
from collections import Counter, defaultdict

from bench import stand
from portal.serving import demo

MAILS, PEOPLE = 600, 6
KILLS, CRASHES, AWAY_SECONDS = 25, 2, 60
SEND_SECONDS = 0.1
LATEST_SECONDS = 120
DRAIN_SECONDS = 420
# What would be lost at a crash by the throwaway server's own settings.
DURABLE = {"fsync": "on", "synchronous_commit": "on", "full_page_writes": "on"}


class Post:
    """A mail server on a port of its own, which takes a moment for each mail and can go away and come back."""

    def __init__(self):
        self.port, self.seconds = stand.free_port(), SEND_SECONDS
        self.arrived, self.in_hand = defaultdict(list), threading.Event()
        self.come()

    def come(self):
        from aiosmtpd.controller import Controller  # noqa: PLC0415 - for this benchmark only

        self.controller = Controller(self, hostname="127.0.0.1", port=self.port)
        self.controller.start()

    def leave(self):
        self.controller.stop()

    async def handle_DATA(self, server, session, envelope):
        import asyncio  # noqa: PLC0415
        from email import message_from_bytes  # noqa: PLC0415

        self.in_hand.set()
        await asyncio.sleep(self.seconds)
        self.arrived[message_from_bytes(envelope.content)["Message-ID"]].append(time.time())
        return "250 OK"


class Producer(threading.Thread):
    """Comments on a very urgent request, a few people told of each; a try that fails is made again."""

    def __init__(self, item, number, pause):
        super().__init__(daemon=True)
        self.item, self.number, self.pause = item, number, pause

    def run(self):
        from django.db import DatabaseError, connection, transaction  # noqa: PLC0415 - after django.setup()

        from coordination.history.recording import record  # noqa: PLC0415

        made = 0
        while made < self.number:
            try:
                with transaction.atomic():
                    record(self.item, "comment", actor=self.item.filed_by)
                made += 1
            except DatabaseError:
                connection.close()
            time.sleep(self.pause)
        connection.close()


class Worker:
    """A worker as a supervisor keeps it: started anew whenever it ended."""

    def __init__(self, bench, command, environment):
        self.bench, self.command, self.environment, self.process = bench, command, environment, None
        self.keep()

    def keep(self):
        if self.process is None or self.process.poll() is not None:
            self.process = self.bench.processes.start(self.command, self.environment)

    def kill(self):
        self.process.kill()
        self.process.wait()


def real_worker():
    return _logged("manage.py", "procrastinate", "worker")


def control_worker():
    return _logged("-m", "bench.bench_mail", "--control-worker")


def _logged(*arguments):
    return ["sh", "-c", 'exec "$@" >>"$0" 2>&1', stand.VAR / "worker.log", sys.executable, *arguments]


def crash(cluster):
    """What a crash of the database leaves; then it starts again."""
    from django.db import connection  # noqa: PLC0415 - after django.setup()

    cluster.process.send_signal(signal.SIGQUIT)
    cluster.process.wait()
    start(cluster)
    connection.close()
    connection.close_pool()


def start(cluster):
    (cluster.data / "postmaster.pid").unlink(missing_ok=True)
    with open(stand.VAR / "postgresql.log", "ab") as log:
        cluster.start(log)


def make_durable(cluster):
    cluster.process.send_signal(signal.SIGINT)
    cluster.process.wait()
    cluster.options |= DURABLE
    start(cluster)


def request_to_comment_on():
    from coordination.offices.tests.factories import lead, official  # noqa: PLC0415 - after django.setup()
    from coordination.requests.tests.factories import coordination_request  # noqa: PLC0415

    filer, handler = lead("kpu", "32.73"), lead("kominfo", "32.73", email="petugas0@example.id")
    item = coordination_request("submitted", filer=filer, handler=handler, urgency="critical")
    for number in range(1, PEOPLE):
        official("kominfo", "32.73", email=f"petugas{number}@example.id")
    return item


def under_fire(worker, item, kills, faults):
    """Kill the worker at random moments while mails are made; `faults` are {number of a kill: what else happens}."""
    dice = random.Random(2026)
    producer = Producer(item, MAILS // PEOPLE, pause=kills * 5 / (MAILS // PEOPLE))
    producer.start()
    for number in range(kills):
        worker.keep()
        time.sleep(3 + dice.uniform(0, 3))
        worker.kill()
        if number in faults:
            faults[number]()
    producer.join()
    worker.keep()


def drain(worker):
    """Wait until nothing is owed; the worker goes on."""
    from coordination.notifications.models import Mail  # noqa: PLC0415 - after django.setup()

    deadline = time.monotonic() + DRAIN_SECONDS
    while Mail.objects.owed().exists() and time.monotonic() < deadline:
        worker.keep()
        time.sleep(1)


def count(post, kinds):
    """One line: owed, lost, repeated. Returns the number lost."""
    from coordination.notifications.models import Mail  # noqa: PLC0415 - after django.setup()

    ids = {f"<{key}@example.id>" for key in Mail.objects.values_list("message_id", flat=True)}
    times = Counter({key: len(found) for key, found in post.arrived.items() if key in ids})
    lost, repeats = len(ids - times.keys()), sum(times.values()) - len(times)
    strangers = len(post.arrived.keys() - ids)
    print(
        f"{kinds:<52} owed {len(ids):>4}  never sent {lost:>3}  repeated {repeats:>3}  of nobody {strangers}",
        flush=True,
    )
    return lost, repeats


def clear(post):
    """Begin anew, with the same people."""
    from procrastinate.contrib.django.models import ProcrastinateJob  # noqa: PLC0415 - after django.setup()

    from coordination.notifications.models import Mail, Notification  # noqa: PLC0415

    Notification.objects.all().delete()
    Mail.objects.all().delete()
    ProcrastinateJob.objects.filter(status="todo")._raw_delete("default")
    post.arrived.clear()


def delays(bench, post, item, environment, tries):
    """Seconds from the death of a worker that has a mail in hand until it arrives through another worker."""
    found = []
    for _ in range(tries):
        clear(post)
        post.seconds = 20
        victim = Worker(bench, real_worker(), environment)
        time.sleep(8)
        post.in_hand.clear()
        Producer(item, 1, pause=0).run()
        post.in_hand.wait(60)
        died = time.time()
        victim.kill()
        post.seconds = SEND_SECONDS
        other = Worker(bench, real_worker(), environment)
        drain(other)
        other.kill()
        found.append(max(moment for moments in post.arrived.values() for moment in moments) - died)
    return found


def run(bench, kills, tries):
    post = Post()
    environment = demo._environment(stand.VAR, "8000", bench.database("mail")) | {
        "PORTAL_DEMO": "False", "PORTAL_URL": "https://portal.example.id", "ALLOWED_HOSTS": "portal.example.id",
        "EMAIL_HOST": "127.0.0.1", "EMAIL_PORT": str(post.port), "DEFAULT_FROM_EMAIL": "portal@example.id",
    }  # fmt: skip
    bench.run([sys.executable, "manage.py", "migrate", "--verbosity", "0"], environment)
    make_durable(bench.cluster)
    stand.use(environment)
    for chatty in ("mail.log", "psycopg.pool"):  # the first is that of aiosmtpd, which tells every line it hears
        logging.getLogger(chatty).setLevel(logging.ERROR)
    item = request_to_comment_on()

    def go_away():
        post.leave()
        time.sleep(AWAY_SECONDS)
        post.come()

    clear(post)
    faults = {
        kills // 4: lambda: crash(bench.cluster),
        kills // 2: go_away,
        kills * 3 // 4: lambda: crash(bench.cluster),
    }
    worker = Worker(bench, real_worker(), environment)
    under_fire(worker, item, kills, faults)
    drain(worker)
    worker.kill()
    lost, repeats = count(post, f"{kills} kills, {CRASHES} crashes, server away {AWAY_SECONDS} s")
    clear(post)
    control = Worker(bench, control_worker(), environment)
    under_fire(control, item, kills, {})
    drain(control)
    control.kill()
    control_lost, _repeats = count(post, f"control, notes before it sends: {kills} kills")
    late = delays(bench, post, item, environment, tries)
    print(f"arrived after the death of the worker that had it in hand: {', '.join(f'{s:.0f} s' for s in late)}")
    post.leave()
    is_good = not lost and repeats <= kills + CRASHES and control_lost and max(late) <= LATEST_SECONDS
    print("reached" if is_good else "MISSED")
    return not is_good


def work_as_control():
    """A worker that notes each mail as sent and then sends it."""
    stand.use({})
    from django.core.management import call_command  # noqa: PLC0415 - after django.setup()
    from django.db import transaction  # noqa: PLC0415
    from django.utils import timezone  # noqa: PLC0415

    from coordination.notifications import delivering, wording  # noqa: PLC0415

    def note_then_send(mail_id):
        with transaction.atomic():
            mail = delivering._locked(mail_id)
            if mail is None:
                return
            news, _because = delivering._fit(mail)
            mail.sent_at, mail.next_try_at = timezone.now(), None
            mail.save()
        wording.message(mail, news).send()

    delivering._deliver = note_then_send
    call_command("procrastinate", "worker")


def main():
    parser = argparse.ArgumentParser(description="Mails under fire.")
    parser.add_argument("--kills", type=int, default=KILLS)
    parser.add_argument("--tries", type=int, default=3, help="deaths of a worker with a mail in hand")
    parser.add_argument("--control-worker", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.control_worker:
        return work_as_control()
    os.environ.setdefault("DATABASE_STATEMENT_TIMEOUT", "0")
    with stand.stand() as bench:
        return run(bench, options.kills, options.tries)


if __name__ == "__main__":
    sys.exit(main())
