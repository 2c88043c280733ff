"""The credential that each operation of Alfred takes on a target (contract.md, Credentials)."""

from collections.abc import Mapping
from typing import Any

from harness.client.calls import Call
from harness.contract.contract import Operation
from harness.target.target import AlfredTarget
from harness.wire.exchange import NOTHING, Headers


class Credentials:
    """The headers of a target's keys and tokens."""

    def __init__(self, target: AlfredTarget, operations: Mapping[str, Operation]) -> None:
        self.target = target
        self.operations = operations

    def role(self, operation: str) -> str:
        """Return the credential that an operation takes: shop, platform or token."""
        return self.target.credentials.get(operation) or self.operations[operation].credential

    def key(self, value: str) -> Headers:
        return ((self.target.key_header, value),)

    def bearer(self, token: str) -> Headers:
        scheme = self.target.token_scheme
        return ((self.target.token_header, f"{scheme} {token}" if scheme else token),)

    def call(self, operation: str, token: str | None, *, body: Any = NOTHING, **path: str) -> Call:
        """Return a call with the credential that it takes; ``token`` is None for a call without a user."""
        return Call(operation, path, body=body, credentials=self._headers(operation, token))

    def _headers(self, operation: str, token: str | None) -> Headers:
        role = self.role(operation)
        if role == "token":
            if token is None:
                raise RuntimeError(f"{operation} takes a token on this target, and the call has no user")
            return self.bearer(token)
        return self.key((self.target.shop_key if role == "shop" else self.target.platform_key).value)
