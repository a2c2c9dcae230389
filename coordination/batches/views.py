"""What the pages of every import do: send a list, and take a step with one."""

import uuid

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect

from coordination.common.errors import DomainError
from coordination.common.forms import refuse
from coordination.common.idempotency import fingerprint, made_before

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def send_page(request, kind, form_class, show):
    """The form for a list, or the way to the batch that it made; `show(request, form, status)` draws the page."""
    if request.method == "GET":
        return show(request, form_class(initial={"client_id": uuid.uuid4()}))
    before = made_before(kind.model, request.POST, request.FILES, owner={"official": request.user})
    if before:
        return redirect(before)
    form = form_class(request.POST, request.FILES)
    if not form.is_valid():
        return show(request, form, status=422)
    try:
        batch, _is_new = kind.send(
            form.cleaned_data, actor=request.user, client_id=form.cleaned_data["client_id"],
            body_sha256=fingerprint(request.POST, request.FILES),
        )  # fmt: skip
    except DomainError as error:
        refuse(form, error)
        return show(request, form, status=422)
    return redirect(batch)


def take_step(request, kind, batch, verb, *, more=None):
    """Take the step that the last word of the address names, and go back to the batch. `more` are {word: function}."""
    steps = {"setujui": kind.approve, "buang": kind.discard, "batalkan": kind.undo} | (more or {})
    try:
        if verb in steps:
            steps[verb](batch, actor=request.user)
    except DomainError as error:
        messages.error(request, str(error))
    return redirect(batch)


def labelled(faults, labels):
    """(fault, the name of its column as the page has it) for each."""
    return [(fault, labels.get(fault.column, "")) for fault in faults]


def csv_response(name, text):
    """A list to be filled in. The mark at its beginning tells Excel that it is UTF-8."""
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse("\ufeff" + text, content_type="text/csv; charset=utf-8", headers=headers)
