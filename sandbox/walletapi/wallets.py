"""The WalletAPI's wallets: opening one, depositing, finding one by its alias (contract.md E-4, M-1, T-8)."""

import re
from dataclasses import dataclass, replace
from decimal import Decimal

from sandbox.books import Books
from sandbox.http import fields
from sandbox.http.bodies import Body
from sandbox.http.rejections import require
from sandbox.ledger import identifiers
from sandbox.ledger.postings import Movement
from sandbox.walletapi.records import DEPOSITS, Wallet


@dataclass
class Wallets:
    books: Books

    # Opening a wallet

    async def create_wallet(self, body: Body) -> Wallet:
        """Open an empty wallet of the one owner behind a new alias."""
        async with self.books.turn():
            wallet = Wallet(
                id=identifiers.new_guid(),
                owner_id=self.wallet_owner(body),
                name=fields.optional_text(body, "Name"),
                alias=self.new_alias(body),
                region_id=fields.whole_number(body, "RegionId"),
                currency=self.wallet_currency(body),
                description=fields.optional_text(body, "Description"),
                created=self.books.now(),
            )
            async with self.books.writing():
                self.open_wallet(wallet)
            return wallet

    def wallet_owner(self, body: Body) -> str:
        owner = fields.guid(body, "WalletOwnerId")
        require(owner == self.books.settings.owner_id.lower(), "unknown_owner")
        return owner

    def new_alias(self, body: Body) -> str:
        """Return ten digits that no wallet has."""
        alias = fields.text(body, "Alias")
        require(re.fullmatch("[0-9]{10}", alias), "not_an_alias", "Alias")
        require(not self.books.records.first(Wallet, alias=alias), "alias_taken")
        return alias

    def wallet_currency(self, body: Body) -> str:
        """Return the one currency in capitals. A request may contain it in either case."""
        currency = fields.text(body, "CurrencyCode").upper()
        require(currency == self.books.settings.walletapi_currency.upper(), "wrong_currency", "CurrencyCode")
        return currency

    def open_wallet(self, wallet: Wallet) -> None:
        self.books.ledger.open_account(self.account_name(wallet))
        self.books.keep(wallet)

    # Depositing: contract.md M-1

    async def deposit(self, body: Body) -> Wallet:
        amount = fields.amount(body, "Amount")
        description = fields.optional_text(body, "Description")
        reference = fields.optional_text(body, "ExternalReference")
        async with self.books.turn():
            wallet = self.wallet_behind(fields.text(body, "Alias"))
            async with self.books.writing():
                self.book_deposit(wallet, amount, reference or description or "")
                return self.touch(wallet)

    def book_deposit(self, wallet: Wallet, amount: Decimal, reference: str) -> None:
        movements = [Movement(DEPOSITS, -amount), Movement(self.account_name(wallet), amount)]
        self.books.ledger.post("Deposit", reference, movements, self.books.now())

    def touch(self, wallet: Wallet) -> Wallet:
        """Store the time at which money last moved."""
        touched = replace(wallet, updated=self.books.now())
        self.books.keep(touched)
        return touched

    # Finding one

    def wallet_behind(self, alias: str) -> Wallet:
        return self.books.found(Wallet, "unknown_alias", alias=alias)

    def account_name(self, wallet: Wallet) -> str:
        return f"walletapi/wallet/{wallet.id}"

    def balance_of(self, wallet: Wallet) -> Decimal:
        """Return the balance without gifts, in major units."""
        return self.books.ledger.balance(self.account_name(wallet))
