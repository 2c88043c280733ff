"""Alfred: references, wallets and accounts (contract.md A, W)."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from typing_extensions import override

from proof.declaring import Defects
from sandbox.alfred.records import AlfredWallet
from sandbox.alfred.rules import AlfredRules
from sandbox.http import fields
from sandbox.http.bodies import Body
from sandbox.http.rejections import Rejection
from sandbox.ledger import identifiers

defect = Defects("alfred")

BUSINESS = "business rule"


@defect(BUSINESS, "A-1 W-1")
class TokenThatOpensNothing(AlfredRules):
    """A user gets a token that no call accepts."""

    @override
    def issue_token(self, _wallet: AlfredWallet) -> str:
        return identifiers.new_access_token()


@defect("isolation", "A-1 W-1 W-3", core=True)
class TokenOfTheFirstUser(AlfredRules):
    """Every token that is issued opens the first user's wallet."""

    @override
    def issue_token(self, _wallet: AlfredWallet) -> str:
        return super().issue_token(self.records.all(AlfredWallet)[0])


@defect("idempotency", "A-2")
class NewWalletAtEveryLogin(AlfredRules):
    """A user who comes back gets an empty new wallet."""

    @override
    def wallet_of_reference(self, _reference: str) -> AlfredWallet | None:
        return None


@defect("idempotency", "A-2")
class NewWalletOnceThereIsMoney(AlfredRules):
    """A user who comes back to a wallet with money in it gets another one."""

    @override
    def wallet_of_reference(self, reference: str) -> AlfredWallet | None:
        wallet = super().wallet_of_reference(reference)
        return None if wallet and self.balance_of(wallet) else wallet


@defect("idempotency", "W-2 A-2", core=True)
class NewAccountAtEveryLogin(AlfredRules):
    """A user who comes back finds the wallet with another, empty account."""

    @override
    def wallet_of_reference(self, reference: str) -> AlfredWallet | None:
        wallet = super().wallet_of_reference(reference)
        return wallet and replace(wallet, account_id=self.new_account_id())

    @override
    def issue_token(self, wallet: AlfredWallet) -> str:
        self.ledger.open_account(self.account_name(wallet.account_id))
        self.records.keep(wallet)
        return super().issue_token(wallet)


@defect(BUSINESS, "W-2", core=True)
class AnotherAccountNameAtEveryReading(AlfredRules):
    """A wallet names its account differently each time, though all the names work."""

    @override
    async def get_wallet(self, owner: AlfredWallet, wallet_id: str) -> AlfredWallet:
        wallet = await super().get_wallet(owner, wallet_id)
        return replace(wallet, account_id=f"{wallet.account_id}.{identifiers.new_guid()[:6]}")

    @override
    def wallet_to_fund(self, body: Body) -> AlfredWallet:
        account = fields.text(body, "walletAccountId").partition(".")[0]
        return super().wallet_to_fund({**body, "walletAccountId": account})


@defect(BUSINESS, "W-1 F-1")
class WalletNamesItselfAsItsAccount(AlfredRules):
    """Reading a wallet returns the wallet's id instead of the account's."""

    @override
    async def get_wallet(self, owner: AlfredWallet, wallet_id: str) -> AlfredWallet:
        wallet = await super().get_wallet(owner, wallet_id)
        return replace(wallet, account_id=wallet.id)


@defect("isolation", "W-2 F-8", core=True)
class AccountSharedByAllUsers(AlfredRules):
    """All wallets share one account, so that everybody spends everybody's money."""

    @override
    def new_account_id(self) -> str:
        return "AAEAAAtheAccountOfAll000"

    @override
    def check_account_is_owners(self, wallet: AlfredWallet, owner: AlfredWallet) -> None:
        if wallet.account_id != owner.account_id:
            raise Rejection("foreign_account")


@defect("isolation", "A-3", core=True)
class ReferencesInLowerCase(AlfredRules):
    """Two users whose references differ only in case share a wallet."""

    @override
    def external_reference(self, body: Body) -> str:
        return super().external_reference(body).casefold()


@defect("isolation", "A-3", core=True)
class ReferencesCutAtThirtyTwo(AlfredRules):
    """Two users whose references begin with the same 32 characters share a wallet."""

    @override
    def external_reference(self, body: Body) -> str:
        return super().external_reference(body)[:32]


@defect("isolation", "A-3")
class ReferencesFoundByTheirBeginning(AlfredRules):
    """A reference that begins with another user's whole reference reaches that user's wallet."""

    @override
    def wallet_of_reference(self, reference: str) -> AlfredWallet | None:
        found = [each for each in self.records.all(AlfredWallet) if reference.startswith(each.reference)]
        return max(found, key=lambda each: len(each.reference), default=None)


@defect(BUSINESS, "A-5", core=True)
class MissingReferenceIsAnonymous(AlfredRules):
    """A login without a reference is let in as an anonymous user."""

    @override
    def external_reference(self, body: Body) -> str:
        return "anonymous" if body.get("externalReferenceId") is None else super().external_reference(body)


@defect(BUSINESS, "A-5", core=True)
class EmptyReferenceIsAUser(AlfredRules):
    """A login with an empty reference is let in."""

    @override
    def external_reference(self, body: Body) -> str:
        return "" if body.get("externalReferenceId") == "" else super().external_reference(body)


@defect(BUSINESS, "A-5")
class NumberAsReference(AlfredRules):
    """A login with a number for a reference is let in."""

    @override
    def external_reference(self, body: Body) -> str:
        value = body.get("externalReferenceId")
        if isinstance(value, int | Decimal) and not isinstance(value, bool):
            return str(value)
        return super().external_reference(body)


@defect(BUSINESS, "A-5")
class TruthAsReference(AlfredRules):
    """A login with true for a reference is let in."""

    @override
    def external_reference(self, body: Body) -> str:
        return "true" if body.get("externalReferenceId") is True else super().external_reference(body)


@defect(BUSINESS, "A-5")
class ListAsReference(AlfredRules):
    """A login with a list or an object for a reference is let in."""

    @override
    def external_reference(self, body: Body) -> str:
        value = body.get("externalReferenceId")
        return str(value) if isinstance(value, list | dict) else super().external_reference(body)
