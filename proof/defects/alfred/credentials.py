"""Alfred: who is let in (contract.md A-4, P-5, W-3)."""

from typing_extensions import override

from harness.contract.contract import documented
from proof.building_blocks import ANYBODY, allowed, name_of
from proof.declaring import Defects
from sandbox.alfred.credentials import Credentials
from sandbox.alfred.fundings import Fundings
from sandbox.alfred.records import AlfredWallet, Payment, PaymentSession
from sandbox.alfred.routes import OPERATIONS
from sandbox.alfred.users import Users
from sandbox.http.bodies import Body
from sandbox.http.operations import Operation
from sandbox.http.rejections import Rejection
from sandbox.http.responses import Call

defect = Defects("alfred")

CORE = ("authenticate-wallet-with-the-other-key", "confirm-purchase-with-the-other-key")


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


def _declare(operation: Operation, clause: str) -> None:
    """Declare what the check of an operation's credential may overlook."""
    credential = "token" if operation.takes == "token" else "key"
    unknown = "a-made-up-token" if credential == "token" else "an-unknown-key"
    sentences = {
        f"without-a-{credential}": (f"needs no {credential}", "missing_credential"),
        f"with-{unknown}": (f"accepts any {'made-up token' if credential == 'token' else 'key'}", "unknown_credential"),
    }
    if credential == "key":
        other = "shop" if operation.takes == "platform" else "platform"
        sentences["with-the-other-key"] = (f"accepts the {other}'s key too", "wrong_role")
    for suffix, (sentence, reason) in sentences.items():
        name = f"{name_of(operation.id)}-{suffix}"
        altered = overlooking(operation.id, reason)
        defect.add(name, "credentials", clause, f"{operation.id} {sentence}.", altered, core=name in CORE)


for _operation in OPERATIONS:
    _declare(_operation, documented().operations[_operation.id].credential_clause)


@defect("credentials", "A-4", core=True)
class AuthenticationForAForeignPlatform(Users):
    """A platform's key authenticates users for another platform too."""

    check_platform = allowed


@defect("isolation", "W-3")
class WalletReadWithAnotherUsersToken(Users):
    """Any user's token reads any user's wallet."""

    check_wallet_is_owners = allowed


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
