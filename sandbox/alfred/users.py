"""Alfred's users: who may call what, the wallet behind a reference, and its balance (contract.md A, W)."""

from dataclasses import dataclass
from decimal import Decimal

from sandbox.alfred.records import AccessToken, AlfredWallet, Login
from sandbox.http import fields
from sandbox.http.bodies import Body
from sandbox.http.rejections import Rejection, require
from sandbox.ledger import identifiers
from sandbox.rules import Rules

OUTSIDE = "alfred/outside"
SALES = "alfred/sales"

TAKES = {
    "authenticateWallet": "platform",
    "createPurchase": "shop",
    "openPurchaseSession": "shop",
    "confirmPurchase": "shop",
    "getWallet": "token",
    "openPaymentSession": "token",
    "createPayment": "token",
    "confirmPayment": "token",
}


@dataclass(frozen=True)
class Presented:
    """The credentials that came with a call, each None if it did not."""

    key: str | None = None
    token: str | None = None


class AlfredUsers(Rules):
    def open_accounts(self) -> None:
        self.ledger.open_account(OUTSIDE, held=False)
        self.ledger.open_account(SALES, held=False)

    # Who calls: contract.md A-4, P-5, W-3

    def admit(self, operation: str, presented: Presented) -> AlfredWallet | None:
        """Check the credential of a call. Return the user of the token, if the operation requires a token."""
        role = TAKES[operation]
        if role == "token":
            return self.owner_of_token(operation, self.check_present(operation, presented.token))
        key = self.check_present(operation, presented.key)
        self.check_key_known(operation, key)
        self.check_key_role(operation, key, role)
        return None

    def check_present(self, operation: str, credential: str | None) -> str:  # noqa: ARG002 (a seam for one operation)
        if not credential:
            raise Rejection("missing_credential")
        return credential

    def check_key_known(self, operation: str, key: str) -> None:  # noqa: ARG002
        known = [self.same_secret(key, each) for each in (self.settings.shop_key, self.settings.platform_key)]
        require(any(known), "unknown_credential")

    def check_key_role(self, operation: str, key: str, role: str) -> None:  # noqa: ARG002
        expected = self.settings.shop_key if role == "shop" else self.settings.platform_key
        require(self.same_secret(key, expected), "wrong_role")

    def owner_of_token(self, operation: str, token: str) -> AlfredWallet:  # noqa: ARG002
        """Return the user to whom a token was issued. Earlier tokens keep working."""
        issued = self.found(AccessToken, "unknown_credential", id=identifiers.digest(token))
        return self.found(AlfredWallet, "unknown_credential", id=issued.wallet_id)

    # Logging in: contract.md

    async def authenticate(self, platform_id: str, body: Body) -> Login:
        """Return the wallet of a reference, opened at the first login, and a new token for it."""
        self.check_platform(platform_id)
        reference = self.external_reference(body)
        async with self.exclusively("authenticateWallet"):
            wallet = self.wallet_of_reference(reference)
            await self.between_read_and_write("authenticateWallet")
            with self.transaction():
                wallet = wallet or self.open_wallet(reference)
                return Login(wallet, self.issue_token(wallet))

    def check_platform(self, platform_id: str) -> None:
        """Reject a platform that the key does not belong to (A-4)."""
        require(platform_id == self.settings.platform_id, "foreign_platform")

    def external_reference(self, body: Body) -> str:
        return fields.text(body, "externalReferenceId")

    def wallet_of_reference(self, reference: str) -> AlfredWallet | None:
        return self.records.first(AlfredWallet, reference=reference)

    def open_wallet(self, reference: str) -> AlfredWallet:
        wallet = AlfredWallet(self.new_wallet_id(), reference, self.new_account_id(), self.now())
        self.ledger.open_account(self.account_name(wallet.account_id))
        self.records.keep(wallet)
        return wallet

    def new_id(self) -> str:
        return identifiers.new_alfred_id()

    new_wallet_id = new_account_id = new_purchase_id = new_session_id = new_id
    new_instrument_id = new_payment_session_id = new_funding_instrument_id = new_payment_id = new_id

    def issue_token(self, wallet: AlfredWallet) -> str:
        token = identifiers.new_access_token()
        self.records.keep(AccessToken(identifiers.digest(token), wallet.id, self.now()))
        return token

    # Wallets: contract.md W-1, W-2, W-3

    async def get_wallet(self, owner: AlfredWallet, wallet_id: str) -> AlfredWallet:
        wallet = self.wallet_named(wallet_id)
        self.check_wallet_is_owners(wallet, owner)
        return wallet

    def wallet_named(self, wallet_id: str) -> AlfredWallet:
        return self.found(AlfredWallet, "unknown_wallet", id=wallet_id)

    def check_wallet_is_owners(self, wallet: AlfredWallet, owner: AlfredWallet) -> None:
        require(wallet.id == owner.id, "foreign_wallet")

    def balance_of(self, wallet: AlfredWallet) -> Decimal:
        """Return the balance in major units."""
        return self.ledger.balance(self.account_name(wallet.account_id))

    def account_name(self, account_id: str) -> str:
        return f"alfred/account/{account_id}"
