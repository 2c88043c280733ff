"""Users of Alfred and their wallets (contract.md A-1 and W-1)."""

from dataclasses import dataclass, field
from typing import Any

from harness.apis.alfred.credentials import Credentials
from harness.client.calls import Call
from harness.client.client import Client


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
        return str(self._client.perform(self.wallet_call(user))["walletAccountId"])


def user_of(external_reference: str, payload: Any) -> User:
    """Return the user of a response of authenticateWallet."""
    return User(external_reference, payload["walletId"], payload["accessToken"])
