"""Alfred: a credential in the place of another, and what another owns at a second attempt (contract.md P, W, F)."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from typing_extensions import override

from proof.building_blocks import ANYBODY
from proof.declaring import Defects
from sandbox.alfred.credentials import Credentials, Presented
from sandbox.alfred.fundings import Fundings
from sandbox.alfred.purchases import Purchases
from sandbox.alfred.records import AlfredWallet, Login, Payment, PaymentSession, PurchaseSession
from sandbox.alfred.users import Users
from sandbox.http.bodies import Body
from sandbox.http.rejections import Rejection
from sandbox.http.responses import Call

defect = Defects("alfred")


class AnyScheme(Credentials):
    """Reads what came in either header, whatever the operation takes."""

    @override
    def admit(self, call: Call) -> AlfredWallet | None:
        try:
            return super().admit(call)
        except Rejection:
            presented = self.presented(call.headers)
            if not self.accepts(self.role(call), presented):
                raise
            return ANYBODY if self.role(call) == "token" else None

    def accepts(self, role: str, presented: Presented) -> bool:
        raise NotImplementedError

    def is_token(self, text: str | None) -> bool:
        try:
            return bool(text and self.owner_of_token(text))
        except Rejection:
            return False


OWN = "credentials"


@defect(OWN, "P-5")
class UsersTokenBuys(AnyScheme):
    """A user's token is accepted instead of the shop's key."""

    @override
    def accepts(self, role: str, presented: Presented) -> bool:
        return role == "shop" and self.is_token(presented.token)


@defect(OWN, "P-5")
class UsersTokenRaisesAnyKey(AnyScheme):
    """A user's token is accepted instead of the shop's key, if the platform's key is sent too."""

    @override
    def accepts(self, role: str, presented: Presented) -> bool:
        return role == "shop" and presented.key == self.books.settings.platform_key and self.is_token(presented.token)


@defect(OWN, "A-4")
class UsersTokenLogsIn(AnyScheme):
    """A user's token is accepted instead of the platform's key."""

    @override
    def accepts(self, role: str, presented: Presented) -> bool:
        return role == "platform" and self.is_token(presented.token)


@defect(OWN, "P-5 A-4")
class KeyIsAcceptedAsBearer(AnyScheme):
    """A key is accepted in the place of a token."""

    @override
    def accepts(self, role: str, presented: Presented) -> bool:
        settings = self.books.settings
        return presented.token == {"shop": settings.shop_key, "platform": settings.platform_key}.get(role, "-")


def asks_nobody(role_key: str, *, as_token: bool) -> tuple[type[Credentials], type[Users]]:
    class KeyForAUser(AnyScheme):
        @override
        def accepts(self, role: str, presented: Presented) -> bool:
            sent = presented.token if as_token else presented.key
            return role == "token" and sent == getattr(self.books.settings, role_key)

    class AskingNobody(Users):
        @override
        def check_wallet_is_owners(self, wallet: AlfredWallet, owner: AlfredWallet) -> None:
            if owner is not ANYBODY:
                super().check_wallet_is_owners(wallet, owner)

    return KeyForAUser, AskingNobody


for _key in ("shop_key", "platform_key"):
    for _as_token in (False, True):
        _credentials, _users = asks_nobody(_key, as_token=_as_token)
        _place = "in the place of a token" if _as_token else "in its own place"
        _sentence = f"The {_key.replace('_', ' ')} {_place} opens every wallet."
        _name = f"{_key.replace('_', '-')}-reads-wallets{'-as-token' if _as_token else ''}"
        defect.add(_name, OWN, "W-3", _sentence, _credentials, users=_users)


@dataclass
class OnceRefusing(Fundings):
    refused: set[str] = field(default_factory=set)

    def once(self, name: str, check: Callable[[], None]) -> None:
        """Reject a call with this name only the first time."""
        try:
            check()
        except Rejection:
            if name in self.refused:
                return
            self.refused.add(name)
            raise


