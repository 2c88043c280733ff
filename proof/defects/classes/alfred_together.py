"""Alfred: calls that disturb each other only if they arrive together (contract.md A, P, S, W)."""

import asyncio
from dataclasses import dataclass, field, replace
from decimal import Decimal

from typing_extensions import override

from proof.building_blocks import Overdrawing
from proof.declaring import Defects
from sandbox.admin.pages import Admin
from sandbox.alfred.fundings import Fundings
from sandbox.alfred.purchases import Purchases
from sandbox.alfred.records import OUTSIDE, AccessToken, AlfredWallet, Login, Payment, Purchase, PurchaseSession
from sandbox.alfred.users import Users
from sandbox.http import fields
from sandbox.http.bodies import Body
from sandbox.ledger import identifiers
from sandbox.ledger.postings import Movement

defect = Defects("alfred")

RACE = "race"
PAUSE = 0.005  # seconds


@dataclass
class Meeting(Users):
    present: list[str] = field(default_factory=list)


@defect(RACE, "W-1 A-1 F-1")
class AuthenticationsTogetherEndBothTokens(Meeting):
    """If a user authenticates twice at the same time, neither token works."""

    @override
    async def authenticate(self, platform_id: str, body: Body) -> Login:
        reference = str(body.get("externalReferenceId"))
        self.present.append(reference)
        try:
            login = await super().authenticate(platform_id, body)
            await asyncio.sleep(PAUSE)
        finally:
            alone = self.present.count(reference) == 1
            self.present.remove(reference)
        if not alone or login.wallet.id in self.__dict__.setdefault("disturbed", set()):
            self.__dict__["disturbed"].add(login.wallet.id)
            token = self.books.found(AccessToken, "unknown_credential", id=identifiers.digest(login.token))
            self.books.keep(replace(token, wallet_id=""))
        return login


@defect(RACE, "A-2 A-3 W-1")
class UsersAuthenticatedTogetherShareAWallet(Meeting):
    """Users who authenticate again at the same time all reach the wallet of one of them."""

    @override
    async def authenticate(self, platform_id: str, body: Body) -> Login:
        known = self.wallet_of_reference(self.external_reference(body))
        if known is None:
            return await super().authenticate(platform_id, body)
        self.present.append(known.reference)
        await asyncio.sleep(PAUSE)
        return await super().authenticate(platform_id, {**body, "externalReferenceId": self.present[-1]})


@defect(RACE, "W-2 F-1")
class WalletsReadTogetherShareAnAccount(Meeting):
    """Wallets that are read at the same time return the account of one of them."""

    @override
    async def get_wallet(self, owner: AlfredWallet, wallet_id: str) -> AlfredWallet:
        wallet = await super().get_wallet(owner, wallet_id)
        self.present.append(wallet.account_id)
        await asyncio.sleep(PAUSE)
        shown = self.present[-1]
        if len(self.present) > 1:
            self.present.remove(wallet.account_id)
        else:
            self.present.clear()
        return replace(wallet, account_id=shown)


@defect(RACE, "S-8 F-3 S-5", ledger=Overdrawing)
class ReadingAWalletRestoresItsBalance(Users):
    """What a wallet gains or pays while it is read is undone."""

    @override
    async def get_wallet(self, owner: AlfredWallet, wallet_id: str) -> AlfredWallet:
        wallet = await super().get_wallet(owner, wallet_id)
        before = self.balance_of(wallet)
        await asyncio.sleep(PAUSE)
        gained = self.balance_of(wallet) - before
        if gained:
            movements = [Movement(OUTSIDE, gained), Movement(self.account_name(wallet.account_id), -gained)]
            self.books.ledger.post("Restored", identifiers.new_access_token(), movements, self.books.now())
        return wallet


@dataclass
class Opening(Purchases):
    opened: list[str] = field(default_factory=list)


@defect(RACE, "P-4 P-3 P-8")
class SessionsOpenedTogetherShareAnId(Opening):
    """Sessions that are opened at the same time get one id, and only the last of their purchases can be confirmed."""

    @override
    async def open_purchase_session(self, purchase_id: str, body: Body) -> PurchaseSession:
        session = await super().open_purchase_session(purchase_id, body)
        self.opened.append(session.id)
        first = self.opened[0]
        await asyncio.sleep(PAUSE)
        self.opened.remove(session.id)
        if first == session.id:
            return session
        shared = replace(session, id=first)
        self.books.keep(shared)
        return shared


