"""Alfred: who is let in (contract.md A-4, P-5, W-3)."""

from typing_extensions import override

from harness.contract.contract import documented
from proof.building_blocks import ANYBODY, allowed, name_of
from proof.declaring import Defects
from sandbox.alfred.credentials import Credentials
from sandbox.alfred.fundings import Fundings
from sandbox.alfred.records import AccessToken, AlfredWallet, Payment, PaymentSession
from sandbox.alfred.routes import OPERATIONS
from sandbox.alfred.users import Users
from sandbox.http.bodies import Body
from sandbox.http.operations import Operation
from sandbox.http.rejections import Rejection
from sandbox.http.responses import Call
from sandbox.ledger import identifiers

defect = Defects("alfred")


def overlooking(operation: str, reason: str) -> type[Credentials]:
    """Return credentials that do not reject a call of this operation for this reason."""

    class Overlooking(Credentials):
        @override
        def admit(self, call: Call) -> AlfredWallet | None:
            try:
                return super().admit(call)
            except Rejection as rejection:
                if call.operation != operation or rejection.name != reason:
                    raise
                return ANYBODY

    return Overlooking


def clause_of(operation: Operation) -> str:
    return documented().operations[operation.id].credential_clause


def _declare(operation: Operation, suffix: str, sentence: str, reason: str, *, core: bool = False) -> None:
    name, words = f"{name_of(operation.id)}-{suffix}", f"{operation.id} {sentence}."
    defect.add(name, "credentials", clause_of(operation), words, overlooking(operation.id, reason), core=core)


# make prove runs one of these defects for each clause. For W-3, it runs others.
# A route that openapi.yaml lacks is left to tests/test_operations.py, which names it.
_described = [each for each in OPERATIONS if each.id in documented().operations]
for _operation in _described:
    _same = [each for each in _described if clause_of(each) == clause_of(_operation)]
    if _operation.takes == "token":
        _declare(_operation, "without-a-token", "needs no token", "missing_credential")
        _is_core = len(_same) == 1
        _declare(_operation, "with-a-made-up-token", "accepts any token", "unknown_credential", core=_is_core)
    else:
        _other = "the shop's key" if _operation.takes == "platform" else "the platform's key"
        _is_core = _same[-1] == _operation
        _declare(_operation, "without-a-key", "needs no key", "missing_credential")
        _declare(_operation, "with-an-unknown-key", "accepts any key", "unknown_credential")
        _declare(_operation, "with-the-other-key", f"accepts {_other} too", "wrong_role", core=_is_core)


@defect("credentials", "A-4", core=True)
class AuthenticationForAForeignPlatform(Users):
    """A platform's key authenticates users for another platform too."""

    check_platform = allowed


@defect("credentials", "P-5 A-4")
class KeyInAList(Credentials):
    """A text with commas is accepted as a key if one of its pieces is the key."""

    @override
    def check_key(self, key: str, role: str) -> None:
        own = {"shop": self.books.settings.shop_key, "platform": self.books.settings.platform_key}[role]
        super().check_key(own if own in key.replace(" ", "").split(",") else key, role)


@defect("credentials", "P-5 A-4", core=True)
class TokenAsKey(Credentials):
    """A user's token is accepted as a key."""

    @override
    def check_key(self, key: str, role: str) -> None:
        if self.books.records.first(AccessToken, id=identifiers.digest(key)) is None:
            super().check_key(key, role)


@defect("credentials", "W-3")
class TokenWithASuffix(Credentials):
    """What comes after a full stop in a token is ignored, so a made-up token is accepted."""

    @override
    def owner_of_token(self, token: str) -> AlfredWallet:
        return super().owner_of_token(token.partition(".")[0])


@defect("isolation", "W-3")
class WalletReadWithAnotherUsersToken(Users):
    """Any user's token reads any user's wallet."""

    check_wallet_is_owners = allowed


@defect("isolation", "W-3")
class EarlierUsersReadLaterWallets(Users):
    """A user's token reads the wallet of any user who was opened later."""

    @override
    def check_wallet_is_owners(self, wallet: AlfredWallet, owner: AlfredWallet) -> None:
        if owner.opened >= wallet.opened:
            super().check_wallet_is_owners(wallet, owner)


@defect("isolation", "W-3 F-7")
class FundingSessionWithAnotherUsersToken(Fundings):
    """Any user's token opens a Funding session for any user's account."""

    @override
    async def open_payment_session(self, _owner: AlfredWallet, body: Body) -> PaymentSession:
        return await super().open_payment_session(ANYBODY, body)


@defect("isolation", "W-3 F-7")
class PaymentWithAnotherUsersToken(Fundings):
    """Any user's token creates a payment into any user's account."""

    @override
    async def create_payment(self, _owner: AlfredWallet, body: Body) -> Payment:
        return await super().create_payment(ANYBODY, body)


@defect("isolation", "W-3")
class PaymentConfirmedWithAnotherUsersToken(Fundings):
    """Any user's token confirms any user's payment."""

    check_payment_is_owners = allowed


@defect("isolation", "W-3 F-8", core=True)
class PaymentCreditsWhoeverConfirmsIt(Fundings):
    """Another user's token confirms a payment, and that user gets the money."""

    check_payment_is_owners = allowed

    @override
    async def confirm_payment(self, owner: AlfredWallet, payment_id: str) -> Payment:
        self._confirming = owner
        return await super().confirm_payment(owner, payment_id)

    @override
    def account_to_credit(self, _payment: Payment) -> str:
        return self.users.account_name(self._confirming.account_id)


@defect("credentials", "W-3")
class UnknownWalletIsAnswered(Users):
    """Whoever asks for a wallet that does not exist gets a response."""

    @override
    async def get_wallet(self, owner: AlfredWallet, wallet_id: str) -> AlfredWallet:
        try:
            return await super().get_wallet(owner, wallet_id)
        except Rejection as rejection:
            if rejection.name == "unknown_wallet":
                return owner
            raise
