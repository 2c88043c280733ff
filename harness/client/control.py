"""The control of an API: valid calls that change nothing important and whose responses are known."""

import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from typing import Any, ClassVar, Final

from harness.client.calls import Call, Outcome
from harness.client.client import Client
from harness.failures import ContractViolation
from harness.wire.channel import Channel
from harness.wire.exchange import Exchange, Request
from harness.wire.faults import CallFault, CameBack

SECONDS: Final = 3.0
"""How long a control tries to get a response."""
GONE: Final = (404, 410)
_PAUSE: Final = 0.1


@dataclass(frozen=True)
class Look:
    """A call of a control and its result: an outcome, a fault, or a violation.

    ``credential`` and ``uses`` are what the call takes from the target file.
    """

    call: Call
    credential: str = ""
    uses: tuple[str, ...] = ()
    outcome: Outcome | None = None
    fault: CallFault | None = None
    violation: ContractViolation | None = None

    @property
    def came_back(self) -> CameBack:
        return self.fault.came_back if self.fault else CameBack.RESPONSE

    @property
    def exchange(self) -> Exchange | None:
        return self.fault.exchange if self.fault else self.outcome.exchange if self.outcome else None

    @property
    def status(self) -> int:
        """The status code; 0 without a response."""
        return self.exchange.response.status if self.exchange and self.exchange.response else 0

    @property
    def responded(self) -> bool:
        """Whether this is a response of the platform, also one that refuses a key."""
        return self.came_back in (CameBack.RESPONSE, CameBack.KEY_REFUSED)

    @property
    def accepted(self) -> bool:
        return self.outcome is not None and self.outcome.accepted

    @property
    def refused(self) -> bool:
        """Whether the platform refused the call in any way."""
        return self.came_back is CameBack.KEY_REFUSED or (self.outcome is not None and self.outcome.rejected)


@dataclass(frozen=True)
class Condition:
    """The result of a control: the reason why the platform cannot be judged now; empty if it can."""

    problem: str = ""
    is_silent: bool = False
    is_refused: bool = False
    """Whether no connection was made."""


@dataclass
class Control(ABC):
    """The control of one API. ``worked`` are the operations that were accepted before the first scenario.

    Only the control uses this ``client``. ``kept`` describes what was made before the first scenario.
    """

    api: ClassVar[str]

    client: Client
    timeout: float
    worked: set[str] = field(default_factory=set)
    kept: dict[str, str] = field(default_factory=dict)

    @abstractmethod
    def first(self) -> list[Look]:
        """Make each call once, and everything else that uses the target file."""

    @abstractmethod
    def again(self) -> Sequence[Call]:
        """Return the calls that can be made at the same time, later in the run."""

    @abstractmethod
    def credential(self, operation: str) -> str:
        """Return the keys of the target file, and their variables, that an operation takes."""

    @abstractmethod
    def takes_key(self, operation: str) -> bool:
        """Return whether an operation takes a key of the target file."""

    @abstractmethod
    def what_is_gone(self) -> str:
        """Read what was made before the first scenario, once. Return in words what is gone; empty if it is there."""

    @property
    def state(self) -> dict[str, Any]:
        """The state that another process needs to make this control again."""
        return {"worked": sorted(self.worked), "kept": self.kept, "key_failure": self.client.key_failure}

    def restore(self, state: Mapping[str, Any]) -> None:
        """Continue with the state of a control in another process."""
        self.worked, self.kept = set(state["worked"]), dict(state["kept"])
        self.client.key_failure = state["key_failure"]

    def look(self, call: Call, *uses: str) -> Look:
        """Make a call. UsageError if its address can't be called."""
        request = self.client.request(call)
        try:
            look = self._judged(call, self.client.channel.send(request), uses)
        except CallFault as fault:
            look = self._judged(call, fault, uses)
        if look.accepted:
            self.worked.add(call.operation)
        return look

    def repeat(self, seconds: float = SECONDS) -> Condition:
        """Make the control again. It fails if no call gets a response within these seconds."""
        calls = self.again()
        looks = self._looks(calls, seconds)
        if not any(look.responded for look in looks):
            fault = next((look.fault for look in looks if look.fault), None)
            is_refused = all(look.came_back is CameBack.UNREACHED for look in looks)
            return Condition(f"the platform does not respond: {fault}", is_silent=True, is_refused=is_refused)
        for look in looks:
            operation = look.call.operation
            if look.came_back is CameBack.KEY_REFUSED and operation in self.worked and self.takes_key(operation):
                return Condition(f"{look.credential} is refused now, and was accepted before: {look.fault}")
        # A platform that was restarted without its data may respond to one call and not to the next.
        is_doubtful = any(look.refused or not look.responded for look in looks)
        return Condition(self.what_is_gone() if is_doubtful else "")

    def wait_for_each(self) -> None:
        """Make the control until each of its calls gets a response, for three seconds at most."""
        self._looks(self.again(), SECONDS, enough=all)

    def _looks(
        self, calls: Sequence[Call], seconds: float, enough: Callable[[Iterable[bool]], bool] = any
    ) -> list[Look]:
        requests = [self.client.request(call) for call in calls]
        deadline = time.monotonic() + seconds
        with ThreadPoolExecutor(len(calls)) as threads:
            while True:
                left = max(deadline - time.monotonic(), _PAUSE)
                sent = list(threads.map(partial(self._send, seconds=left), requests))
                looks = [self._judged(call, one) for call, (one, _) in zip(calls, sent, strict=True)]
                deadline += max(waited for _, waited in sent)
                if enough(look.responded for look in looks) or time.monotonic() + _PAUSE > deadline:
                    return looks
                time.sleep(_PAUSE)

    def _send(self, request: Request, seconds: float) -> tuple[Any, float]:
        patience = self.client.channel.patience
        channel = Channel(min(seconds, self.timeout), self.client.recorder.learn_secrets, patience=patience)
        before = patience.seconds
        try:
            return channel.send(request), before - patience.seconds
        except CallFault as fault:
            return fault, before - patience.seconds
        finally:
            channel.close()

    def _judged(self, call: Call, sent: Any, uses: tuple[str, ...] = ()) -> Look:
        credential = self.credential(call.operation)
        if isinstance(sent, CallFault):
            return Look(call, credential, uses, fault=sent)
        try:
            return Look(call, credential, uses, self.client.judge(call, sent))
        except CallFault as fault:
            return Look(call, credential, uses, fault=fault)
        except ContractViolation as violation:
            return Look(call, credential, uses, violation=violation)
