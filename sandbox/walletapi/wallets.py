"""The WalletAPI's wallets: who may call, opening one, depositing, reading balances (contract.md T-8, E-2, E-5)."""

import re
from dataclasses import dataclass, replace
from decimal import Decimal

from sandbox.http import fields
from sandbox.http.bodies import Body
from sandbox.http.rejections import Rejection, require
from sandbox.ledger import identifiers
from sandbox.ledger.postings import Movement
from sandbox.rules import Rules
from sandbox.walletapi.records import GiftStanding, Standing, Wallet

DEPOSITS = "walletapi/deposits"
GIVEN = "walletapi/gifts-given"
SALES = "walletapi/sales"
CASHBACK = "walletapi/cashback"


@dataclass(frozen=True)
class KeyPair:
    """The two headers of a call, each None if it did not come."""

    key: str | None = None
    client: str | None = None


class WalletApiWallets(Rules):
    def open_accounts(self) -> None:
        for account in (DEPOSITS, GIVEN, SALES, CASHBACK):
            self.ledger.open_account(account, held=False)

    # Who calls: contract.md E-2, E-5

    def admit(self, operation: str, pair: KeyPair) -> None:
        if not pair.key or not pair.client:
            raise Rejection("missing_credential")
        self.check_key(operation, pair.key)
        self.check_client(operation, pair.client)

    def check_key(self, operation: str, key: str) -> None:  # noqa: ARG002
        require(self.same_secret(key, self.settings.walletapi_key), "unknown_credential")

    def check_client(self, operation: str, client: str) -> None:  # noqa: ARG002
        require(self.same_secret(client, self.settings.walletapi_client), "unknown_credential")

    # Opening a wallet

    async def create_wallet(self, body: Body) -> Standing:
        """Open an empty wallet of the one owner behind a new alias."""
        async with self.exclusively("createWallet"):
            wallet = Wallet(
                id=self.new_wallet_id(),
                owner_id=self.wallet_owner(body),
                name=fields.optional_text(body, "Name"),
                alias=self.new_alias(body),
                region_id=fields.whole_number(body, "RegionId"),
                currency=self.wallet_currency(body),
                description=fields.optional_text(body, "Description"),
                created=self.now(),
            )
            await self.between_read_and_write("createWallet")
            with self.transaction():
                self.ledger.open_account(self.account_name(wallet))
                self.keep(wallet)
            return self.standing(wallet)

    def wallet_owner(self, body: Body) -> str:
        owner = fields.guid(body, "WalletOwnerId")
        require(owner == self.settings.owner_id.lower(), "unknown_owner")
        return owner

    def new_alias(self, body: Body) -> str:
        """Return ten digits that no wallet has."""
        alias = fields.text(body, "Alias")
        require(re.fullmatch("[0-9]{10}", alias), "not_an_alias", "Alias")
        require(not self.records.first(Wallet, alias=alias), "alias_taken")
        return alias

    def wallet_currency(self, body: Body) -> str:
        """Return the one currency in capitals. A request may contain it in either case."""
        currency = fields.text(body, "CurrencyCode").upper()
        require(currency == self.settings.walletapi_currency.upper(), "wrong_currency", "CurrencyCode")
        return currency

    def new_wallet_id(self) -> str:
        return identifiers.new_guid()

    def account_name(self, wallet: Wallet) -> str:
        return f"walletapi/wallet/{wallet.id}"

    # Depositing: contract.md M-1

    async def deposit(self, body: Body) -> Standing:
        amount = self.deposit_amount(body)
        description = fields.optional_text(body, "Description")
        reference = fields.optional_text(body, "ExternalReference")
        async with self.exclusively("depositByAlias"):
            wallet = self.wallet_behind(fields.text(body, "Alias"))
            balance = self.balance_of(wallet)
            await self.between_read_and_write("depositByAlias")
            with self.transaction():
                self.book_deposit(wallet, amount, balance, reference or description or "")
                return self.standing(self.touch(wallet))

    def deposit_amount(self, body: Body) -> Decimal:
        return fields.amount(body, "Amount")

    def wallet_behind(self, alias: str) -> Wallet:
        """Return the wallet with this alias (T-4, E-4)."""
        return self.found(Wallet, "unknown_alias", alias=alias)

    def book_deposit(self, wallet: Wallet, amount: Decimal, balance: Decimal, reference: str) -> None:  # noqa: ARG002
        """Book what comes in. ``balance`` was read before; the ledger adds to what there is, so it is not used."""
        movements = [Movement(DEPOSITS, -amount), Movement(self.account_name(wallet), amount)]
        self.ledger.post("Deposit", reference, movements, self.now())

    def touch(self, wallet: Wallet) -> Wallet:
        """Store the time at which money last moved."""
        touched = replace(wallet, updated=self.now())
        self.keep(touched)
        return touched

    # Reading

    async def balances(self, alias: str) -> Standing:
        return self.standing(self.wallet_behind(alias))

    def standing(self, wallet: Wallet) -> Standing:
        gifts = self.gifts_shown(wallet)
        return Standing(wallet, self.balance_of(wallet), self.gift_total(gifts), gifts)

    def balance_of(self, wallet: Wallet) -> Decimal:
        """Return the balance without gifts, in major units."""
        return self.ledger.balance(self.account_name(wallet))

    def gifts_shown(self, wallet: Wallet) -> tuple[GiftStanding, ...]:  # noqa: ARG002
        """Return the gifts that can be spent. The class that knows gifts overrides this."""
        return ()

    def gift_total(self, gifts: tuple[GiftStanding, ...]) -> Decimal:
        return sum((standing.remaining for standing in gifts), Decimal("0.00"))
