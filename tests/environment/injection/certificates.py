"""Certificates on loopback: one that the suite trusts, and others that it must not trust."""

import ssl
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from trustme import CA

from tests.environment.injection.wire import Fault, Wire

_HOST = "127.0.0.1"


@dataclass(frozen=True)
class Certificates:
    """Contexts of a server, ``good`` a new one each time. ``ca_file`` contains the authority that the suite trusts."""

    ca_file: Path
    good: Callable[[], ssl.SSLContext]
    self_signed: ssl.SSLContext
    expired: ssl.SSLContext
    for_another_host: ssl.SSLContext


def make_certificates(folder: Path) -> Certificates:
    """Make an authority, and write its certificate into the folder."""
    trusted, stranger = CA(), CA()
    ca_file = folder / "ca.pem"
    trusted.cert_pem.write_to_path(ca_file)
    over = datetime.now(UTC) - timedelta(days=1)
    return Certificates(
        ca_file,
        good=lambda: _context(trusted, _HOST, "localhost"),
        self_signed=_context(stranger, _HOST, "localhost"),
        expired=_context(trusted, _HOST, "localhost", not_before=over - timedelta(days=1), not_after=over),
        for_another_host=_context(trusted, "elsewhere.example.test"),
    )


def _context(authority: CA, *names: str, **validity: Any) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(*names, **validity).configure_cert(context)
    return context


class Switchable:
    """A certificate that can be replaced while a server runs, for the connections made afterwards."""

    def __init__(self, good: ssl.SSLContext) -> None:
        """Begin with this one. ``context`` is what a server listens with."""
        self.current = good
        self.context = good
        self._handshakes: int | None = None
        good.sni_callback = self._choose

    def _choose(self, connection: ssl.SSLObject, _name: str | None, _context: ssl.SSLContext) -> None:
        if self._handshakes is not None:
            self._handshakes -= 1
        if self._handshakes is None or self._handshakes >= 0:
            connection.context = self.current

    def shows(self, context: ssl.SSLContext, handshakes: int | None = None) -> Fault:
        """Return the fault that responds and then shows another certificate on new connections: all, or this many."""

        async def fault(wire: Wire) -> None:
            answer = await wire.answer()
            self.current, self._handshakes = context, handshakes
            wire.proxy.reset_connections(kept=wire)
            await wire.send(answer)
            wire.hang_up()

        return fault
