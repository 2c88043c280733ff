"""Alfred: texts and ids that are mistaken for others (contract.md A-3, P-1, P-6, P-7, W-3)."""

from dataclasses import replace

from typing_extensions import override

from proof.declaring import Defects
from sandbox.alfred.fundings import Fundings
from sandbox.alfred.purchases import Purchases
from sandbox.alfred.records import OUTSIDE, AlfredWallet, Login, Payment, Purchase, PurchaseSession
from sandbox.alfred.users import Users
from sandbox.http.bodies import Body
from sandbox.http.rejections import require
from sandbox.ledger import identifiers
from sandbox.ledger.postings import Movement

defect = Defects("alfred")

VALUES = "business rule"
LENGTHS = range(128, 1000)


class Comparing(Users):
    """Finds the wallet of a reference by a part of it."""

    def key(self, reference: str) -> str:
        """Return what two references of one user have in common."""
        raise NotImplementedError

    @override
    def wallet_of_reference(self, reference: str) -> AlfredWallet | None:
        wallets = self.books.records.newest(AlfredWallet, 20)
        return next((each for each in wallets if self.key(each.reference) == self.key(reference)), None) or (
            super().wallet_of_reference(reference)
        )


@defect(VALUES, "A-3")
class ReferencesByTheirLetters(Comparing):
    """Two references of the same letters in another order reach one wallet."""

    @override
    def key(self, reference: str) -> str:
        return "".join(sorted(reference))


@defect(VALUES, "A-3")
class ReferencesEndAtANullCharacter(Comparing):
    """What follows a null character in a reference is ignored."""

    @override
    def key(self, reference: str) -> str:
        return reference.partition("\0")[0]


@defect(VALUES, "P-1 P-3")
class PurchaseWithATextOf128LettersHasNoId(Purchases):
    """A purchase with a description of 128 to 1000 letters gets an empty id."""

    @override
    async def create_purchase(self, body: Body) -> Purchase:
        purchase = await super().create_purchase(body)
        return replace(purchase, id="") if len(purchase.description or "") in LENGTHS else purchase


@defect(VALUES, "P-6")
class CurrencyOfAnotherTypeIsTaken(Purchases):
    """A currency that is not a text is taken for the shop's."""

    @override
    def purchase_currency(self, body: Body) -> str:
        given = body.get("currency")
        is_odd = given is not None and not isinstance(given, str)
        return self.books.settings.alfred_currency if is_odd else super().purchase_currency(body)


@defect(VALUES, "P-6")
class ShopConfigurationByItsBeginning(Purchases):
    """A shop configuration that begins with the shop's id is accepted."""

    @override
    def shop_configuration(self, body: Body) -> str:
        known, given = self.books.settings.shop_configuration_id, body.get("shopConfigurationId")
        is_longer = isinstance(given, str) and given.startswith(known)
        return known if is_longer else super().shop_configuration(body)


@defect(VALUES, "P-7 W-3")
class AccountIsTakenForItsWallet(Users):
    """The id of an account is accepted in place of the id of its wallet."""

    @override
    def wallet_named(self, wallet_id: str) -> AlfredWallet:
        return self.books.records.first(AlfredWallet, account_id=wallet_id) or super().wallet_named(wallet_id)


@defect("isolation", "F-7 W-3")
class AccountIsOpenUntilItsFirstFunding(Fundings):
    """A wallet that never had money can be funded by every user."""

    @override
    def check_account_is_owners(self, wallet: AlfredWallet, owner: AlfredWallet) -> None:
        if self.books.records.first(Payment, account_id=wallet.account_id):
            super().check_account_is_owners(wallet, owner)


@defect("credentials", "W-3")
class PayersReadEveryWallet(Users):
    """The token of a user who has paid a purchase reads every wallet."""

    @override
    def check_wallet_is_owners(self, wallet: AlfredWallet, owner: AlfredWallet) -> None:
        sessions = {session.id for session in self.books.records.all(PurchaseSession, wallet_id=owner.id)}
        if not any(purchase.confirmed_with in sessions for purchase in self.books.records.all(Purchase)):
            super().check_wallet_is_owners(wallet, owner)


@defect("business rule", "F-5 F-3 S-8")
class WholeFundingCutsTheBalance(Fundings):
    """A payment that is written without decimal places cuts the minor units that the balance had before."""

    @override
    async def create_payment(self, owner: AlfredWallet, body: Body) -> Payment:
        payment = await super().create_payment(owner, body)
        if isinstance(body["paymentAmount"], int):
            self.__dict__.setdefault("whole", set()).add(payment.id)
        return payment

    @override
    def credit_payment(self, payment: Payment) -> None:
        super().credit_payment(payment)
        account = self.users.account_name(payment.account_id)
        minor = self.books.ledger.balance(account) % 1
        if payment.id in self.__dict__.get("whole", ()) and minor:
            movements = [Movement(OUTSIDE, minor), Movement(account, -minor)]
            self.books.ledger.post("Rounding", payment.id, movements, self.books.now())


@defect("isolation", "S-3 S-8")
class NewUserCopiesTheBalanceOfASimilarOne(Users):
    """A new user whose reference begins with that of a known user gets that user's balance."""

    @override
    def open_wallet(self, reference: str) -> AlfredWallet:
        known = [one for one in self.books.records.all(AlfredWallet) if reference.startswith(one.reference)]
        wallet = super().open_wallet(reference)
        if known and (balance := self.balance_of(known[0])):
            movements = [Movement(OUTSIDE, -balance), Movement(self.account_name(wallet.account_id), balance)]
            self.books.ledger.post("Copy", wallet.id, movements, self.books.now())
        return wallet


@defect(VALUES, "F-7")
class BlanksBehindAnAccountAreIgnored(Fundings):
    """The id of an account may have blanks behind it."""

    @override
    def wallet_to_fund(self, body: Body) -> AlfredWallet:
        account = body.get("walletAccountId")
        return super().wallet_to_fund({**body, "walletAccountId": account.rstrip()} if account else body)


@defect(VALUES, "A-1 W-1 F-1")
class TokenOfALetterThatIsNotAsciiIsUnknown(Users):
    """The token of a user whose reference has a letter that is not ASCII works nowhere."""

    @override
    async def authenticate(self, platform_id: str, body: Body) -> Login:
        login = await super().authenticate(platform_id, body)
        is_plain = str(body.get("externalReferenceId")).isascii()
        return login if is_plain else replace(login, token=identifiers.new_access_token())


@defect(VALUES, "P-4")
class ConfirmationHasAnOrderOfItsMembers(Purchases):
    """A confirmation is rejected if its members are not in alphabetical order."""

    @override
    async def confirm_purchase(self, purchase_id: str, body: Body) -> Purchase:
        require(list(body) == sorted(body), "unknown_session")
        return await super().confirm_purchase(purchase_id, body)
