"""Alfred's users: logging in, the wallet behind a reference, and its balance (contract.md A, W)."""

from dataclasses import dataclass
from decimal import Decimal

from sandbox.alfred.ids import Ids
from sandbox.alfred.records import AccessToken, AlfredWallet, Login
from sandbox.books import Books
from sandbox.http import fields
from sandbox.http.bodies import Body
from sandbox.http.rejections import require
from sandbox.ledger import identifiers


@dataclass
class Users:
    books: Books
    ids: Ids

    # Logging in: contract.md

    async def authenticate(self, platform_id: str, body: Body) -> Login:
        """Return the wallet of a reference, opened at the first login, and a new token for it."""
        self.check_platform(platform_id)
        reference = self.external_reference(body)
        async with self.books.turn():
            wallet = self.wallet_of_reference(reference)
            async with self.books.writing():
                wallet = wallet or self.open_wallet(reference)
                return Login(wallet, self.issue_token(wallet))

    def check_platform(self, platform_id: str) -> None:
        """Reject a platform that the key does not belong to (A-4)."""
        require(platform_id == self.books.settings.platform_id, "foreign_platform")

    def external_reference(self, body: Body) -> str:
        return fields.text(body, "externalReferenceId")

    def wallet_of_reference(self, reference: str) -> AlfredWallet | None:
        return self.books.records.first(AlfredWallet, reference=reference)

    def open_wallet(self, reference: str) -> AlfredWallet:
        wallet = AlfredWallet(self.ids.wallet(), reference, self.ids.account(), self.books.now())
        self.books.ledger.open_account(self.account_name(wallet.account_id))
        self.books.keep(wallet)
        return wallet

    def issue_token(self, wallet: AlfredWallet) -> str:
        token = identifiers.new_access_token()
        self.books.keep(AccessToken(identifiers.digest(token), wallet.id, self.books.now()))
        return token

    # Wallets: contract.md W-1, W-2, W-3

    async def get_wallet(self, owner: AlfredWallet, wallet_id: str) -> AlfredWallet:
        wallet = self.wallet_named(wallet_id)
        self.check_wallet_is_owners(wallet, owner)
        return wallet

    def wallet_named(self, wallet_id: str) -> AlfredWallet:
        return self.books.found(AlfredWallet, "unknown_wallet", id=wallet_id)

    def check_wallet_is_owners(self, wallet: AlfredWallet, owner: AlfredWallet) -> None:
        require(wallet.id == owner.id, "foreign_wallet")

    def balance_of(self, wallet: AlfredWallet) -> Decimal:
        """Return the balance in major units."""
        return self.books.ledger.balance(self.account_name(wallet.account_id))

    def account_name(self, account_id: str) -> str:
        return f"alfred/account/{account_id}"
