"""WalletAPI: faults that show only in some amounts, some texts and some kinds of sale (contract.md T, C, G, M)."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta
from decimal import ROUND_DOWN, Decimal

from typing_extensions import override

from proof.building_blocks import CENT, SaleResponses, in_single_precision
from proof.declaring import Defects
from sandbox.http.bodies import Body
from sandbox.walletapi.gifts import Gifts
from sandbox.walletapi.records import Gift, GiftUse, Order, Transaction, Wallet
from sandbox.walletapi.sales import Sales
from sandbox.walletapi.wallets import Wallets

defect = Defects("walletapi")

BUSINESS = "business rule"
THREE_HOURS = timedelta(hours=3)


def whole_above_a_thousand(amount: Decimal) -> Decimal:
    return amount.quantize(Decimal(1), ROUND_DOWN).quantize(CENT) if amount > 1000 else amount


def round_hundreds_less_a_cent(amount: Decimal) -> Decimal:
    return amount - CENT if amount % 100 == 0 else amount


def at_most_ten_thousand(amount: Decimal) -> Decimal:
    return min(amount, Decimal("10000.00"))


ALTERED: Mapping[str, tuple[str, Callable[[Decimal], Decimal]]] = {
    "in-single-precision": ("is held in four bytes", in_single_precision),
    "in-whole-units-above-a-thousand": ("loses its minor units above a thousand", whole_above_a_thousand),
    "less-a-cent-if-round": ("of round hundreds loses a minor unit", round_hundreds_less_a_cent),
    "at-most-ten-thousand": ("counts to ten thousand at most", at_most_ten_thousand),
}


def deposits(alter: Callable[[Decimal], Decimal]) -> type:
    class Altered(Wallets):
        @override
        def book_deposit(self, wallet: Wallet, amount: Decimal, reference: str) -> None:
            super().book_deposit(wallet, alter(amount), reference)

    return Altered


def sales(alter: Callable[[Decimal], Decimal]) -> type:
    class Altered(Sales):
        @override
        def sale_amount(self, body: Body) -> Decimal:
            return alter(super().sale_amount(body))

    return Altered


def given_gifts(alter: Callable[[Decimal], Decimal]) -> type:
    class Altered(Gifts):
        @override
        def book_gift(self, gift: Gift) -> None:
            super().book_gift(replace(gift, amount=alter(gift.amount)))

    return Altered


for _name, (_what, _alter) in ALTERED.items():
    defect.add(f"deposit-{_name}", BUSINESS, "M-1", f"A deposit {_what}.", deposits(_alter))
    defect.add(f"sale-{_name}", BUSINESS, "T-2 T-7 E-3 M-1", f"A sale {_what}.", sales(_alter))
    defect.add(f"gift-{_name}", BUSINESS, "M-1 T-8 G-1 G-2", f"A gift {_what}.", given_gifts(_alter))


OfSale = Callable[[Transaction], bool]
OF_SALES: Mapping[str, tuple[str, OfSale]] = {
    "with-a-gift": ("that a gift pays in part", lambda sale: bool(sale.gift_amount)),
    "paid-by-gifts": ("that gifts pay completely", lambda sale: sale.gift_amount == sale.amount),
    "with-cashback": ("with cashback", lambda sale: bool(sale.cashback_amount)),
    "of-a-thousand": ("of a thousand or more", lambda sale: sale.amount >= 1000),
    "that-takes-all": ("that takes the whole balance", lambda sale: not sale.balance_after),
}
CHANGES: Mapping[str, tuple[str, str, Callable[[Transaction], Transaction]]] = {
    "description": ("T-2", "has another description", lambda sale: replace(sale, description="Sale")),
    "reference": ("T-2", "has another reference", lambda sale: replace(sale, external_reference=sale.id)),
    "wallet": ("T-4", "names another wallet", lambda sale: replace(sale, wallet_id=sale.id)),
    "local-time": ("T-5", "has the local time", lambda sale: replace(sale, created=sale.created + THREE_HOURS)),
    "main": ("T-6", "names a main transaction", lambda sale: replace(sale, main_transaction_id=sale.id)),
    "balance": ("T-7", "shows the balance before", lambda sale: replace(sale, balance_after=sale.amount * 3)),
}


def shown(applies: OfSale, change: Callable[[Transaction], Transaction]) -> type:
    class Altered(Sales):
        @override
        def sale(
            self, sale_id: str, order: Order, wallet: Wallet, balance: Decimal, uses: tuple[GiftUse, ...]
        ) -> Transaction:
            sale = super().sale(sale_id, order, wallet, balance, uses)
            return change(sale) if applies(sale) else sale

    return Altered


for _name, (_which, _applies) in OF_SALES.items():
    for _member, (_clause, _what, _change) in CHANGES.items():
        _altered = shown(_applies, _change)
        defect.add(f"{_member}-of-a-sale-{_name}", BUSINESS, _clause, f"A sale {_which} {_what}.", _altered)


TEXTS: Mapping[str, tuple[str, Callable[[str], str]]] = {
    "trimmed": ("loses blanks around it", str.strip),
    "with-single-blanks": ("loses a blank of two", lambda text: text.replace("  ", " ")),
    "in-ascii": ("loses what is not ASCII", lambda text: text.encode("ascii", "ignore").decode()),
    "without-tags": ("loses its tags", lambda text: text.replace("<b>", "").replace("</b>", "")),
    "as-number": ("loses zeros, if it looks like a number", lambda text: text.strip("0") if text[:1] == "0" else text),
    "cut": ("is cut after a hundred characters", lambda text: text[:100]),
}


def described(alter: Callable[[str], str]) -> type:
    class Altered(Sales):
        @override
        def order(self, body: Body) -> Order:
            order = super().order(body)
            return replace(order, description=alter(order.description or ""))

    return Altered


for _name, (_what, _shorten) in TEXTS.items():
    defect.add(f"description-{_name}", BUSINESS, "T-2 X-1", f"The description of a sale {_what}.", described(_shorten))


def switched(member: str, *, absent: bool) -> type:
    class Altered(Sales):
        @override
        def order(self, body: Body) -> Order:
            unset = member not in body if absent else body.get(member, False) is None
            return super().order({**body, member: True} if unset else body)

    return Altered


for _member, _clauses in {"UseGiftBalances": "G-3", "CashbackApply": "C-2"}.items():
    _name = "gifts" if _member == "UseGiftBalances" else "cashback"
    _sentence = f"A sale without {_member} is made as if it were true."
    defect.add(f"{_name}-if-absent", BUSINESS, _clauses, _sentence, switched(_member, absent=True))
    _sentence = f"A sale whose {_member} is null is made as if it were true."
    defect.add(f"{_name}-if-null", BUSINESS, _clauses, _sentence, switched(_member, absent=False))


@defect(BUSINESS, "C-1")
class CashbackAtMostTheAmount(Sales):
    """A cashback of a larger value than the amount is cut."""

    @override
    def cashback_of(self, order: Order) -> Decimal:
        return min(super().cashback_of(order), order.amount)


@defect(BUSINESS, "C-3")
class PercentageAtMostAHundred(Sales):
    """A percentage above a hundred counts as a hundred."""

    @override
    def percentage(self, amount: Decimal, percent: Decimal) -> Decimal:
        return super().percentage(amount, min(percent, Decimal(100)))


@defect(BUSINESS, "C-3")
class PercentageIsCutToWholePercent(Sales):
    """A percentage loses its decimal places."""

    @override
    def percentage(self, amount: Decimal, percent: Decimal) -> Decimal:
        return super().percentage(amount, max(percent.quantize(Decimal(1), ROUND_DOWN), CENT))


@defect("history", "C-1 C-3 M-1")
class SecondSaleGivesNoCashback(Sales):
    """The second sale from a wallet gives no cashback."""

    @override
    def sale(
        self, sale_id: str, order: Order, wallet: Wallet, balance: Decimal, uses: tuple[GiftUse, ...]
    ) -> Transaction:
        sold: Counter[str] = self.__dict__.setdefault("sold", Counter())
        sold[wallet.id] += 1
        self._is_second = sold[wallet.id] == 2
        return super().sale(sale_id, order, wallet, balance, uses)

    @override
    def cashback_of(self, order: Order) -> Decimal:
        return Decimal(0) if self._is_second else super().cashback_of(order)


@defect("business rule", "T-2 T-1")
class EmptyDescriptionIsNull(SaleResponses):
    """A sale returns null for an empty description."""

    @override
    def changed(self, value: Body) -> Body:
        return {**value, "Description": value["Description"] or None}


@defect("business rule", "T-2")
class PlusInAReferenceIsABlank(SaleResponses):
    """A sale returns a blank for a plus sign in its reference."""

    @override
    def changed(self, value: Body) -> Body:
        reference = value["ExternalReference"]
        return {**value, "ExternalReference": reference and reference.replace("+", " ")}


@defect("business rule", "G-6")
class NextGiftIsNamed(Sales):
    """A sale that uses up a gift names the wallet's next one, if there is one."""

    @override
    def sale(
        self, sale_id: str, order: Order, wallet: Wallet, balance: Decimal, uses: tuple[GiftUse, ...]
    ) -> Transaction:
        sale = super().sale(sale_id, order, wallet, balance, uses)
        paid = {use.gift_id: use.amount for use in uses}
        others = [each for each in self.gifts.usable_gifts(wallet) if each.remaining > paid.get(each.gift.id, 0)]
        is_whole = len(uses) == 1 and others and uses[0].gift_id not in {each.gift.id for each in others}
        return replace(sale, gift_balance_id=others[0].gift.id) if is_whole else sale
