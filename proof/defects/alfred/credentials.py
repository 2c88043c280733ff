"""Alfred: who is let in (contract.md A-4, P-5, W-3)."""

from __future__ import annotations

from typing_extensions import override

from proof.building_blocks import ANYBODY, WORDS, ServingAnybody, allowed, name_of
from proof.declaring import Defects
from sandbox.alfred.records import AlfredWallet, Payment
from sandbox.alfred.rules import AlfredRules
from sandbox.alfred.users import TAKES, Presented
from sandbox.http.rejections import Rejection

defect = Defects("alfred")

KEYED = {operation: role for operation, role in TAKES.items() if role != "token"}
WITH_TOKEN = tuple(operation for operation, role in TAKES.items() if role == "token")


def needing_no_key(operation: str) -> type[AlfredRules]:
    class NeedingNoKey(AlfredRules):
        @override
        def admit(self, called: str, presented: Presented) -> AlfredWallet | None:
            return None if called == operation and not presented.key else super().admit(called, presented)

    return NeedingNoKey


def taking_unknown_keys(operation: str) -> type[AlfredRules]:
    class TakingUnknownKeys(AlfredRules):
        @override
        def admit(self, called: str, presented: Presented) -> AlfredWallet | None:
            known = (self.settings.shop_key, self.settings.platform_key)
            unknown = called == operation and presented.key and presented.key not in known
            return None if unknown else super().admit(called, presented)

    return TakingUnknownKeys


def taking_the_other_key(operation: str) -> type[AlfredRules]:
    class TakingTheOtherKey(AlfredRules):
        @override
        def check_key_role(self, called: str, key: str, role: str) -> None:
            if called != operation:
                super().check_key_role(called, key, role)

    return TakingTheOtherKey


def needing_no_token(operation: str) -> type[AlfredRules]:
    class NeedingNoToken(ServingAnybody):
        @override
        def admit(self, called: str, presented: Presented) -> AlfredWallet | None:
            return ANYBODY if called == operation and not presented.token else super().admit(called, presented)

    return NeedingNoToken


def taking_made_up_tokens(operation: str) -> type[AlfredRules]:
    class TakingMadeUpTokens(ServingAnybody):
        @override
        def owner_of_token(self, called: str, token: str) -> AlfredWallet:
            try:
                return super().owner_of_token(called, token)
            except Rejection:
                if called == operation:
                    return ANYBODY
                raise

    return TakingMadeUpTokens


def _declare(
    suffix: str, kind: str, clauses: str, sentence: str, operation: str, altered: type, *, core: bool = False
) -> None:
    defect.add(f"{name_of(operation)}-{suffix}", kind, clauses, f"{WORDS[operation]} {sentence}.", altered, core=core)


for _operation, _role in KEYED.items():
    _clause = "A-4" if _role == "platform" else "P-5"
    _other = "the shop's key" if _role == "platform" else "the platform's key"
    _declare("without-a-key", "credentials", _clause, "needs no key", _operation, needing_no_key(_operation))
    _declare(
        "with-an-unknown-key", "credentials", _clause, "accepts any key", _operation, taking_unknown_keys(_operation)
    )
    _declare(
        "with-the-other-key",
        "credentials",
        _clause,
        f"accepts {_other} too",
        _operation,
        taking_the_other_key(_operation),
        core=_operation in ("authenticateWallet", "confirmPurchase"),
    )

for _operation in WITH_TOKEN:
    _declare("without-a-token", "credentials", "W-3", "needs no token", _operation, needing_no_token(_operation))
    _declare(
        "with-a-made-up-token", "credentials", "W-3", "accepts any token", _operation, taking_made_up_tokens(_operation)
    )


@defect("credentials", "A-4", core=True)
class AuthenticationForAForeignPlatform(AlfredRules):
    """A platform's key authenticates users for another platform too."""

    check_platform = allowed


@defect("isolation", "W-3")
class WalletReadWithAnotherUsersToken(AlfredRules):
    """Any user's token reads any user's wallet."""

    check_wallet_is_owners = allowed


@defect("isolation", "W-3 F-7")
class FundingSessionWithAnotherUsersToken(AlfredRules):
    """Any user's token opens a Funding session for any user's account."""

    check_account_is_owners = allowed

    @override
    def check_payment_account_is_owners(self, wallet: AlfredWallet, owner: AlfredWallet) -> None:
        super().check_account_is_owners(wallet, owner)


@defect("isolation", "W-3 F-7")
class PaymentWithAnotherUsersToken(AlfredRules):
    """Any user's token creates a payment into any user's account."""

    check_payment_account_is_owners = allowed


@defect("isolation", "W-3")
class PaymentConfirmedWithAnotherUsersToken(AlfredRules):
    """Any user's token confirms any user's payment."""

    check_payment_is_owners = allowed


@defect("isolation", "W-3 F-8", core=True)
class PaymentCreditsWhoeverConfirmsIt(AlfredRules):
    """Another user's token confirms a payment, and that user gets the money."""

    check_payment_is_owners = allowed

    @override
    async def confirm_payment(self, owner: AlfredWallet, payment_id: str) -> Payment:
        self._confirming = owner
        return await super().confirm_payment(owner, payment_id)

    @override
    def account_to_credit(self, _payment: Payment) -> str:
        return self.account_name(self._confirming.account_id)


@defect("credentials", "W-3")
class UnknownWalletIsAnswered(AlfredRules):
    """Whoever asks for a wallet that does not exist gets a response."""

    @override
    async def get_wallet(self, owner: AlfredWallet, wallet_id: str) -> AlfredWallet:
        try:
            return await super().get_wallet(owner, wallet_id)
        except Rejection as rejection:
            if rejection.name == "unknown_wallet":
                return owner
            raise
