"""Other ways to write the body of a call in JSON. Each is the same object, so the call must be accepted."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Final

import simplejson

from harness.client.calls import Call
from harness.wire.messages import encoded


def _reversed(value: Any) -> Any:
    return {name: _reversed(value[name]) for name in reversed(value)} if isinstance(value, dict) else value


def _escaped(value: Any) -> str:
    """Return the JSON of a value. Each character of a text is an escape."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{encoded(name).decode()}: {_escaped(one)}" for name, one in value.items()) + "}"
    if isinstance(value, str):
        units = value.encode("utf-16-be")
        return '"' + "".join(f"\\u{units[at : at + 2].hex()}" for at in range(0, len(units), 2)) + '"'
    return encoded(value).decode()


JSON_FORMS: Final[Mapping[str, Callable[[Call], Call]]] = {
    "its members in the reverse order": lambda call: replace(call, body=_reversed(call.body)),
    "its texts in escapes of JSON": lambda call: replace(call, raw=_escaped(call.body).encode()),
    "line breaks and blanks between its members": lambda call: replace(
        call, raw=simplejson.dumps(call.body, use_decimal=True, indent="    ").encode()
    ),
}
