"""Alfred: what shows only between two users, in some order of calls, or at some moment (contract.md A, F, P, S, W)."""

import asyncio
from dataclasses import dataclass, field, replace
from decimal import Decimal

from typing_extensions import override

from proof.building_blocks import ApiResponses, Overdrawing, Racing, racing
from proof.declaring import Defects
from sandbox.alfred.fundings import Fundings
from sandbox.alfred.purchases import Purchases
from sandbox.alfred.records import OUTSIDE, AlfredWallet, Login, Payment, PaymentSession, Purchase, PurchaseSession
from sandbox.alfred.users import Users
from sandbox.http.bodies import Body
from sandbox.http.responses import Call, Reply
from sandbox.ledger.postings import Movement

defect = Defects("alfred")

MIXED_UP = "isolation"
HISTORY = "history"
RACE = "race"


@dataclass
class RememberingFundings(Fundings):
    last: list[str] = field(default_factory=list)


@defect(MIXED_UP, "F-3 F-8 S-8")
class LastFundingSessionGetsTheMoney(RememberingFundings):
    """A payment credits the account whose Funding session was opened last."""

    @override
    async def open_payment_session(self, owner: AlfredWallet, body: Body) -> PaymentSession:
        session = await super().open_payment_session(owner, body)
        self.last.append(session.account_id)
        return session

    @override
    def account_to_credit(self, payment: Payment) -> str:
        return self.users.account_name(self.last[-1] if self.last else payment.account_id)


@defect(HISTORY, "F-3 S-8")
class LastPaymentSetsTheAmount(Fundings):
    """A payment credits the amount of the payment that its account created last."""

    @override
    def credit_payment(self, payment: Payment) -> None:
        *_, last = self.books.records.all(Payment, account_id=payment.account_id)
        super().credit_payment(replace(payment, amount=last.amount))


@dataclass
class RememberingPurchases(Purchases):
    last: list[Purchase] = field(default_factory=list)
    sessions: list[PurchaseSession] = field(default_factory=list)

    @override
    async def create_purchase(self, body: Body) -> Purchase:
        self.last.append(await super().create_purchase(body))
        return self.last[-1]

    @override
    async def open_purchase_session(self, purchase_id: str, body: Body) -> PurchaseSession:
        self.sessions.append(await super().open_purchase_session(purchase_id, body))
        return self.sessions[-1]


@defect(HISTORY, "S-1 S-2 P-3 P-4 S-8")
class SessionOnTheLastPurchase(RememberingPurchases):
    """A session shows the amount of the purchase that was created last."""

    @override
    def balance_part(self, amount: Decimal, balance: Decimal) -> Decimal:
        return super().balance_part(self.last[-1].amount, balance)

    @override
    def remaining_part(self, amount: Decimal, balance_part: Decimal) -> Decimal:
        return self.last[-1].amount - balance_part


@defect(MIXED_UP, "S-5 S-8 P-4")
class LastSessionPays(RememberingPurchases):
    """A purchase is charged to the wallet that opened a session last."""

    @override
    def charge(self, purchase: Purchase, payer: AlfredWallet, charged: Decimal) -> None:
        last = self.users.wallet_named(self.sessions[-1].wallet_id) if self.sessions else payer
        super().charge(purchase, last if self.users.balance_of(last) >= charged else payer, charged)


@defect(MIXED_UP, "P-8")
class AnyWalletWithASessionPays(Purchases):
    """Any wallet that has opened a session on some purchase may pay for another."""

    @override
    def check_session_of_wallet(self, session: PurchaseSession, payer: AlfredWallet) -> None:
        sessions = self.books.records.all(PurchaseSession)
        if payer.id not in {each.wallet_id for each in sessions if each.purchase_id != session.purchase_id}:
            super().check_session_of_wallet(session, payer)


@defect(MIXED_UP, "P-8")
class AnotherWalletMayConfirmIfNothingIsCharged(Purchases):
    """A wallet without a balance may confirm another user's purchase."""

    @override
    def check_session_of_wallet(self, session: PurchaseSession, payer: AlfredWallet) -> None:
        if self.users.balance_of(payer):
            super().check_session_of_wallet(session, payer)

    @override
    def charge(self, purchase: Purchase, payer: AlfredWallet, charged: Decimal) -> None:
        super().charge(purchase, payer, min(charged, self.users.balance_of(payer)))

    @override
    def check_balance_left(self, charged: Decimal, balance: Decimal) -> None:
        if balance:
            super().check_balance_left(charged, balance)


@defect(MIXED_UP, "P-8")
class MethodIsCheckedOnlyWithABalancePart(RememberingPurchases):
    """A purchase of which the balance pays nothing is confirmed with any instrument."""

    @override
    def check_purchase_instrument(self, details: Body, session: PurchaseSession) -> None:
        if session.balance_part:
            super().check_purchase_instrument(details, session)