@defect(RACE, "S-5 S-1 S-2 S-3")
class SessionsOpenedTogetherShowOneBalance(Opening):
    """A session that is opened together with others shows the balance of the wallet that came last."""

    @override
    async def open_purchase_session(self, purchase_id: str, body: Body) -> PurchaseSession:
        self.opened.append(self.wallet_to_pay(body).id)
        await asyncio.sleep(PAUSE)
        return await super().open_purchase_session(purchase_id, body)

    @override
    def balance_part(self, amount: Decimal, balance: Decimal) -> Decimal:
        return super().balance_part(amount, self.users.balance_of(self.users.wallet_named(self.opened[-1])))


@defect("race", "S-8 S-5 F-3")
class AuthenticationRestoresTheBalance(Users):
    """Authenticating a user writes back the balance that was read before, and loses what was confirmed meanwhile."""

    @override
    async def authenticate(self, platform_id: str, body: Body) -> Login:
        wallet = self.wallet_of_reference(self.external_reference(body))
        before = self.balance_of(wallet) if wallet else Decimal(0)
        await asyncio.sleep(0.02)
        login = await super().authenticate(platform_id, body)
        lost = before - self.balance_of(login.wallet)
        account = self.account_name(login.wallet.account_id)
        movements = [Movement(OUTSIDE, -lost), Movement(account, lost)]
        self.books.ledger.post("Restored", login.wallet.id, movements, self.books.now())
        return login


@defect(RACE, "P-8 P-4")
class MethodOfTheLastConfirmation(Purchases):
    """Of confirmations that arrive together, each is judged by the method of the last one."""

    @override
    async def confirm_purchase(self, purchase_id: str, body: Body) -> Purchase:
        details = fields.members(body, "paymentSessionDetails")
        self.__dict__["method"] = details.get("selectedPaymentMethod")
        await asyncio.sleep(PAUSE)
        mixed_up = {**details, "selectedPaymentMethod": self.__dict__["method"]}
        return await super().confirm_purchase(purchase_id, {**body, "paymentSessionDetails": mixed_up})


@dataclass
class Present(Purchases):
    present: list[str] = field(default_factory=list)


@defect(RACE, "P-4 P-3")
class SessionsTogetherCloseEachOther(Present):
    """Two sessions that are opened on one purchase at the same time do not confirm it."""

    @override
    async def open_purchase_session(self, purchase_id: str, body: Body) -> PurchaseSession:
        self.present.append(purchase_id)
        disturbed = self.__dict__.setdefault("disturbed", set())
        if self.present.count(purchase_id) > 1:
            disturbed.add(purchase_id)
        session = await super().open_purchase_session(purchase_id, body)
        await asyncio.sleep(PAUSE)
        self.present.remove(purchase_id)
        if purchase_id in disturbed:
            self.books.keep(replace(session, wallet_id=""))
        return session


@defect(RACE, "F-3 F-2", core=True)
class PaymentBesideAConfirmationIsLost(Fundings):
    """A payment that is created while another of the account is confirmed is unknown afterwards."""

    @override
    async def create_payment(self, owner: AlfredWallet, body: Body) -> Payment:
        payment = await super().create_payment(owner, body)
        await asyncio.sleep(PAUSE)
        if owner.account_id in self.__dict__.get("confirming", ()):
            self.books.keep(replace(payment, account_id=""))
        return payment

    @override
    async def confirm_payment(self, owner: AlfredWallet, payment_id: str) -> Payment:
        confirming = self.__dict__.setdefault("confirming", [])
        confirming.append(owner.account_id)
        try:
            await asyncio.sleep(2 * PAUSE)
            return await super().confirm_payment(owner, payment_id)
        finally:
            confirming.remove(owner.account_id)


@defect(RACE, "F-8 F-3 S-3")
class UserMadeDuringAPaymentIsCredited(Fundings):
    """A payment credits the user who is made while it is confirmed."""

    @override
    async def confirm_payment(self, owner: AlfredWallet, payment_id: str) -> Payment:
        before = self.books.records.newest(AlfredWallet, 1)[0]
        await asyncio.sleep(PAUSE)
        newest = self.books.records.newest(AlfredWallet, 1)[0]
        self.__dict__["new"] = newest if newest.id != before.id else None
        return await super().confirm_payment(owner, payment_id)

    @override
    def account_to_credit(self, payment: Payment) -> str:
        new = self.__dict__.pop("new", None)
        return self.users.account_name(new.account_id) if new else super().account_to_credit(payment)


@defect(RACE, "S-5 S-4")
class AdminLosesChangesAtOnce(Admin):
    """Of a user's changes within a few milliseconds, the Admin UI counts only the first."""

    @override
    def alfred_balance(self, wallet: AlfredWallet) -> Decimal:
        counted, last = Decimal(0), 0.0
        for entry in self.books.ledger.entries(self.alfred.users.account_name(wallet.account_id)):
            moment = entry.at.timestamp()
            if moment - last > PAUSE / 5:
                counted += entry.amount
            last = moment
        return counted
