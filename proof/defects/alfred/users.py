"""Alfred: references, wallets and accounts (contract.md A, W)."""

from dataclasses import replace
from decimal import Decimal

from typing_extensions import override

from proof.declaring import Defects
from sandbox.alfred.fundings import Fundings
from sandbox.alfred.ids import Ids
from sandbox.alfred.records import AccessToken, AlfredWallet
from sandbox.alfred.users import Users
from sandbox.http import fields
from sandbox.http.bodies import Body
from sandbox.http.rejections import Rejection
from sandbox.ledger import identifiers

defect = Defects("alfred")

BUSINESS = "business rule"


@defect(BUSINESS, "A-1 W-1")
class TokenThatOpensNothing(Users):
    """A user gets a token that no call accepts."""

    @override
    def issue_token(self, _wallet: AlfredWallet) -> str:
        return identifiers.new_access_token()


@defect("isolation", "A-1 W-1 W-3", core=True)
class TokenOfTheFirstUser(Users):
    """Every token that is issued opens the first user's wallet."""

    @override
    def issue_token(self, _wallet: AlfredWallet) -> str:
        return super().issue_token(self.books.records.all(AlfredWallet)[0])


@defect("idempotency", "A-2")
class NewWalletAtEveryLogin(Users):
    """A user who comes back gets an empty new wallet."""

    @override
    def wallet_of_reference(self, _reference: str) -> AlfredWallet | None:
        return None


@defect("idempotency", "A-2")
class NewWalletOnceThereIsMoney(Users):
    """A user who comes back to a wallet with money in it gets another one."""

    @override
    def wallet_of_reference(self, reference: str) -> AlfredWallet | None:
        wallet = super().wallet_of_reference(reference)
        return None if wallet and self.balance_of(wallet) else wallet


@defect("history", "A-2")
class TenthLoginOpensAnotherWallet(Users):
    """The tenth login of a user reaches a new wallet."""

    @override
    def wallet_of_reference(self, reference: str) -> AlfredWallet | None:
        *_, wallet = (None, *self.books.records.all(AlfredWallet, reference=reference))
        return wallet if wallet and len(self.books.records.all(AccessToken, wallet_id=wallet.id)) < 9 else None


@defect("isolation", "A-2")
class ReferenceWithAnApostrophe(Users):
    """A user whose reference contains an apostrophe gets a new wallet at every login."""

    @override
    def wallet_of_reference(self, reference: str) -> AlfredWallet | None:
        return None if "'" in reference else super().wallet_of_reference(reference)


@defect("idempotency", "W-2 A-2", core=True)
class NewAccountAtEveryLogin(Users):
    """A user who comes back finds the wallet with another, empty account."""

    @override
    def wallet_of_reference(self, reference: str) -> AlfredWallet | None:
        wallet = super().wallet_of_reference(reference)
        return wallet and replace(wallet, account_id=self.ids.account())

    @override
    def issue_token(self, wallet: AlfredWallet) -> str:
        self.books.ledger.open_account(self.account_name(wallet.account_id))
        self.books.records.keep(wallet)
        return super().issue_token(wallet)


class OneAccountByManyNames(Fundings):
    """Accepts a name of an account with a suffix."""

    @override
    def wallet_to_fund(self, body: Body) -> AlfredWallet:
        account = fields.text(body, "walletAccountId").partition(".")[0]
        return super().wallet_to_fund({**body, "walletAccountId": account})


@defect(BUSINESS, "W-2 F-7", fundings=OneAccountByManyNames, core=True)
class AnotherAccountNameAtEveryReading(Users):
    """A wallet names its account differently each time, though all the names work."""

    @override
    async def get_wallet(self, owner: AlfredWallet, wallet_id: str) -> AlfredWallet:
        wallet = await super().get_wallet(owner, wallet_id)
        return replace(wallet, account_id=f"{wallet.account_id}.{identifiers.new_guid()[:6]}")


@defect(BUSINESS, "W-1 F-1")
class WalletNamesItselfAsItsAccount(Users):
    """Reading a wallet returns the wallet's id instead of the account's."""

    @override
    async def get_wallet(self, owner: AlfredWallet, wallet_id: str) -> AlfredWallet:
        wallet = await super().get_wallet(owner, wallet_id)
        return replace(wallet, account_id=wallet.id)


class OneAccount(Ids):
    """Gives every wallet the same account."""

    @override
    def account(self) -> str:
        return "AAEAAAtheAccountOfAll000"


@defect("isolation", "W-2 F-8", ids=OneAccount, core=True)
class AccountSharedByAllUsers(Fundings):
    """All wallets share one account, so that everybody spends everybody's money."""

    @override
    def check_account_is_owners(self, wallet: AlfredWallet, owner: AlfredWallet) -> None:
        if wallet.account_id != owner.account_id:
            raise Rejection("foreign_account")


@defect("isolation", "A-3", core=True)
class ReferencesInLowerCase(Users):
    """Two users whose references differ only in case share a wallet."""

    @override
    def external_reference(self, body: Body) -> str:
        return super().external_reference(body).casefold()


@defect("isolation", "A-3", core=True)
class ReferencesCutAtThirtyTwo(Users):
    """Two users whose references begin with the same 32 characters share a wallet."""

    @override
    def external_reference(self, body: Body) -> str:
        return super().external_reference(body)[:32]


@defect("isolation", "A-3")
class ReferencesWithLeadingZeros(Users):
    """Two users whose references are numbers that differ only in leading zeros (42 and 0042) share a wallet."""

    @override
    def external_reference(self, body: Body) -> str:
        reference = super().external_reference(body)
        is_number = reference.isascii() and reference.isdecimal()
        return (reference.lstrip("0") or "0") if is_number else reference


@defect("isolation", "A-3")
class ReferencesFoundByTheirBeginning(Users):
    """A reference that begins with another user's whole reference reaches that user's wallet."""

    @override
    def wallet_of_reference(self, reference: str) -> AlfredWallet | None:
        found = [each for each in self.books.records.all(AlfredWallet) if reference.startswith(each.reference)]
        return max(found, key=lambda each: len(each.reference), default=None)


@defect(BUSINESS, "A-5", core=True)
class MissingReferenceIsAnonymous(Users):
    """A login without a reference is let in as an anonymous user."""

    @override
    def external_reference(self, body: Body) -> str:
        return "anonymous" if body.get("externalReferenceId") is None else super().external_reference(body)


@defect(BUSINESS, "A-5", core=True)
class EmptyReferenceIsAUser(Users):
    """A login with an empty reference is let in."""

    @override
    def external_reference(self, body: Body) -> str:
        return "" if body.get("externalReferenceId") == "" else super().external_reference(body)


@defect(BUSINESS, "A-5")
class NumberAsReference(Users):
    """A login with a number for a reference is let in."""

    @override
    def external_reference(self, body: Body) -> str:
        value = body.get("externalReferenceId")
        if isinstance(value, int | Decimal) and not isinstance(value, bool):
            return str(value)
        return super().external_reference(body)


@defect(BUSINESS, "A-5")
class TruthAsReference(Users):
    """A login with true for a reference is let in."""

    @override
    def external_reference(self, body: Body) -> str:
        return "true" if body.get("externalReferenceId") is True else super().external_reference(body)


@defect(BUSINESS, "A-5")
class ListAsReference(Users):
    """A login with a list or an object for a reference is let in."""

    @override
    def external_reference(self, body: Body) -> str:
        value = body.get("externalReferenceId")
        return str(value) if isinstance(value, list | dict) else super().external_reference(body)
