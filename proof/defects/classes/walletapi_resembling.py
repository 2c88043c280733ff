"""WalletAPI: what only resembles a key, an alias or a reference is taken for it (contract.md E-2 to E-5, T-4, R-1)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from typing_extensions import override

from proof.declaring import Defects
from sandbox.http import fields
from sandbox.http.bodies import Body
from sandbox.http.rejections import Rejection, require
from sandbox.http.responses import Call
from sandbox.walletapi.credentials import Credentials
from sandbox.walletapi.gifts import Gifts
from sandbox.walletapi.records import GiftStanding, Order, Transaction, Wallet
from sandbox.walletapi.reversals import Reversals
from sandbox.walletapi.sales import Sales
from sandbox.walletapi.wallets import Wallets

defect = Defects("walletapi")

BUSINESS = "business rule"
CREDENTIALS = "credentials"
Admits = Callable[[str, str, str], bool]
"""Whether a value is taken for the valid one; the third is the valid value of the other header."""

ADMITS: Mapping[str, tuple[str, str, Admits]] = {
    "empty": ("E-2", "empty", lambda sent, _valid, _other: not sent),
    "longer": ("E-5", "longer than the valid one", lambda sent, valid, _other: sent.startswith(valid)),
    "shorter": ("E-5", "cut short", lambda sent, valid, _other: valid.startswith(sent) and bool(sent)),
    "other": ("E-5", "the other header's", lambda sent, _valid, other: sent == other),
}


def admitting(header: str, admits: Admits) -> type[Credentials]:
    class Admitting(Credentials):
        @override
        def admit(self, call: Call) -> None:
            settings = self.books.settings
            valid = {"apikeypublic": settings.walletapi_key, "apiclientpublic": settings.walletapi_client}
            (other,) = (value for name, value in valid.items() if name != header)
            headers = dict(call.headers)
            if header in headers and admits(headers[header], valid[header], other):
                headers[header] = valid[header]
            super().admit(replace(call, headers=headers))

    return Admitting


for _header in ("apikeypublic", "apiclientpublic"):
    for _name, (_clause, _what, _admits) in ADMITS.items():
        _altered = admitting(_header, _admits)
        defect.add(f"{_header}-{_name}", CREDENTIALS, _clause, f"An {_header} that is {_what} is accepted.", _altered)


ALIASES: Mapping[str, tuple[str, Callable[[str], str]]] = {
    "zero": ("with a zero in front", lambda alias: alias.lstrip("0")),
    "blank": ("with blanks around it", str.strip),
    "punctuated": ("with punctuation inside", lambda alias: "".join(filter(str.isalnum, alias))),
    "longer": ("with more digits behind it", lambda alias: alias[:10]),
    "country-code": ("with +90 in front", lambda alias: alias.removeprefix("+90")),
}


def aliased(normal: Callable[[str], str]) -> type[Sales]:
    class Aliased(Sales):
        @override
        def order(self, body: Body) -> Order:
            alias = body.get("Alias")
            return super().order({**body, "Alias": normal(alias)} if isinstance(alias, str) else body)

    return Aliased


for _name, (_what, _normal) in ALIASES.items():
    defect.add(f"alias-{_name}", BUSINESS, "E-4", f"An alias {_what} is that of the wallet.", aliased(_normal))


def found_by(compared: slice) -> type[Wallets]:
    class FoundBy(Wallets):
        @override
        def wallet_behind(self, alias: str) -> Wallet:
            alike = (each for each in self.books.records.all(Wallet) if each.alias[compared] == alias[compared])
            return next(alike, None) or super().wallet_behind(alias)

    return FoundBy


for _name, _what, _compared in (("last", "nine last", slice(1, None)), ("first", "nine first", slice(0, 9))):
    _sentence = f"A wallet is found by the {_what} digits of its alias."
    defect.add(f"wallet-by-{_name}-digits", "isolation", "T-4 T-8 M-1 E-4", _sentence, found_by(_compared))


@defect("isolation", "E-4")
class UnknownAliasTakesASimilarWallet(Sales):
    """A sale by an unknown alias is charged to a wallet whose alias differs from it only in the first digit."""

    @override
    def order(self, body: Body) -> Order:
        alias, wallets = body.get("Alias"), self.books.records.all(Wallet)
        if isinstance(alias, str) and not any(each.alias == alias for each in wallets):
            body = {**body, "Alias": next((each.alias for each in wallets if each.alias[1:] == alias[1:]), alias)}
        return super().order(body)


REFERENCES: Mapping[str, tuple[str, Callable[[str], str]]] = {
    "case": ("in any case", str.lower),
    "punctuation": ("with any punctuation", lambda reference: "".join(filter(str.isalnum, reference))),
    "last-letter": ("with any last letter", lambda reference: reference[:36]),
    "first-letter": ("with any first letter", lambda reference: reference[1:]),
}


def named_by(normal: Callable[[str], str]) -> type[Reversals]:
    class NamedBy(Reversals):
        @override
        def sale_named(self, reference: str) -> Transaction:
            sales = self.books.records.all(Transaction, type="Purchase")
            alike = (sale for sale in sales if normal(sale.external_reference or "") == normal(reference))
            return next(alike, None) or super().sale_named(reference)

    return NamedBy


for _name, (_what, _normal) in REFERENCES.items():
    _sentence = f"The oldest sale with the reference, {_what}, is undone."
    defect.add(f"undo-by-reference-{_name}", "isolation", "R-1 R-2", _sentence, named_by(_normal))


@defect("idempotency", "R-2")
class UndoAgainAfterAPause(Reversals):
    """A sale is undone again after a second."""

    @override
    def check_not_undone(self, sale: Transaction) -> None:
        done = self.books.records.first(Transaction, main_transaction_id=sale.id)
        require(not done or self.books.now() - done.created > timedelta(seconds=1), "already_undone")


@dataclass
class CountingReversals(Reversals):
    attempts: dict[str, int] = field(default_factory=dict)


@defect("idempotency", "R-2")
class UndoAtTheThirdAttempt(CountingReversals):
    """A sale is undone again at the third attempt."""

    @override
    def check_not_undone(self, sale: Transaction) -> None:
        self.attempts[sale.id] = self.attempts.get(sale.id, 0) + 1
        if self.attempts[sale.id] != 3:
            super().check_not_undone(sale)


@dataclass
class RememberingSales(Sales):
    refused: set[str] = field(default_factory=set)


@defect(BUSINESS, "E-4 X-1")
class SecondWrongSaleIsAccepted(RememberingSales):
    """A sale of a negative amount is accepted as a positive one, if it is repeated."""

    @override
    def order(self, body: Body) -> Order:
        try:
            return super().order(body)
        except Rejection:
            reference = str(body.get("ExternalReference"))
            if reference in self.refused and isinstance(body.get("Alias"), str):
                return super().order({**body, "Amount": 1, "CashbackApply": False})
            self.refused.add(reference)
            raise


def usable_if(is_usable: Callable[[datetime, datetime], bool]) -> type[Gifts]:
    """Return gifts whose date decides: the two moments are now and when the gift expires."""

    class UsableIf(Gifts):
        @override
        def is_usable(self, standing: GiftStanding) -> bool:
            expires = standing.gift.expires
            usable = expires is None or is_usable(self.books.now(), expires)
            return standing.remaining > 0 and usable

    return UsableIf


MINUTES, YEAR = timedelta(minutes=10), timedelta(days=400)
USABLE: Mapping[str, tuple[str, str, Callable[[datetime, datetime], bool]]] = {
    "until-midnight": ("G-5", "pays until the end of the day", lambda now, end: end.date() >= now.date()),
    "not-in-the-last-minutes": ("G-1 G-2", "rests in its last minutes", lambda now, end: end > now + MINUTES),
    "not-in-the-last-hour": ("G-1 G-2", "rests in its last hours", lambda now, end: end > now + 12 * MINUTES),
    "not-for-years": ("G-1 G-2", "rests if its date is years ahead", lambda now, end: now < end < now + YEAR),
}
for _name, (_clauses, _what, _is_usable) in USABLE.items():
    defect.add(f"gift-usable-{_name}", BUSINESS, f"{_clauses} E-3 M-1", f"A gift {_what}.", usable_if(_is_usable))


@defect(BUSINESS, "G-5 G-1")
class OffsetOfADateIsIgnored(Gifts):
    """The offset of an ExpirationDate is read as Z."""

    @override
    def gift_expiry(self, body: Body) -> datetime | None:
        date = fields.optional_text(body, "ExpirationDate")
        return super().gift_expiry({**body, "ExpirationDate": f"{date[:19]}Z" if date else None})


@defect(BUSINESS, "G-5")
class PartlyUsedGiftNeverExpires(Gifts):
    """A gift of which a part was spent pays after its date too."""

    @override
    def is_usable(self, standing: GiftStanding) -> bool:
        return 0 < standing.remaining < standing.gift.amount or super().is_usable(standing)


@defect("time", "G-5")
class GiftsPayTwoSecondsLonger(Gifts):
    """A gift pays until two seconds after its date."""

    @override
    def is_past(self, expires: datetime) -> bool:
        return super().is_past(expires + timedelta(seconds=2))


@defect(BUSINESS, "G-1 G-2 G-6 E-3 M-1")
class DatedGiftsHideTheOthers(Gifts):
    """While there is a gift with a date, gifts without one pay nothing."""

    @override
    def usable_gifts(self, wallet: Wallet) -> tuple[GiftStanding, ...]:
        gifts = super().usable_gifts(wallet)
        return tuple(each for each in gifts if each.gift.expires) or gifts
