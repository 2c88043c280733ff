"""The WalletAPI's credentials (contract.md E-2, E-5)."""

from dataclasses import dataclass

from sandbox.books import Books
from sandbox.http.rejections import require
from sandbox.http.responses import Call
from sandbox.ledger import identifiers


@dataclass
class Credentials:
    books: Books

    def admit(self, call: Call) -> None:
        """Reject a call unless both headers came and are known."""
        key, client = call.headers.get("apikeypublic", ""), call.headers.get("apiclientpublic", "")
        require(key and client, "missing_credential")
        require(identifiers.same_secret(key, self.books.settings.walletapi_key), "unknown_credential")
        require(identifiers.same_secret(client, self.books.settings.walletapi_client), "unknown_credential")
