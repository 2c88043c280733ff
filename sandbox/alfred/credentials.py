"""Alfred's credentials: who may call what (contract.md A-4, P-5, W-3)."""

from collections.abc import Mapping
from dataclasses import dataclass

from sandbox.alfred.records import AccessToken, AlfredWallet
from sandbox.books import Books
from sandbox.http.rejections import Rejection, require
from sandbox.http.responses import Call
from sandbox.ledger import identifiers


@dataclass(frozen=True)
class Presented:
    """The credentials that came with a call, each None if it did not."""

    key: str | None = None
    token: str | None = None


@dataclass
class Credentials:
    books: Books

    def admit(self, call: Call) -> AlfredWallet | None:
        """Check the credential of a call. Return the user of the token, if the operation requires a token."""
        presented, role = self.presented(call.headers), self.role(call)
        credential = presented.token if role == "token" else presented.key
        if not credential:
            raise Rejection("missing_credential")
        if role == "token":
            return self.owner_of_token(credential)
        self.check_key(credential, role)
        return None

    def presented(self, headers: Mapping[str, str]) -> Presented:
        """Read the key from API-KEY, the token from ``Authorization: Bearer``."""
        scheme, _, token = headers.get("authorization", "").partition(" ")
        return Presented(headers.get("api-key"), token.strip() if scheme.lower() == "bearer" else None)

    def role(self, call: Call) -> str:
        """Return what the operation takes: ``platform``, ``shop`` or ``token``."""
        return call.takes

    def check_key(self, key: str, role: str) -> None:
        """Reject an unknown key, and the key of the other role."""
        keys = {"shop": self.books.settings.shop_key, "platform": self.books.settings.platform_key}
        matches = {name: identifiers.same_secret(key, known) for name, known in keys.items()}
        require(any(matches.values()), "unknown_credential")
        require(matches[role], "wrong_role")

    def owner_of_token(self, token: str) -> AlfredWallet:
        """Return the user to whom a token was issued. Earlier tokens keep working."""
        issued = self.books.found(AccessToken, "unknown_credential", id=identifiers.digest(token))
        return self.books.found(AlfredWallet, "unknown_credential", id=issued.wallet_id)
