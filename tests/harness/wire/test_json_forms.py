"""Other ways to write a body in JSON: the same object, in other bytes."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from harness.wire.messages import decoded, encoded
from steps.json_forms import JSON_FORMS

BODY = {"amount": Decimal("50.00"), "description": 'a "\u00df" \U0001f45b\n', "details": {"a": None, "b": [1, True]}}


@pytest.mark.parametrize("form", JSON_FORMS.values(), ids=JSON_FORMS.keys())
def test_a_form_is_the_same_object_in_other_bytes(form: Callable[[Any], bytes]) -> None:
    raw = form(BODY)
    assert decoded(raw) == BODY
    assert raw != encoded(BODY)


def test_escapes_leave_no_letter_of_a_text() -> None:
    raw = JSON_FORMS["its texts in escapes of JSON"]({"currency": "B\U0001f45b"})
    assert raw == rb'{"currency": "\u0042\ud83d\udc5b"}'
