"""The sign-in page carries its styles, and its browsers may use exactly these."""

import base64
import hashlib
import re

import pytest
from django.test import Client
from django.urls import reverse

pytestmark = pytest.mark.django_db


def test_the_sign_in_page_needs_no_second_round_trip_to_be_seen():
    answer = Client().get(reverse("account_login"))
    (styles,) = re.findall(r"<style>(.*?)</style>", answer.content.decode(), re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(styles.encode()).digest()).decode()
    assert f"'sha256-{digest}'" in answer["Content-Security-Policy"]
    assert 'rel="stylesheet"' not in answer.content.decode()


def test_no_other_page_may_carry_styles():
    answer = Client().get(reverse("account_reset_password"))
    assert "sha256-" not in answer["Content-Security-Policy"]
    assert "<style>" not in answer.content.decode()
