"""Users of Alfred and their wallets (contract.md A-1 and W-1)."""

from dataclasses import dataclass, field
from typing import Any

from harness.apis.alfred.credentials import Credentials
from harness.client.calls import Call
from harness.client.client import Client
from harness.failures import ContractViolation, Finding


@dataclass(frozen=True)
class User:
    """An authenticated user. The access token is not shown."""

    external_reference: str
    wallet_id: str
    token: str = field(repr=False)


class Users:
    def __init__(self, client: Client, credentials: Credentials) -> None:
        self._client = client
        self._credentials = credentials
        self._accounts: dict[str, str] = {}
        self._owners: dict[str, str] = {}

    def authentication_call(self, external_reference: str) -> Call:
        body = {"externalReferenceId": external_reference}
        platform = self._credentials.target.platform_id
        return self._credentials.call("authenticateWallet", None, platformId=platform, body=body)

    def authenticate(self, external_reference: str) -> User:
        """Return the user of this reference, with a new token."""
        payload = self._client.perform(self.authentication_call(external_reference))
        return user_of(external_reference, payload)

    def wallet_call(self, user: User) -> Call:
        return self._credentials.call("getWallet", user.token, walletId=user.wallet_id)

    def account(self, user: User) -> str:
        """Read the wallet. ContractViolation of W-2 if its account has changed, or is another wallet's."""
        account = str(self._client.perform(self.wallet_call(user))["walletAccountId"])
        before = self._accounts.setdefault(user.wallet_id, account)
        owner = self._owners.setdefault(account, user.wallet_id)
        if account != before:
            raise self._wrong_account(before, f"{account}: the account has changed")
        if owner != user.wallet_id:
            raise self._wrong_account("an account of its own", f"{account}, the account of wallet {owner}")
        return account

    def _wrong_account(self, documented: str, received: str) -> ContractViolation:
        return self._client.recorder.violation("W-2", (Finding("walletAccountId", documented, received),))


def user_of(external_reference: str, payload: Any) -> User:
    """Return the user of a response of authenticateWallet."""
    return User(external_reference, payload["walletId"], payload["accessToken"])
