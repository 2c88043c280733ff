"""Run the sandbox as a child process on a free loopback port, with random keys."""

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
"""Starts a sandbox with flags, environment variables and a file for stderr; returns an object like subprocess.Popen."""
_ROOT = Path(__file__).resolve().parent.parent
_START_TIMEOUT = 15.0  # seconds until it must have announced its address
_STOP_TIMEOUT = 3.0  # seconds from terminate to kill


@dataclass(frozen=True)
class RunningSandbox:
    """A sandbox that is ready. ``tables`` is the content of a target file for it, with its keys."""

    base_url: str
    tables: dict[str, Any] = field(repr=False)
    process: Any


class SandboxProcess:
    """A child process. ``start`` returns at once, ``wait_ready`` when it listens."""

    def __init__(self, process: Any, stderr: IO[str], settings: Settings) -> None:
        self.process = process
        self._stderr = stderr
        self._settings = settings

    @classmethod
    def start(cls, arguments: Sequence[str] = (), spawn: Spawn | None = None) -> Self:
        """Start ``python -m sandbox --port 0`` with more arguments, without waiting."""
        names = ("shop_key", "platform_key", "walletapi_key", "walletapi_client")
        settings = Settings(**{name: secrets.token_urlsafe(24) for name in names})
        stderr = tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace")  # noqa: SIM115 (closed in end)
        flags = ["--port", "0", "--until-stdin-closes", *arguments]
        return cls((spawn or spawned)(flags, as_environment(settings), stderr), stderr, settings)

    def wait_ready(self) -> RunningSandbox:
        """Wait until it has announced its address. StartError with its stderr if it does not."""
        line = self._first_line(time.monotonic() + _START_TIMEOUT)
        if not line.startswith(ANNOUNCEMENT):
            raise StartError(f"the embedded sandbox did not start: {self._failure()}")
        base_url = line.removeprefix(ANNOUNCEMENT).strip()
        return RunningSandbox(base_url, tables(self._settings, base_url), self.process)

    def _first_line(self, deadline: float) -> str:
        """Return the first line of stdout, with a timeout, which readline does not have."""
        assert self.process.stdout is not None  # noqa: S101 (for the type checker)
        descriptor = self.process.stdout.fileno()
        line = b""
        while not line.endswith(b"\n"):
            ready, _, _ = select.select([descriptor], [], [], max(0.0, deadline - time.monotonic()))
            chunk = os.read(descriptor, 4096) if ready else b""
            if not chunk:
                break
            line += chunk
        return line.decode("utf-8", "replace")

    def _failure(self) -> str:
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(0.5)  # it may still be writing
        self._stderr.seek(0)
        status = self.process.poll()
        silent = f"it did not announce its address within {_START_TIMEOUT:.0f} s"
        return self._stderr.read().strip() or (silent if status is None else f"it ended with status {status}")

    def end(self) -> None:
        """Terminate it, and kill it if that takes too long. A second call changes nothing."""
        for stream in (self.process.stdin, self.process.stdout):
            if stream is not None:
                with contextlib.suppress(OSError):
                    stream.close()
        self.process.terminate()
        try:
            self.process.wait(_STOP_TIMEOUT)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self._stderr.close()


@contextlib.contextmanager
def running_sandbox(arguments: Sequence[str] = ()) -> Iterator[RunningSandbox]:
    child = SandboxProcess.start(arguments)
    try:
        yield child.wait_ready()
    finally:
        child.end()


def tables(settings: Settings, base_url: str) -> dict[str, Any]:
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
        "limits": {"allow": ["races", "hostile", "walks", "load"]},
    }


def spawned(
    flags: Sequence[str], environment: Mapping[str, str], stderr: IO[str], module: str = "sandbox"
) -> subprocess.Popen[str]:
    """Start a sandbox, or what another module makes of it, in a process of its own."""
    return subprocess.Popen(  # noqa: S603 (our own program)
        [sys.executable, "-m", module, *flags],
        cwd=_ROOT,
        env={**os.environ, **environment},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=stderr,
        text=True,
        start_new_session=True,  # Ctrl-C must reach only the parent, which still has calls to make
    )
