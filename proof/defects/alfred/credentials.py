"""Alfred: who is let in (contract.md A-4, P-5, W-3)."""

from typing_extensions import override

from proof.building_blocks import ANYBODY, WORDS, allowed, name_of
from proof.declaring import Defects
from sandbox.alfred.credentials import TAKES, Credentials
from sandbox.alfred.fundings import Fundings
from sandbox.alfred.records import AlfredWallet, Payment, PaymentSession
from sandbox.alfred.users import Users
from sandbox.http.bodies import Body
from sandbox.http.rejections import Rejection
from sandbox.http.responses import Call

defect = Defects("alfred")

KEYED = {operation: role for operation, role in TAKES.items() if role != "token"}
WITH_TOKEN = tuple(operation for operation, role in TAKES.items() if role == "token")


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


def _declare(
    suffix: str, kind: str, clauses: str, sentence: str, operation: str, altered: type, *, core: bool = False
) -> None:
    defect.add(f"{name_of(operation)}-{suffix}", kind, clauses, f"{WORDS[operation]} {sentence}.", altered, core=core)


for _operation, _role in KEYED.items():
    _clause = "A-4" if _role == "platform" else "P-5"
    _other = "the shop's key" if _role == "platform" else "the platform's key"
    _declare(
        "without-a-key",
        "credentials",
        _clause,
        "needs no key",
        _operation,
        overlooking(_operation, "missing_credential"),
    )
    _declare(
        "with-an-unknown-key",
        "credentials",
        _clause,
        "accepts any key",
        _operation,
        overlooking(_operation, "unknown_credential"),
    )
    _declare(
        "with-the-other-key",
        "credentials",
        _clause,
        f"accepts {_other} too",
        _operation,
        overlooking(_operation, "wrong_role"),
        core=_operation in ("authenticateWallet", "confirmPurchase"),
    )

for _operation in WITH_TOKEN:
    _declare(
        "without-a-token",
        "credentials",
        "W-3",
        "needs no token",
        _operation,
        overlooking(_operation, "missing_credential"),
    )
    _declare(
        "with-a-made-up-token",
        "credentials",
        "W-3",
        "accepts any token",
        _operation,
        overlooking(_operation, "unknown_credential"),
    )


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
