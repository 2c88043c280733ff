"""Which calls meet a fault: by operation, path, header or content, number, time or chance; combined in a rule."""

import random
import re
import time
from collections.abc import Callable

from tests.environment.injection.messages import Call
from tests.environment.injection.wire import Condition


def operation(*names: str) -> Condition:
    return lambda call: call.operation in names


def path(pattern: str) -> Condition:
    return lambda call: re.search(pattern, call.path) is not None


def header(name: str, value: str) -> Condition:
    return lambda call: value in call.headers.get(name.lower(), "")


def body(pattern: bytes) -> Condition:
    """Return the condition that the body contains this; the kind of input, for example an amount."""
    return lambda call: re.search(pattern, call.body) is not None


def content(fits: Callable[[bytes], bool]) -> Condition:
    return lambda call: fits(call.body)


def once(number: int = 1) -> Condition:
    """Return the condition that only the call of this number fulfils, of those that the conditions before it let by."""
    counted = _Counter()
    return lambda _call: counted.next() == number


def every(number: int) -> Condition:
    counted = _Counter()
    return lambda _call: counted.next() % number == 0


def up_to(number: int) -> Condition:
    counted = _Counter()
    return lambda _call: counted.next() <= number


def since(*conditions: Condition) -> Condition:
    """Return the condition that every call fulfils, beginning with the first one that fulfils these."""
    return _Since(conditions)


def after_seconds(seconds: float) -> Condition:
    """Return the condition that every call fulfils some time after the first one."""
    began: list[float] = []

    def is_due(_call: Call) -> bool:
        began.append(time.monotonic())
        del began[1:]
        return time.monotonic() - began[0] >= seconds

    return is_due


def share(part: float, seed: int = 1) -> Condition:
    """Return the condition that this part of the calls fulfils, by chance but always the same ones."""
    chance = random.Random(seed)  # noqa: S311 - not for secrets
    return lambda _call: chance.random() < part


class _Counter:
    def __init__(self) -> None:
        self._count = 0

    def next(self) -> int:
        self._count += 1
        return self._count


class _Since:
    def __init__(self, conditions: tuple[Condition, ...]) -> None:
        self._conditions = conditions
        self._has_begun = False

    def __call__(self, call: Call) -> bool:
        self._has_begun = self._has_begun or all(condition(call) for condition in self._conditions)
        return self._has_begun
