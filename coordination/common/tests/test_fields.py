"""Numbers as Indonesians write them, and text without the signs that nobody types."""

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from coordination.common.fields import Coordinate, PlainDecimal, PlainInteger, plain


@pytest.mark.parametrize(("typed", "meant"), [("1.200", 1200), ("1.234.567", 1234567), ("90", 90), (" 1.200 ", 1200)])
def test_dots_stand_between_thousands(typed, meant):
    assert PlainInteger().clean(typed) == meant


@pytest.mark.parametrize("typed", ["1.20", "1.2000", "1,5", "1e3", "١.٢٠٠"])
def test_what_is_no_whole_number_is_refused(typed):
    with pytest.raises(ValidationError):
        PlainInteger().clean(typed)


@pytest.mark.parametrize(
    ("typed", "meant"), [("1.234,5", "1234.5"), ("1,5", "1.5"), ("1.5", "1.5"), ("0.512", "0.512"), ("12", "12")]
)
def test_a_comma_stands_before_the_tenths(typed, meant):
    assert PlainDecimal(decimal_places=3).clean(typed) == Decimal(meant)


@pytest.mark.parametrize("typed", ["1e5", "1E5", "1,2,3", "satu"])
def test_what_is_no_number_is_refused(typed):
    with pytest.raises(ValidationError):
        PlainDecimal(decimal_places=3).clean(typed)


@pytest.mark.parametrize(("typed", "meant"), [("-6,914", -6.914), ("-6.914", -6.914)])
def test_degrees_keep_their_point(typed, meant):
    assert Coordinate().clean(typed) == meant


def test_no_sign_turns_or_breaks_the_text():
    assert plain("Ab\u202eCd\x07\r\nef\x00") == "AbCd\nef"
