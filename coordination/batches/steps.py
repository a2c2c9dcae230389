"""An import from its sending to its undoing, whatever its rows are: read first, shown, then all good rows at once or
none.

A kind of import is a subclass of Import that names its models and says what a row is; networks/importing.py is one.
"""

import hashlib

from django.db import connection, transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app

from coordination.batches.choices import ImportState
from coordination.batches.reading import PIECE
from coordination.common.errors import NotPermitted, TransitionNotAllowed
from coordination.common.idempotency import create_once
from coordination.common.tables import UnreadableTable
from coordination.history.recording import record
from coordination.history.stepping import lock
from coordination.offices.models import Official


class Import:
    """How the lists of one kind move. Its tasks are called networks.read_list, and its verbs send_list, by `app` and
    `noun`."""

    app = noun = ""
    model = staged = fault = None
    # What is typed beside the file, and the columns of the rows that wait, in the order of `as_row`.
    typed, columns = (), ()
    who_sends = who_decides = ""

    def may_send(self, actor):
        raise NotImplementedError

    def rows(self, batch, file, findings):
        """The good rows of the file; the others are told to `findings`. May raise UnreadableTable."""
        raise NotImplementedError

    def as_row(self, batch, row):
        """A good row as the values of `columns`."""
        raise NotImplementedError

    def findings(self, batch):
        """An empty Findings of this kind."""
        raise NotImplementedError

    def settle(self, batch, findings):
        """What can be told only when all rows wait, written into `batch`: at least new, changed and same."""
        raise NotImplementedError

    def bring(self, batch, actor):
        """Write what waits, and return how many rows that were. Runs in the transaction of the step."""
        raise NotImplementedError

    def take_away(self, batch, actor):
        """The reverse of `bring`."""
        raise NotImplementedError

    def refuse_undo(self, batch):
        """Raise TransitionNotAllowed where something stands on what the batch brought."""

    def told(self, batch):
        """Facts about a list that was sent, for the history."""
        return {}

    def may_decide(self, batch, actor):
        """Whether this person may approve, discard or undo it: who may send, of the office that sent it."""
        return actor.is_superuser or (self.may_send(actor) and actor.acts_for(batch.office))

    def send(self, values, *, actor, client_id, body_sha256):
        """Keep a list ("file" and what is `typed`) and let the worker read it. Returns (batch, is_new).

        Raises NotPermitted, and what create_once raises.
        """
        if not self.may_send(actor):
            raise NotPermitted(str(self.who_sends))

        def make():
            file = values["file"]
            batch = self.model(
                **{name: values[name] for name in self.typed}, official=actor, office=actor.office,
                client_id=client_id, body_sha256=body_sha256, name=_label(file), size=file.size,
                content_type=(file.content_type or "")[:40], sha256=_digest(file),
            )  # fmt: skip
            batch.file.save("list.bin", file, save=False)
            batch.save(force_insert=True)
            self._defer("read", batch, actor)
            record(batch, f"send_{self.noun}", actor=actor, to_state=batch.state, data=self.told(batch))
            return batch

        return create_once(self.model, client_id, body_sha256, owner={"official_id": actor.pk}, make=make)

    def approve(self, batch, *, actor):
        """Let the worker apply what was shown. Raises NotPermitted, TransitionNotAllowed."""
        self.move(batch, ImportState.WAITING, ImportState.APPLYING, actor, task="apply")

    def discard(self, batch, *, actor):
        """Drop a list that was not applied."""
        with transaction.atomic():
            row = self.move(batch, ImportState.WAITING, ImportState.DISCARDED, actor)
            self._empty(row)
            record(row, f"discard_{self.noun}", actor=actor, from_state=ImportState.WAITING, to_state=row.state)

    def undo(self, batch, *, actor):
        """Let the worker take back what this list brought. Raises also where refuse_undo does."""
        self.refuse_undo(batch)
        self.move(batch, ImportState.DONE, ImportState.UNDOING, actor, task="undo")

    @transaction.atomic
    def move(self, batch, source, target, actor, task=None):
        """The batch, locked and in its new state, with the `task` that follows for the worker."""
        row = lock(batch)
        if not self.may_decide(row, actor):
            raise NotPermitted(str(self.who_decides))
        if row.state != source:
            raise TransitionNotAllowed(
                _("This list is in the state “%(state)s” by now.") % {"state": row.get_state_display()}
            )
        row.state, row.failure = target, ""
        row.save(update_fields=["state", "failure"])
        if task:
            self._defer(task, row, actor)
        return row

    def _defer(self, step, batch, actor):
        # One after the other: the same list is never read and applied by two workers at once.
        app.configure_task(f"{self.app}.{step}_{self.noun}", lock=f"{self.noun}-{batch.pk}").defer(
            batch_id=batch.pk, language=translation.get_language(), actor_id=actor.pk
        )

    def read(self, batch_id):
        """Read a list that was sent into rows that wait; a broken try is done over. What cannot be read fails with a
        sentence."""
        batch = self.model.objects.select_related("official__office__region").get(pk=batch_id)
        if batch.state != ImportState.READING:
            return
        self._empty(batch)
        try:
            findings = self._stage(batch)
        except UnreadableTable as error:
            self._fail(batch, str(error))
        except Exception:
            self._fail(batch, _("The list could not be read. Nothing was changed; tell the people who run the portal."))
            raise
        else:
            self.keep(batch, findings)

    def _stage(self, batch):
        findings = self.findings(batch)
        with batch.file.open("rb") as file:
            waiting = []
            for row in self.rows(batch, file, findings):
                waiting.append(self.as_row(batch, row))
                if len(waiting) == PIECE:
                    self._copy(waiting)
                    waiting = []
            self._copy(waiting)
        return findings

    def _copy(self, rows):
        statement = f"COPY {self.staged._meta.db_table} ({', '.join(self.columns)}) FROM STDIN"
        with transaction.atomic(), connection.cursor() as cursor, cursor.copy(statement) as copy:
            for row in rows:
                copy.write_row(row)

    @transaction.atomic
    def keep(self, batch, findings):
        """Write down what was found, and let the list wait for approval. Returns the batch."""
        row = lock(batch)
        with connection.cursor() as cursor:
            without_limit(cursor)
            # The planner knows nothing of rows that were just written.
            cursor.execute(f"ANALYZE {self.staged._meta.db_table}")
        self.settle(row, findings)
        row.rows, row.faulty, row.state = findings.rows, findings.faulty, ImportState.WAITING
        row.save()
        row.faults.all().delete()
        faults = [self.fault(batch=row, number=number, column=column, sentence=sentence[:500])
                  for number, column, sentence in findings.faults]  # fmt: skip
        self.fault.objects.bulk_create(faults)
        return row

    def _empty(self, batch):
        self.staged.objects.filter(batch=batch)._raw_delete(using="default")

    def _fail(self, batch, sentence):
        self._empty(batch)
        self.model.objects.filter(pk=batch.pk).update(state=ImportState.FAILED, failure=sentence[:1000])

    def apply(self, batch_id, actor_id):
        """Bring in all rows that wait, in one transaction; if that fails, nothing is changed and the list waits
        again."""
        self._carry_out(batch_id, actor_id, ImportState.APPLYING, back_to=ImportState.WAITING)

    def take_back(self, batch_id, actor_id):
        """Take back what a list brought, in one transaction."""
        self._carry_out(batch_id, actor_id, ImportState.UNDOING, back_to=ImportState.DONE)

    def _carry_out(self, batch_id, actor_id, state, *, back_to):
        step = self._apply if state == ImportState.APPLYING else self._take_back
        try:
            with transaction.atomic():
                batch = lock(self.model(pk=batch_id))
                if batch.state == state:
                    with connection.cursor() as cursor:
                        without_limit(cursor)
                    actor = Official.objects.get(pk=actor_id)
                    verb, rows = step(batch, actor)
                    batch.save()
                    record(batch, f"{verb}_{self.noun}", actor=actor, office=batch.office, from_state=back_to,
                           to_state=batch.state, data={"rows": rows})  # fmt: skip
        except Exception as error:
            known = str(error) if isinstance(error, TransitionNotAllowed) else ""
            sentence = known or _(
                "This failed, and nothing was changed. Try again, or tell the people who run the portal."
            )
            self.model.objects.filter(pk=batch_id, state=state).update(state=back_to, failure=sentence[:1000])
            if not known:
                raise

    def _apply(self, batch, actor):
        rows = self.bring(batch, actor)
        self._empty(batch)
        batch.state, batch.applied_at = ImportState.DONE, timezone.now()
        return "apply", rows

    def _take_back(self, batch, actor):
        self.refuse_undo(batch)
        rows = self.take_away(batch, actor)
        batch.state, batch.undone_at = ImportState.UNDONE, timezone.now()
        return "undo", rows


def without_limit(cursor):
    """The worker may take longer than a page, and wait for another list, within this transaction."""
    cursor.execute("SET LOCAL statement_timeout = 0")
    cursor.execute("SET LOCAL lock_timeout = 0")


def _label(file):
    name = "".join(character for character in file.name if character.isprintable())
    return name.replace("\\", "/").split("/")[-1][-120:] or "list"


def _digest(file):
    digest = hashlib.sha256()
    for piece in file.chunks():
        digest.update(piece)
    file.seek(0)
    return digest.hexdigest()
