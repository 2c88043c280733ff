"""The sandbox as a child process on a free loopback port, with keys that nobody else knows; ended whatever happens."""

from __future__ import annotations

import contextlib
import os
import secrets
import select
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any, Self

from sandbox import ANNOUNCEMENT
from sandbox.errors import StartError
from sandbox.settings import Settings, as_environment

Spawn = Callable[[Sequence[str], Mapping[str, str], IO[str]], Any]
"""Starts a sandbox with flags and variables; returns an object with the methods of subprocess.Popen."""
_ROOT = Path(__file__).resolve().parent.parent
_FIRST_ANSWER = 15.0  # seconds until it must have announced itself
_GRACE = 3.0  # seconds to end by itself


@dataclass(frozen=True)
class RunningSandbox:
    """A sandbox that responses. ``tables`` is a target file as parsed, real keys included (contract.md)."""

    base_url: str
    tables: dict[str, Any] = field(repr=False)
    process: Any


class SandboxProcess:
    """A child that may still be starting: ``start`` returns at once, ``wait_ready`` when it responses."""

    def __init__(self, process: Any, complaints: IO[str], settings: Settings) -> None:
        """Take hold of a child; ``start`` makes one."""
        self._process = process
        self._complaints = complaints
        self._settings = settings

    @classmethod
    def start(cls, arguments: Sequence[str] = (), spawn: Spawn | None = None) -> Self:
        """Spawn ``python -m sandbox --port 0`` and these arguments, without waiting for it."""
        settings = Settings(
            shop_key=_new_key(), platform_key=_new_key(), walletapi_key=_new_key(), walletapi_client=_new_key()
        )
        complaints = tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace")  # noqa: SIM115 (closed in end)
        words = ["--port", "0", "--until-stdin-closes", *arguments]
        return cls((spawn or _spawned)(words, as_environment(settings), complaints), complaints, settings)

    def wait_ready(self) -> RunningSandbox:
        """Wait until it has announced its address; StartError with its own words if it does not."""
        line = self._first_line(time.monotonic() + _FIRST_ANSWER)
        if not line.startswith(ANNOUNCEMENT):
            raise StartError(f"the embedded sandbox did not start: {self._complaint()}")
        base_url = line.removeprefix(ANNOUNCEMENT).strip()
        return RunningSandbox(base_url, tables(self._settings, base_url), self._process)

    def _first_line(self, deadline: float) -> str:
        """Read by hand: a buffered readline has no timeout."""
        assert self._process.stdout is not None  # noqa: S101 (for the type checker)
        descriptor = self._process.stdout.fileno()
        line = b""
        while not line.endswith(b"\n"):
            ready, _, _ = select.select([descriptor], [], [], max(0.0, deadline - time.monotonic()))
            chunk = os.read(descriptor, 4096) if ready else b""
            if not chunk:
                break
            line += chunk
        return line.decode("utf-8", "replace")

    def _complaint(self) -> str:
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(0.5)  # it may still be writing
        self._complaints.seek(0)
        status = self._process.poll()
        state = f"no word within {_FIRST_ANSWER:.0f} s" if status is None else f"it ended with status {status}"
        return self._complaints.read().strip() or state

    def end(self) -> None:
        """Terminate it, and kill it after a while. A second call changes nothing."""
        for stream in (self._process.stdin, self._process.stdout):
            if stream is not None:
                with contextlib.suppress(OSError):
                    stream.close()
        self._process.terminate()
        try:
            self._process.wait(_GRACE)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._complaints.close()


@contextlib.contextmanager
def running_sandbox(arguments: Sequence[str] = ()) -> Iterator[RunningSandbox]:
    """A sandbox for the length of a ``with``."""
    child = SandboxProcess.start(arguments)
    try:
        yield child.wait_ready()
    finally:
        child.end()


def tables(settings: Settings, base_url: str) -> dict[str, Any]:
    """The target file of a sandbox at this address, as parsed."""
    return {
        "gate": "all",
        "alfred": {
            "base_url": base_url,
            "platform_id": settings.platform_id,
            "shop_configuration_id": settings.shop_configuration_id,
            "country_code": settings.country_code,
            "currency": settings.alfred_currency,
            "shop_key": settings.shop_key,
            "platform_key": settings.platform_key,
            "locate": {"balanceAmount": "$.balanceAmount", "remainingAmount": "$.remainingAmount"},
        },
        "walletapi": {
            "base_url": base_url,
            "key": settings.walletapi_key,
            "client": settings.walletapi_client,
            "currency": settings.walletapi_currency,
            "owner_id": settings.owner_id,
        },
        "admin": {"url": f"{base_url}/admin/wallets/{{walletId}}", "balance": "#balance"},
    }


def _spawned(words: Sequence[str], environment: Mapping[str, str], complaints: IO[str]) -> subprocess.Popen[str]:
    return subprocess.Popen(  # noqa: S603 (our own program)
        [sys.executable, "-m", "sandbox", *words],
        cwd=_ROOT,
        env={**os.environ, **environment},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=complaints,
        text=True,
        start_new_session=True,  # Ctrl-C is for the parent, which still has calls to make
    )


def _new_key() -> str:
    return secrets.token_urlsafe(24)
