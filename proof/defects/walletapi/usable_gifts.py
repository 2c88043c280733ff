"""WalletAPI: how often and until when a gift pays (contract.md G-1, G-2, G-5)."""

import re
from datetime import UTC, datetime
from decimal import Decimal

from typing_extensions import override

from proof.declaring import Defects
from sandbox.http import fields
from sandbox.http.bodies import Body
from sandbox.walletapi.gifts import Gifts
from sandbox.walletapi.records import Gift, GiftStanding, GiftUse, Wallet

defect = Defects("walletapi")


@defect("history", "G-2 G-1")
class GiftForThreeSales(Gifts):
    """What is left of a gift after its third sale is lost."""

    @override
    def is_usable(self, standing: GiftStanding) -> bool:
        uses = self.books.records.all(GiftUse, gift_id=standing.gift.id)
        return len(uses) < 3 and super().is_usable(standing)


@defect("time", "G-1 G-2")
class GiftBeyondThirtyTwoBits(Gifts):
    """A gift that expires after January 2038 pays nothing."""

    @override
    def is_usable(self, standing: GiftStanding) -> bool:
        expires = standing.gift.expires
        return not (expires and expires > datetime(2038, 1, 19, tzinfo=UTC)) and super().is_usable(standing)


@defect("time", "G-5")
class MinutesOfAnOffset(Gifts):
    """The minutes of a positive offset in ExpirationDate (+05:30) are ignored, so the gift pays half an hour longer."""

    @override
    def gift_expiry(self, body: Body) -> datetime | None:
        date = fields.optional_text(body, "ExpirationDate")
        return super().gift_expiry({**body, "ExpirationDate": date and re.sub(r"(\+\d\d):\d\d$", r"\1:00", date)})


@defect("business rule", "G-2")
class RestOfLessThanAUnitIsLost(Gifts):
    """A gift of which less than 1 is left pays nothing."""

    @override
    def gift_part(self, due: Decimal, remaining: Decimal) -> Decimal:
        return super().gift_part(due, remaining) if remaining >= 1 else Decimal(0)


@defect("business rule", "M-1 G-2")
class GiftIsADepositToo(Gifts):
    """A gift is put on the balance, too."""

    @override
    def book_gift(self, gift: Gift) -> None:
        super().book_gift(gift)
        wallet = self.books.found(Wallet, "unknown_wallet", id=gift.wallet_id)
        self.wallets.book_deposit(wallet, gift.amount, gift.id)
