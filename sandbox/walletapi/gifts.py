"""The WalletAPI's gifts: giving one, which can be spent, and in what order (contract.md G)."""

from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal

from sandbox.books import Books
from sandbox.http import fields
from sandbox.http.bodies import Body
from sandbox.http.rejections import require
from sandbox.ledger import identifiers
from sandbox.ledger.postings import Movement
from sandbox.walletapi.records import GIVEN, Gift, GiftStanding, GiftUse, Wallet
from sandbox.walletapi.wallets import Wallets

NEVER = datetime.max.replace(tzinfo=UTC)


@dataclass
class Gifts:
    """A gift has an account of its own, so what is left of it is a balance too."""

    books: Books
    wallets: Wallets

    # Giving

    async def create_gift(self, body: Body) -> GiftStanding:
        amount = fields.amount(body, "Amount")
        expires = self.gift_expiry(body)
        async with self.books.turn():
            wallet = self.wallets.wallet_behind(fields.text(body, "Alias"))
            gift = Gift(
                id=identifiers.new_guid(),
                wallet_id=wallet.id,
                amount=amount,
                expires=expires,
                description=fields.optional_text(body, "Description"),
                external_reference=fields.optional_text(body, "ExternalReference"),
                created=self.books.now(),
            )
            async with self.books.writing():
                self.book_gift(gift)
                self.books.keep(gift)
                self.wallets.touch(wallet)
            return GiftStanding(gift, self.gift_remaining(gift))

    def gift_expiry(self, body: Body) -> datetime | None:
        """Return a time in the future, or None for a gift that stays until it is used."""
        expires = fields.optional_moment(body, "ExpirationDate")
        require(expires is None or not self.is_past(expires), "already_past", "ExpirationDate")
        return expires

    def book_gift(self, gift: Gift) -> None:
        self.books.ledger.open_account(self.gift_account(gift.id))
        movements = [Movement(GIVEN, -gift.amount), Movement(self.gift_account(gift.id), gift.amount)]
        self.books.ledger.post("Gift", gift.id, movements, gift.created)

    def gift_account(self, gift_id: str) -> str:
        return f"walletapi/gift/{gift_id}"

    # What can be spent: contract.md G-5

    def is_past(self, expires: datetime) -> bool:
        return expires <= self.books.now()

    def gift_remaining(self, gift: Gift) -> Decimal:
        return self.books.ledger.balance(self.gift_account(gift.id))

    def all_gifts(self, wallet: Wallet) -> tuple[GiftStanding, ...]:
        """Return every gift that the wallet ever got, oldest first."""
        gifts = self.books.records.all(Gift, wallet_id=wallet.id)
        return tuple(GiftStanding(gift, self.gift_remaining(gift)) for gift in gifts)

    def is_usable(self, standing: GiftStanding) -> bool:
        expires = standing.gift.expires
        return standing.remaining > 0 and not (expires and self.is_past(expires))

    def usable_gifts(self, wallet: Wallet) -> tuple[GiftStanding, ...]:
        """Return the gifts of this wallet that can be spent, in the order in which they are spent."""
        return self.gifts_in_order(tuple(filter(self.is_usable, self.all_gifts(wallet))))

    def gifts_in_order(self, gifts: tuple[GiftStanding, ...]) -> tuple[GiftStanding, ...]:
        """Return the gift that expires first before the others, gifts without a date last, among equals the older."""
        return tuple(sorted(gifts, key=lambda standing: (standing.gift.expires or NEVER, standing.gift.created)))

    # Spending: contract.md G-1, G-2

    def gift_uses(self, sale_id: str, amount: Decimal, gifts: tuple[GiftStanding, ...]) -> tuple[GiftUse, ...]:
        """Return what each gift pays of an amount, in turn, until it is paid."""
        uses: list[GiftUse] = []
        due = amount
        for standing in gifts:
            part = self.gift_part(due, standing.remaining)
            if part:
                uses.append(GiftUse(identifiers.new_guid(), sale_id, standing.gift.id, part))
            due -= part
        return tuple(uses)

    def gift_part(self, due: Decimal, remaining: Decimal) -> Decimal:
        return min(due, remaining)

    def gift_amount(self, uses: tuple[GiftUse, ...]) -> Decimal:
        return sum((use.amount for use in uses), Decimal("0.00"))
