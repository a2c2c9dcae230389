"""How a page takes a step, and shows that somebody else was faster. The rules are those of the app that calls."""

from dataclasses import dataclass

from django.contrib import messages
from django.utils.translation import gettext as _

from coordination.common import answers, parking
from coordination.common.errors import AlreadyDone, DomainError, StaleVersion
from coordination.common.forms import put_in
from coordination.common.idempotency import sending, sent_id
from coordination.history.stepping import came_before, last_event


@dataclass(frozen=True)
class StepPages:
    """The pages on which the steps of one kind of row are taken.

    `rules` has STEPS, available_steps, refuse and perform; `find(request, number)` gives the row as the reader may know
    it; `form(row, step, user, data)` the form of a step; `page(request, row, **shown)` draws the page of the row.
    """

    rules: object
    find: object
    form: object
    page: object

    def take(self, request, row, step):
        """The answer to a step that is opened or taken."""
        sent = request.method == "POST"
        done = _("Done: %(step)s.") % {"step": step.label}
        if sent and came_before(row, step.verb, request.user, sending(request.POST)):
            return self._done(request, row, done, is_new=False)
        form = self.form(row, step, request.user, request.POST if sent else parking.parked(request))
        if not sent or not form.is_valid():
            return self._opened(request, row, form, step, status=422 if sent else 200)
        try:
            self.rules.perform(
                row, step.verb, actor=request.user, sent_as=sending(request.POST), **form.cleaned_data
            )  # fmt: skip
        except AlreadyDone as already:
            return self._done(request, row, str(already), is_new=False, tell=messages.info)
        except DomainError as error:
            return self._refused(request, row, form, step, error)
        return self._done(request, row, done)

    def _done(self, request, row, said, **options):
        return answers.saved(request, row, said, client_id=sent_id(request.POST), **options)

    def _opened(self, request, row, form, step, status):
        """The page with this step's form open, or with the reason why the step cannot be taken."""
        refusal = ""
        try:
            if step not in self.rules.available_steps(row, request.user):
                self.rules.refuse(row, step, request.user)
        except DomainError as error:
            refusal = str(error)
        return self.page(request, row, form=form, verb=step.verb, status=status, refusal=refusal)

    def _refused(self, request, row, form, step, error):
        """The present state and what was typed; on a conflict the next sending goes on top of the new version."""
        conflict = None
        if isinstance(error, StaleVersion):
            row = self.find(request, row.number)
            put_in(form, version=row.version)
            conflict = last_event(row)
        form.add_error(None, str(error))
        return self.page(
            request, row, form=form, verb=step.verb, status=409, refusal=str(error), conflict=conflict
        )  # fmt: skip


def conflict_of(form, error):
    """What a page of a form shows of a StaleVersion: both texts side by side; saving once more puts the own text on top
    of the present version."""
    present = error.current
    put_in(form, version=present.version)
    form.add_error(None, str(error))
    return {"item": present, "conflict": last_event(present), "differences": form.differences(present)}
