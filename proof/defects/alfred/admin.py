"""The Admin UI: what an operator sees of a user's balance (contract.md S-4, S-5)."""

from decimal import Decimal
from itertools import pairwise

from typing_extensions import override

from proof.building_blocks import NOTHING, whole_units
from proof.declaring import Defects
from sandbox.admin.pages import Admin
from sandbox.alfred.records import AlfredWallet, Purchase, PurchaseSession

defect = Defects("alfred")

BUSINESS = "business rule"


@defect(BUSINESS, "S-4 S-5", core=True)
class AdminShowsFundingsOnly(Admin):
    """The Admin UI shows what was funded, and not what was spent."""

    @override
    def alfred_balance(self, wallet: AlfredWallet) -> Decimal:
        entries = self.books.ledger.entries(self.alfred.users.account_name(wallet.account_id))
        return sum((each.amount for each in entries if each.amount > 0), NOTHING)


@defect(BUSINESS, "S-4 S-5", core=True)
class AdminIsOneMovementBehind(Admin):
    """The Admin UI shows the balance before the last movement."""

    @override
    def alfred_balance(self, wallet: AlfredWallet) -> Decimal:
        entries = self.books.ledger.entries(self.alfred.users.account_name(wallet.account_id))
        return sum((each.amount for each in entries[:-1]), NOTHING)


@defect(BUSINESS, "S-5 S-4")
class AdminShowsWholeUnits(Admin):
    """The Admin UI leaves out the minor units of a balance."""

    @override
    def alfred_balance(self, wallet: AlfredWallet) -> Decimal:
        return whole_units(super().alfred_balance(wallet))


@defect("isolation", "S-4 S-5")
class AdminShowsTheFirstUser(Admin):
    """The Admin UI shows the first user's balance on everybody's page."""

    @override
    def alfred_balance(self, wallet: AlfredWallet) -> Decimal:
        first = self.books.records.first(AlfredWallet)
        return super().alfred_balance(first or wallet)


@defect(BUSINESS, "S-5 S-4")
class AdminShowsAtMostFiveThousand(Admin):
    """The Admin UI shows a balance of more than 5,000 as 5,000."""

    @override
    def alfred_balance(self, wallet: AlfredWallet) -> Decimal:
        return min(super().alfred_balance(wallet), Decimal(5000))


@defect("response", "S-4 S-5")
class AdminTakesASplitForAnEmptyBalance(Admin):
    """The Admin UI shows 0.00 right after a split purchase, also if money came in before its confirmation."""

    @override
    def alfred_balance(self, wallet: AlfredWallet) -> Decimal:
        entries = self.books.ledger.entries(self.alfred.users.account_name(wallet.account_id))
        for last in entries[-1:]:
            purchase = self.books.records.first(Purchase, id=last.reference)
            if purchase and purchase.amount > -last.amount:
                return NOTHING
        return super().alfred_balance(wallet)


@defect("response", "S-5 S-4")
class AdminForgetsASecondFunding(Admin):
    """The Admin UI leaves out a funding that has the same amount as the funding right before it."""

    @override
    def alfred_balance(self, wallet: AlfredWallet) -> Decimal:
        entries = self.books.ledger.entries(self.alfred.users.account_name(wallet.account_id))
        forgotten = sum(two.amount for one, two in pairwise(entries) if one.amount == two.amount > 0)
        return max(super().alfred_balance(wallet) - forgotten, NOTHING)


@defect("history", "S-5 S-4")
class AdminTakesALaterPurchaseTwice(Admin):
    """From a user's second purchase on, the Admin UI takes the last part twice."""

    @override
    def alfred_balance(self, wallet: AlfredWallet) -> Decimal:
        entries = self.books.ledger.entries(self.alfred.users.account_name(wallet.account_id))
        spent = [each.amount for each in entries if each.amount < 0]
        return max(super().alfred_balance(wallet) + sum(spent[1:][-1:]), NOTHING)


@defect(BUSINESS, "S-6 S-5 S-4")
class AdminHoldsWhatIsCovered(Admin):
    """The Admin UI subtracts the parts of open sessions on purchases that the balance covers."""

    @override
    def alfred_balance(self, wallet: AlfredWallet) -> Decimal:
        purchases = self.alfred.purchases
        held = sum(
            each.balance_part
            for each in self.books.records.all(PurchaseSession, wallet_id=wallet.id)
            if not each.remaining_part and not purchases.is_confirmed(purchases.purchase_named(each.purchase_id))
        )
        return max(super().alfred_balance(wallet) - held, NOTHING)