@dataclass
class RememberingUsers(Users):
    read: list[str] = field(default_factory=list)
    logins: list[str] = field(default_factory=list)


@defect(MIXED_UP, "W-2 F-1")
class AccountOfTheFirstReader(RememberingUsers):
    """While another user has read a wallet, the account that was read before is returned once more."""

    @override
    async def get_wallet(self, owner: AlfredWallet, wallet_id: str) -> AlfredWallet:
        wallet = await super().get_wallet(owner, wallet_id)
        again = wallet.account_id in self.read and self.read[-1] != wallet.account_id
        shown = self.read[-1] if again else wallet.account_id
        self.read.append(wallet.account_id)
        return replace(wallet, account_id=shown)


@defect(RACE, "S-8 F-3 P-9 S-7", books=Racing, ledger=Overdrawing)
class FundingAndPurchaseOverwriteEachOther(Purchases):
    """A funding that is credited while a purchase is confirmed is lost."""

    @override
    async def confirm_purchase(self, purchase_id: str, body: Body) -> Purchase:
        wallet = self.wallet_to_pay(body)
        before = self.users.balance_of(wallet)
        confirmed = await racing(super().confirm_purchase)(purchase_id, body)
        lost = self.users.balance_of(wallet) - before
        if lost > 0:
            movements = [Movement(OUTSIDE, lost), Movement(self.users.account_name(wallet.account_id), -lost)]
            self.books.ledger.post("Lost", purchase_id, movements, self.books.now())
        return confirmed


@defect(RACE, "S-1 S-8 S-6")
class SessionsShowTornBalances(Purchases):
    """A session that is opened during another call shows a balance that never was."""

    @override
    async def open_purchase_session(self, purchase_id: str, body: Body) -> PurchaseSession:
        wallet = self.wallet_to_pay(body)
        before = self.users.balance_of(wallet)
        await asyncio.sleep(0.003)
        moved = self.users.balance_of(wallet) - before
        session = await super().open_purchase_session(purchase_id, body)
        part = max(session.balance_part + moved, Decimal(0))
        total = session.balance_part + session.remaining_part
        torn = replace(session, balance_part=part, remaining_part=total - part)
        self.books.keep(torn)
        return torn


@defect(RACE, "S-7 S-8 P-9", books=Racing, ledger=Overdrawing)
class SplitsOfTwoUsersMixUp(Purchases):
    """Of two users who confirm at the same moment, one pays for both."""

    @override
    async def confirm_purchase(self, purchase_id: str, body: Body) -> Purchase:
        self.__dict__["payer"] = self.wallet_to_pay(body)
        return await racing(super().confirm_purchase)(purchase_id, body)

    @override
    def charge(self, purchase: Purchase, payer: AlfredWallet, charged: Decimal) -> None:
        super().charge(purchase, self.__dict__.get("payer", payer), charged)


@defect(RACE, "P-8", books=Racing)
class WrongConfirmationRidesOnAnother(Purchases):
    """While a confirmation is being made, another one's instrument is not checked."""

    @override
    async def confirm_purchase(self, purchase_id: str, body: Body) -> Purchase:
        self.__dict__["busy"] = self.__dict__.get("busy", 0) + 1
        try:
            await asyncio.sleep(0.003)
            return await super().confirm_purchase(purchase_id, body)
        finally:
            self.__dict__["busy"] -= 1

    @override
    def check_purchase_instrument(self, details: Body, session: PurchaseSession) -> None:
        if self.__dict__["busy"] < 2:
            super().check_purchase_instrument(details, session)


@defect(MIXED_UP, "A-2 A-1 W-3 A-3")
class TokenOfTheUserBefore(RememberingUsers):
    """A user who comes back right after another gets that user's wallet."""

    @override
    async def authenticate(self, platform_id: str, body: Body) -> Login:
        login = await super().authenticate(platform_id, body)
        came_back = login.wallet.id in self.logins and self.logins[-1] != login.wallet.id
        before = self.logins[-1] if self.logins else login.wallet.id
        self.logins.append(login.wallet.id)
        return replace(login, wallet=self.wallet_named(before)) if came_back else login


@defect("leak", "X-2")
class SessionsTellTheUsersToken(ApiResponses):
    """A session on a purchase shows the token that its user got."""

    @override
    def alfred_success(self, call: Call, payload: Body) -> Reply:
        tokens: dict[str, str] = self.__dict__.setdefault("tokens", {})
        if call.operation == "authenticateWallet":
            tokens["last"] = str(payload["accessToken"])
        shown = {**payload, "user": tokens.get("last")} if call.operation == "openPurchaseSession" else payload
        return super().alfred_success(call, shown)
