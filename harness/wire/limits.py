"""The limits of one response: the time until it is complete, and its size."""

import ssl
import time
from typing import Any, Final

import httpcore

MOST_BYTES: Final = 16 * 1024 * 1024
"""The most that one response may have, head and body together, as received and after decompression."""

_PIECE: Final = 64 * 1024


class Budget:
    """The time and the bytes that are left for the response of one request; ``timeout`` is in seconds."""

    def __init__(self, timeout: float) -> None:
        self.timeout = timeout
        self.restart()

    def restart(self) -> None:
        """Count from now on, because the request is sent now."""
        self._deadline = time.monotonic() + self.timeout
        self._bytes = MOST_BYTES

    def seconds(self) -> float:
        """Return the seconds that are left. ReadTimeout if there are none."""
        left = self._deadline - time.monotonic()
        if left <= 0:
            raise httpcore.ReadTimeout("timed out")
        return left

    def spend(self, count: int) -> None:
        """Count received bytes. RemoteProtocolError if there are too many."""
        self._bytes -= count
        if self._bytes < 0:
            raise httpcore.RemoteProtocolError(f"the response is larger than {MOST_BYTES} bytes")


class LimitedStream(httpcore.NetworkStream):
    """A connection on which a response ends with its budget, however it is split into packets."""

    def __init__(self, stream: httpcore.NetworkStream, budget: Budget) -> None:
        self._stream = stream
        self._budget = budget

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ARG002 - the budget knows it
        received = self._stream.read(max_bytes, self._budget.seconds())
        self._budget.spend(len(received))
        return received

    def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ARG002 - the budget knows it
        for start in range(0, len(buffer), _PIECE):
            self._stream.write(buffer[start : start + _PIECE], self._budget.seconds())

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        secured = type(self)(self._stream.start_tls(ssl_context, server_hostname, timeout), self._budget)
        self._budget.restart()
        return secured

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


class LimitedBackend(httpcore.SyncBackend):
    """Opens connections that share a budget, since only one request is sent at a time."""

    def __init__(self, timeout: float) -> None:
        self.budget = Budget(timeout)
        self.is_connected = False

    def begin(self) -> None:
        """Start a request with a new budget. ``is_connected`` then says whether it opened a connection."""
        self.is_connected = False
        self.budget.restart()

    def connect_tcp(self, *arguments: Any, **options: Any) -> httpcore.NetworkStream:
        stream = super().connect_tcp(*arguments, **options)
        self.is_connected = True
        self.budget.restart()
        return self.wrap(stream)

    def wrap(self, stream: httpcore.NetworkStream) -> httpcore.NetworkStream:
        return LimitedStream(stream, self.budget)