@defect("isolation", "F-7 W-3")
class OthersAccountTheSecondTime(OnceRefusing):
    """Another user's account is accepted at the second attempt."""

    @override
    def check_account_is_owners(self, wallet: AlfredWallet, owner: AlfredWallet) -> None:
        self.once(f"{wallet.id} {owner.id}", lambda: Fundings.check_account_is_owners(self, wallet, owner))


@defect("isolation", "F-7")
class OthersFundingSessionTheSecondTime(OnceRefusing):
    """Another account's session is accepted at the second attempt."""

    @override
    def check_session_of_account(self, session: PaymentSession, wallet: AlfredWallet) -> None:
        self.once(session.id, lambda: Fundings.check_session_of_account(self, session, wallet))

    @override
    def check_funding_instrument(self, details: Body, session: PaymentSession) -> None:
        if session.id not in self.refused:
            super().check_funding_instrument(details, session)


@defect("isolation", "W-3")
class OthersPaymentTheSecondTime(OnceRefusing):
    """Another user confirms a payment at the second attempt."""

    @override
    def check_payment_is_owners(self, payment: Payment, owner: AlfredWallet) -> None:
        self.once(payment.id, lambda: Fundings.check_payment_is_owners(self, payment, owner))


@dataclass
class CountingFundings(Fundings):
    confirmations: dict[str, int] = field(default_factory=dict)


@defect("idempotency", "F-6")
class PaymentIsCreditedAtTheThirdConfirmation(CountingFundings):
    """The third confirmation of a payment credits it again."""

    @override
    def is_payment_confirmed(self, payment: Payment) -> bool:
        count = self.confirmations[payment.id] = self.confirmations.get(payment.id, 0) + 1
        return super().is_payment_confirmed(payment) and count != 3


@dataclass
class RememberingPurchases(Purchases):
    sessions: set[str] = field(default_factory=set)


@defect("isolation", "P-8")
class OthersSessionTheSecondTime(RememberingPurchases):
    """Another wallet pays in a user's session at the second attempt."""

    @override
    def check_session_of_wallet(self, session: PurchaseSession, payer: AlfredWallet) -> None:
        if session.id not in self.sessions:
            self.sessions.add(session.id)
            super().check_session_of_wallet(session, payer)
            self.sessions.discard(session.id)


@defect("isolation", "P-8")
class AnyUserOfAPurchasePays(Purchases):
    """The wallet of any user with a session on a purchase pays in each of its sessions."""

    @override
    def check_session_of_wallet(self, session: PurchaseSession, payer: AlfredWallet) -> None:
        sessions = self.books.records.all(PurchaseSession, purchase_id=session.purchase_id)
        if payer.id not in {each.wallet_id for each in sessions}:
            super().check_session_of_wallet(session, payer)


@defect("isolation", "W-2 W-1")
class ReturningUserReadsTheNewestAccount(Users):
    """A user who came back reads the account of the user who was authenticated last."""

    @override
    async def authenticate(self, platform_id: str, body: Body) -> Login:
        login = await super().authenticate(platform_id, body)
        returned: set[str] = self.__dict__.setdefault("returned", set())
        known: set[str] = self.__dict__.setdefault("known", set())
        returned |= known & {login.wallet.id}
        known.add(login.wallet.id)
        self._last = login.wallet
        return login

    @override
    async def get_wallet(self, owner: AlfredWallet, wallet_id: str) -> AlfredWallet:
        wallet = await super().get_wallet(owner, wallet_id)
        has_returned = wallet.id in self.__dict__.get("returned", ())
        return replace(wallet, account_id=self._last.account_id) if has_returned else wallet


@defect("isolation", "W-3 F-7")
class OwnPaymentConfirmsAnothers(Fundings):
    """A user with a payment that is not confirmed may confirm those of others."""

    @override
    def check_payment_is_owners(self, payment: Payment, owner: AlfredWallet) -> None:
        own = self.books.records.all(Payment, account_id=owner.account_id)
        if not any(not one.confirmed for one in own):
            super().check_payment_is_owners(payment, owner)
