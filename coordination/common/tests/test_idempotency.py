"""One form sent several times makes one row, belongs to its sender, and is not confused with another text."""

import uuid

import pytest
from django.db import IntegrityError
from django.http import QueryDict

from coordination.common.errors import AlreadyDone, DomainError, ReusedClientId
from coordination.common.idempotency import create_once, fingerprint
from coordination.obstacles.models import Participation
from coordination.obstacles.tests.factories import obstacle
from coordination.offices.tests.factories import official

pytestmark = pytest.mark.django_db


@pytest.fixture
def sender():
    return official("kominfo", "32.73")


def sending(sender, client_id, body="x", need="Putus", row=None):
    """One call of create_once, with the row that it would make."""
    row = row or obstacle()

    def make():
        return Participation.objects.create(
            obstacle=row, office=sender.office, official=sender, need=need, client_id=client_id, body_sha256=body
        )

    return create_once(Participation, client_id, body, owner={"official_id": sender.pk}, make=make)


def test_the_same_form_makes_one_row(sender):
    form_id = uuid.uuid4()
    first, was_created = sending(sender, form_id)
    assert was_created
    assert sending(sender, form_id) == (first, False)
    assert Participation.objects.count() == 1


def test_the_same_form_with_other_content_names_the_first_row(sender):
    form_id = uuid.uuid4()
    first, _new = sending(sender, form_id)
    with pytest.raises(ReusedClientId) as refusal:
        sending(sender, form_id, body="y")
    assert refusal.value.existing == first
    assert str(first) in str(refusal.value)


def test_an_id_is_no_key_to_another_persons_row(sender):
    form_id = uuid.uuid4()
    sending(sender, form_id, need="Rahasia")
    with pytest.raises(DomainError) as refusal:
        sending(official("kominfo", "32.04"), form_id)
    assert not isinstance(refusal.value, ReusedClientId)
    assert "Rahasia" not in str(refusal.value)


def test_what_was_refused_leaves_the_id_free(sender):
    form_id = uuid.uuid4()

    def refuse():
        raise AlreadyDone("Sudah")

    with pytest.raises(AlreadyDone):
        create_once(Participation, form_id, "x", owner={"official_id": sender.pk}, make=refuse)
    assert sending(sender, form_id)[1]


def test_a_fault_that_has_nothing_to_do_with_the_id_is_not_hidden(sender):
    row = obstacle()
    sending(sender, uuid.uuid4(), row=row)
    with pytest.raises(IntegrityError):
        sending(sender, uuid.uuid4(), row=row)


def test_a_row_that_comes_between_the_look_and_the_insert_is_found(sender):
    form_id, row = uuid.uuid4(), obstacle()

    def make():
        values = {"obstacle": row, "office": sender.office, "need": "Putus", "client_id": form_id, "body_sha256": "x"}
        Participation.objects.create(official=sender, **values)
        raise IntegrityError("as the database says when another sending was faster")

    with pytest.raises(IntegrityError):
        create_once(Participation, form_id, "x", owner={"official_id": sender.pk}, make=make)
    assert not Participation.objects.filter(client_id=form_id).exists()


@pytest.mark.parametrize("changed", ["description=b", "description=a&description=b", "description=a&place=x", ""])
def test_other_content_has_another_fingerprint(changed):
    assert fingerprint(QueryDict(changed)) != fingerprint(QueryDict("description=a"))


def test_token_id_button_and_order_of_fields_do_not_change_the_fingerprint():
    one = QueryDict("a=1&b=2&b=3&csrfmiddlewaretoken=x&client_id=1&decision=new")
    other = QueryDict("b=2&b=3&client_id=2&a=1&decision=join:HB-1")
    assert fingerprint(one) == fingerprint(other)


def test_a_value_is_not_confused_with_two_fields():
    assert fingerprint(QueryDict("a=1%26b%3D2")) != fingerprint(QueryDict("a=1&b=2"))
